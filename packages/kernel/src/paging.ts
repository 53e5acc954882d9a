/** Where a page of a list begins and how long it is; keys are opaque to whoever asks. */
export interface Slice {
  readonly size: number;
  readonly after: string | undefined;
}

export interface Sliced<T> {
  readonly items: readonly T[];
  /** Key of the last item when there are more. */
  readonly next: string | undefined;
}
