/** What a batch comes to, before any of it is done: pure, so that order is decided in one place. */
import type { Delivery } from './delivery.ts';
import { orderOf, type Place, start } from './order.ts';

/** GAP: a sequence is missing. NOT_YET: the next event has to wait. PARKED: it could not be handled. */
export type Waiting = 'GAP' | 'NOT_YET' | 'PARKED';

export interface Position extends Place {
  readonly topic: string;
  readonly key: string;
  readonly waiting: Waiting | undefined;
}

/** A position after the batch. `isNew`: there was no row, so none is locked. */
export interface Move {
  readonly position: Position;
  readonly isNew: boolean;
}

export interface Plan {
  /** To handle, in this order. */
  readonly take: readonly Delivery[];
  readonly keep: readonly Delivery[];
  readonly duplicates: number;
  readonly moves: readonly Move[];
}

export const placeOf = ({ topic, key }: { topic: string; key: string }): string =>
  `${topic} ${key}`;

export function planOf(positions: readonly Position[], deliveries: readonly Delivery[]): Plan {
  const known = new Map(positions.map((position) => [placeOf(position), position]));
  const now = new Map<string, Position>();
  const take: Delivery[] = [];
  const keep: Delivery[] = [];
  let duplicates = 0;
  for (const delivery of deliveries) {
    const { topic, key, epoch, sequence } = delivery;
    const place = placeOf(delivery);
    const at = now.get(place) ?? known.get(place) ?? { topic, key, ...start, waiting: undefined };
    const order = orderOf(at, delivery);
    if (order === 'DUPLICATE') {
      duplicates += 1;
    } else if (order === 'GAP' || at.waiting === 'PARKED') {
      keep.push(delivery);
      now.set(place, { ...at, waiting: at.waiting ?? 'GAP' });
    } else {
      take.push(delivery);
      // What is kept behind this one, if anything is, follows as behind a gap that was filled.
      now.set(place, { topic, key, epoch, sequence, waiting: at.waiting && 'GAP' });
    }
  }
  const moves = [...now].map(([place, position]) => ({ position, isNew: !known.has(place) }));
  return { take, keep, duplicates, moves };
}
