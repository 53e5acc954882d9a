/** Where domain values and columns meet. Int8 and timestamptz come as text. */
import type { Slice, Sliced } from '@lianbao/kernel';
import { refusals } from '../domain/refusals.ts';

export const timeOf = (text: string): Date => new Date(text);
export const timeOrNone = (text: string | null): Date | undefined =>
  text === null ? undefined : new Date(text);

/** What is not there is null in a column. */
export const orNull = <T>(value: T | undefined): T | null => value ?? null;

/** A row's place in a list: newest first, and by uid within one moment. */
export interface Keyed {
  readonly createTime: Date;
  readonly uid: string;
}

export interface PageStart {
  readonly createdAt: Date;
  readonly uid: string;
}

/** Undefined on the first page. */
export function pageStart({ after }: Slice): PageStart | undefined {
  if (after === undefined) return undefined;
  const [, ms, uid] = pageKey.exec(after) ?? [];
  if (ms === undefined || uid === undefined) throw refusals.PAGE_TOKEN_INVALID();
  return { createdAt: new Date(Number(ms)), uid };
}

const pageKey = /^([0-9]{1,15}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Cuts what was read one row past the page. */
export function slicedBy<T extends Keyed>(items: readonly T[], size: number): Sliced<T> {
  const last = items[size - 1];
  if (items.length <= size || last === undefined) return { items, next: undefined };
  return { items: items.slice(0, size), next: `${last.createTime.getTime()} ${last.uid}` };
}

const uniqueViolation = '23505';

/** The unique index that a failed statement met; undefined for any other error. */
export function uniqueIndexOf(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === uniqueViolation ? String(constraint) : undefined;
}
