import { expect, it } from 'vitest';
import { byCreateTime, pageStart, slicedBy } from './page.ts';

const uidOf = (digit: number) => `00000000-0000-5000-8000-00000000000${digit}`;
const createTime = new Date('2020-02-21T01:00:00.123Z');
const items = [1, 2, 3].map((digit) => ({ createTime, uid: uidOf(digit) }));

it('begins the next page after the last row of this one', () => {
  const { items: page, next } = slicedBy(items, 2, byCreateTime);
  expect(page).toEqual(items.slice(0, 2));
  expect(pageStart({ after: next })).toEqual({ createdAt: createTime, uid: uidOf(2) });
});

it.each([3, 4])('knows no next page when %i rows would fit and three are left', (size) => {
  expect(slicedBy(items, size, byCreateTime)).toEqual({ items, next: undefined });
});

it('begins at the top without a key', () => {
  expect(pageStart({ after: undefined })).toBeUndefined();
});

it.each([
  '',
  uidOf(1),
  `1582246800123 ${uidOf(1)} `,
  `-1 ${uidOf(1)}`,
  `1e3 ${uidOf(1)}`,
  `1234567890123456 ${uidOf(1)}`,
  `253402300800000 ${uidOf(1)}`, // The year 10000.
  `1582246800123 ${uidOf(1).slice(1)}`,
  '1582246800123 platforms/p',
])('refuses the key "%s", which it never gave', (after) => {
  expect(() => pageStart({ after })).toThrow(
    expect.objectContaining({ reason: 'PAGE_TOKEN_INVALID', facts: { field: 'page_token' } }),
  );
});
