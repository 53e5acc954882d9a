import type { Caller } from '@lianbao/kernel';
import { fieldsInvalid } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import type { FeedEvent } from './ports.ts';

/** The caller's events after the cursor, zero for all. Refuses a cursor that was never given to it. */
export const listEvents =
  ({ store }: Dependencies) =>
  (caller: Caller, after: bigint, size: number): Promise<readonly FeedEvent[]> =>
    store.read(caller, async (tx) => {
      const events = await tx.feedAfter(caller.partner, after, size);
      if (events.length > 0 || after === 0n) return events;
      if (after > (await tx.lastCursor(caller.partner))) throw unknownCursor();
      return events;
    });

export const unknownCursor = () =>
  fieldsInvalid([
    {
      field: 'after_cursor',
      description: 'is no cursor of this feed',
      reason: 'after_cursor.unknown',
    },
  ]);
