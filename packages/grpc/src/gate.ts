import type { Ending } from './open-call.ts';

/** Open until it is closed once; whoever waits for something can be woken by that instead. */
export class Gate {
  closed: Ending | undefined;
  #wake: (() => void) | undefined;
  readonly #listeners: ((ending: Ending) => void)[] = [];

  onClose(listener: (ending: Ending) => void): void {
    if (this.closed === undefined) this.#listeners.push(listener);
    else listener(this.closed);
  }

  close(ending: Ending): void {
    if (this.closed !== undefined) return;
    this.closed = ending;
    for (const listener of this.#listeners) listener(ending);
    this.#wake?.();
  }

  /**
   * What `value` resolves to, or undefined once the gate is closed. One may wait at a time; unlike
   * Promise.race nothing is left behind, so a stream of a million messages costs no memory.
   */
  until<T>(value: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      value.then(resolve, reject);
      this.#wake = () => resolve(undefined);
      if (this.closed !== undefined) resolve(undefined);
    });
  }
}
