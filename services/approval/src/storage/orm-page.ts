/** One page of rows that go through the ORM, newest first. */
import type { Slice } from '@lianbao/kernel';
import { raw } from '@mikro-orm/core';
import { pageStart } from './columns.ts';

export function rowsAfter(slice: Slice) {
  const start = pageStart(slice);
  return start === undefined
    ? {}
    : { [raw('(created_at, uid)')]: { $lt: raw('(?, ?::uuid)', [start.createdAt, start.uid]) } };
}

export const pageOptions = ({ size }: Slice) => ({
  orderBy: { createdAt: 'desc', uid: 'desc' } as const,
  limit: size + 1,
});
