/** Lists go newest first, and by uid within one moment. A row's place in one is the key that callers hand back. */
import { commonRefusals, type Slice, type Sliced } from '@lianbao/kernel';
import { raw } from '@mikro-orm/core';

export interface Place {
  readonly createdAt: Date;
  readonly uid: string;
}

const key = /^([0-9]{1,15}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const msMax = Date.UTC(9999, 11, 31); // Later moments have no form that the database reads.

/** The place after which the page begins; undefined: at the top. Refuses a key that was never given. */
export function pageStart({ after }: Pick<Slice, 'after'>): Place | undefined {
  if (after === undefined) return undefined;
  const [, ms, uid] = key.exec(after) ?? [];
  if (ms === undefined || uid === undefined || Number(ms) > msMax) {
    throw commonRefusals.PAGE_TOKEN_INVALID({ field: 'page_token' });
  }
  return { createdAt: new Date(Number(ms)), uid };
}

/** Where the ORM's rows of the page stand. */
export function rowsAfter(slice: Slice) {
  const start = pageStart(slice);
  return start === undefined
    ? {}
    : { [raw('(created_at, uid)')]: { $lt: raw('(?, ?::uuid)', [start.createdAt, start.uid]) } };
}

/** One row past the page, which tells whether there are more. */
export const pageOptions = ({ size }: Slice) => ({
  orderBy: { createdAt: 'desc', uid: 'desc' } as const,
  limit: size + 1,
});

/** Cuts what was read one row past the page. */
export function slicedBy<T>(
  items: readonly T[],
  size: number,
  placeOf: (item: T) => Place,
): Sliced<T> {
  const last = items[size - 1];
  if (items.length <= size || last === undefined) return { items, next: undefined };
  const { createdAt, uid } = placeOf(last);
  return { items: items.slice(0, size), next: `${createdAt.getTime()} ${uid}` };
}

export const byCreateTime = (item: { readonly createTime: Date; readonly uid: string }): Place => ({
  createdAt: item.createTime,
  uid: item.uid,
});
