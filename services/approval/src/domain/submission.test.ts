import { describe, expect, it } from 'vitest';
import {
  freeze,
  lenderObstacles,
  openObstacles,
  productObstacles,
  type Standing,
  standingObstacles,
} from './submission.ts';
import { day, product, yuan } from './testing/facts.ts';

const terms = {
  name: 'platforms/p/applications/a',
  externalReference: 'r',
  seller: 'platforms/p/sellers/s',
  lender: 'lenders/l',
  product: 'products/plain-credit',
  requestedAmountFen: yuan(400_000n),
  termMonths: 12,
  purposeCode: 'STOCK',
  repaymentMethod: 'BULLET',
  consents: [],
  reviewOf: undefined,
} as const;

const today = day('2020-02-21');
const standing: Standing = {
  seller: {
    state: 'VERIFIED',
    legalPersonKey: 'k',
    controllerKeys: ['z', 'c', 'z'],
    verifiedUntil: today,
    blockTime: undefined,
    greenUntil: today,
  },
  consents: [{ purpose: 'SCORING', dataKinds: 'INVOICES', consent: 'c', cause: 'NONE' }],
  lender: { capitalFen: yuan(1n), whitelist: ['platforms/p'] },
};
const seller = (change: Partial<Standing['seller']>): Standing => ({
  ...standing,
  seller: { ...standing.seller, ...change },
});
const reasons = (found: readonly { reason: string }[]) => found.map(({ reason }) => reason);

it('finds nothing on the last day of the verification, in range to the fen', () => {
  expect(standingObstacles(terms, standing, today)).toEqual([]);
  expect(productObstacles(terms, product)).toEqual([]);
  expect(lenderObstacles(terms, standing.lender)).toEqual([]);
});

describe('one step past it', () => {
  it.each([
    ['SELLER_NOT_VERIFIED', seller({ verifiedUntil: day('2020-02-20') })],
    ['SELLER_NOT_VERIFIED', seller({ verifiedUntil: undefined })],
    ['SELLER_NOT_VERIFIED', seller({ state: 'REGISTERED' })],
    ['SELLER_BLOCKED', seller({ state: 'BLOCKED' })],
    [
      'CONSENT_MISSING',
      {
        ...standing,
        consents: [
          { purpose: 'SCORING', dataKinds: 'INVOICES', consent: undefined, cause: 'EXPIRED' },
        ],
      },
    ],
  ] satisfies [string, Standing][])('is refused with %s', (reason, given) => {
    expect(reasons(standingObstacles(terms, given, today))).toEqual([reason]);
  });

  it.each([
    ['AMOUNT_OUT_OF_RANGE', { requestedAmountFen: yuan(400_000n) + 1n }],
    ['AMOUNT_OUT_OF_RANGE', { requestedAmountFen: yuan(20_000n) - 1n }],
    ['TERM_OUT_OF_RANGE', { termMonths: 13 }],
    ['TERM_OUT_OF_RANGE', { termMonths: 2 }],
    ['PRODUCT_NOT_OFFERED', { lender: 'lenders/other' }],
  ])('is refused with %s', (reason, change) => {
    expect(reasons(productObstacles({ ...terms, ...change }, product))).toEqual([reason]);
  });

  it('is refused when the lender does not list the platform', () => {
    const others = { ...standing.lender, whitelist: ['platforms/p2'] };
    expect(reasons(lenderObstacles(terms, others))).toEqual(['PLATFORM_NOT_WHITELISTED']);
  });
});

it('names an open application to its own platform only', () => {
  const own = openObstacles(terms, { name: 'platforms/p/applications/b' });
  const other = openObstacles(terms, { name: 'platforms/q/applications/b' });
  expect(own[0]?.facts).toMatchObject({ existingName: 'platforms/p/applications/b' });
  expect(other[0]?.facts).toEqual({ product: terms.product });
});

it('freezes keys sorted, the green listing of today, and a hash that any input changes', () => {
  const ref = { version: 'v', hash: 'h' };
  const frozen = freeze(terms, standing, ref, ref, today);
  expect(frozen.controllerKeys).toEqual(['c', 'z']);
  expect(frozen.green).toBe(true);
  expect(freeze(terms, seller({ greenUntil: day('2020-02-20') }), ref, ref, today).green).toBe(
    false,
  );
  const other = freeze({ ...terms, termMonths: 11 }, standing, ref, ref, today);
  expect(other.inputsHash).not.toBe(frozen.inputsHash);
  expect(freeze(terms, standing, ref, ref, today).inputsHash).toBe(frozen.inputsHash);
});
