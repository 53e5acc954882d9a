/** Which shards rest after a batch of theirs failed. A pause doubles with each failure in a row. */
const pauseMsMin = 100;

export interface ShardPauses {
  readonly isResting: (shard: number) => boolean;
  /** True after a failure, until the shard's next success: such a shard is sent by itself. */
  readonly isSuspect: (shard: number) => boolean;
  /** It failed alone: it rests. */
  failed(shard: number): void;
  /** It failed together with others: the next time it is tried alone. */
  suspect(shard: number): void;
  succeeded(shard: number): void;
  /** Milliseconds until the first one has rested; undefined when none rests. */
  nextEndMs(): number | undefined;
}

/** Goes by the machine's clock, in milliseconds. */
export function shardPauses(
  pauseMsMax: number,
  nowMs: () => number = () => performance.now(),
): ShardPauses {
  const pauses = new Map<number, { readonly ms: number; readonly until: number }>();
  return {
    isResting: (shard) => (pauses.get(shard)?.until ?? 0) > nowMs(),
    isSuspect: (shard) => pauses.has(shard),
    failed: (shard) => {
      const ms = Math.min(Math.max((pauses.get(shard)?.ms ?? 0) * 2, pauseMsMin), pauseMsMax);
      pauses.set(shard, { ms, until: nowMs() + ms });
    },
    suspect: (shard) => {
      pauses.set(shard, { ms: 0, until: 0 });
    },
    succeeded: (shard) => {
      pauses.delete(shard);
    },
    nextEndMs: () => {
      const now = nowMs();
      const ends = [...pauses.values()].map(({ until }) => Math.max(until - now, 0));
      return ends.length === 0 ? undefined : Math.min(...ends);
    },
  };
}
