import { type CalendarDate, fen } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { creditCheckCharacter } from './identity.ts';
import type { PlatformName } from './names.ts';
import { type Lender, listPlatform, requireCreditCode, requireLender } from './partner.ts';

const now = new Date('2026-11-25T02:00:00Z');
const code = `91330106000000001${creditCheckCharacter('91330106000000001')}`;
const date = (text: string) => text as CalendarDate;
const named = (id: string) => `platforms/${id}` as PlatformName;

it('lets a lender have one fen of capital, of today', () => {
  expect(() => requireLender(code, fen(1n), date('2026-11-25'), now)).not.toThrow();
});

it.each([
  ['capital.positive', code, fen(0n), '2026-11-25'],
  ['capital_date.past', code, fen(1n), '2026-11-26'],
  ['identity_number.length', code.slice(1), fen(1n), '2026-11-25'],
])('refuses a lender one step past: %s', (reason, number, capital, day) => {
  expect(() => requireLender(number, capital, date(day), now)).toThrow(
    expect.objectContaining({ violations: [expect.objectContaining({ reason })] }),
  );
});

it('takes no citizen identity number for a firm', () => {
  expect(() => requireCreditCode('330106199003070018')).toThrow(
    expect.objectContaining({ reason: 'FIELD_INVALID' }),
  );
});

it('keeps the whitelist sorted, each platform once', () => {
  const lender = { whitelist: [named('b')], revision: 3n } as unknown as Lender;
  const listed = listPlatform(lender, named('a'), true, now);
  expect(listed).toMatchObject({ whitelist: ['platforms/a', 'platforms/b'], revision: 4n });
  expect(listPlatform(listed, named('a'), true, now)).toBe(listed);
  expect(listPlatform(listed, named('b'), false, now)).toMatchObject({
    whitelist: ['platforms/a'],
    updateTime: now,
  });
  expect(listPlatform(lender, named('c'), false, now)).toBe(lender);
});
