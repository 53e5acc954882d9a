import type { System } from '../support/all-in-one.ts';
import { eventually } from '../support/eventually.ts';

/** Waits until no event is on its way: everything published has been taken in by everyone. */
export async function settled({ admin }: System): Promise<void> {
  let quiet = 0;
  await eventually('all events are taken in', async () => {
    const counts = await Promise.all(
      Object.values(admin).map((client) =>
        client.query<{ count: number }>('select count(*)::int as count from outbox_pending'),
      ),
    );
    // Twice, since an event that was taken in may have led to another one.
    quiet = counts.every(({ rows }) => rows[0]?.count === 0) ? quiet + 1 : 0;
    return quiet >= 2 ? true : undefined;
  });
}
