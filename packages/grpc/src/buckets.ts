/** Buckets by key and by the machine's own clock, each kept as the moment at which it is full again. */
export interface Buckets {
  /** Takes one and returns 0, or takes nothing and returns the milliseconds until there is one. */
  take(key: string): number;
  giveBack(key: string): void;
}

const bucketsMax = 10_000;

/** Ten thousand are kept; the one forgotten first, and so full again, is the one used least lately. */
export function buckets(
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
  nowMs: () => number = () => performance.now(),
): Buckets {
  const spacingMs = 1000 / perSecond;
  const fullAtMs = new Map<string, number>();
  return {
    take: (key) => {
      const now = nowMs();
      const fullAt = Math.max(fullAtMs.get(key) ?? now, now);
      const waitMs = fullAt - now - (burst - 1) * spacingMs;
      if (waitMs > 0) return waitMs;
      fullAtMs.delete(key); // Set anew, so that it goes to the end of the map.
      if (fullAtMs.size >= bucketsMax) fullAtMs.delete(fullAtMs.keys().next().value as string);
      fullAtMs.set(key, fullAt + spacingMs);
      return 0;
    },
    giveBack: (key) => {
      const fullAt = fullAtMs.get(key);
      if (fullAt === undefined) return;
      if (fullAt - spacingMs > nowMs()) fullAtMs.set(key, fullAt - spacingMs);
      else fullAtMs.delete(key);
    },
  };
}
