/** So many messages may be under way; the next waits for an answer, so that they do not fill the memory. */
export class SendWindow {
  #free: number;
  #wake: (() => void) | undefined;

  constructor(size: number) {
    this.#free = size;
  }

  /** For one sender. */
  async enter(): Promise<void> {
    if (this.#free === 0) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    this.#free -= 1;
  }

  leave(): void {
    this.#free += 1;
    this.#wake?.();
    this.#wake = undefined;
  }
}
