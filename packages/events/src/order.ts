/** Where an event stands against what its consumer has already taken in of the same key. */
export interface Place {
  readonly epoch: bigint;
  readonly sequence: bigint;
}

/** Of a key never seen. */
export const start: Place = { epoch: 0n, sequence: 0n };

export type Order = 'NEXT' | 'DUPLICATE' | 'GAP';

/** After a restore (a new epoch) sequences may start again lower; within an epoch only the next one fits. */
export function orderOf(at: Place, { epoch, sequence }: Place): Order {
  const next = at.sequence + 1n;
  if (epoch < at.epoch || (epoch === at.epoch && sequence < next)) return 'DUPLICATE';
  return sequence > next ? 'GAP' : 'NEXT';
}
