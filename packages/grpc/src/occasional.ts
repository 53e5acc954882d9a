/** Writes a line only now and then, so that whoever can cause one cannot fill the disk. */

/** `unsaid` lines of the same key were left out since the last one that was written. */
export type Occasional = (key: string, write: (unsaid: number) => void) => void;

/** The first line of a key at once, then at most one in each interval. Keys must be few. */
export function occasionally(
  intervalMs: number,
  nowMs: () => number = () => performance.now(),
): Occasional {
  const states = new Map<string, { nextMs: number; unsaid: number }>();
  return (key, write) => {
    const now = nowMs();
    const state = states.get(key);
    if (state !== undefined && now < state.nextMs) {
      state.unsaid += 1;
      return;
    }
    states.set(key, { nextMs: now + intervalMs, unsaid: 0 });
    write(state?.unsaid ?? 0);
  };
}
