import type { Uid } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import {
  type Application,
  type ApplicationAct,
  type ApplicationState,
  draft,
  expire,
  requireEtag,
  requireState,
  withdraw,
} from './application.ts';

const now = new Date('2020-02-21T01:00:00Z');
const application: Application = draft(
  {
    name: 'platforms/p/applications/a',
    externalReference: 'r',
    seller: 'platforms/p/sellers/s',
    lender: 'lenders/l',
    product: 'products/plain-credit',
    requestedAmountFen: 100n,
    termMonths: 12,
    purposeCode: 'STOCK',
    repaymentMethod: 'BULLET',
    consents: [],
    reviewOf: undefined,
  },
  'u' as Uid,
  now,
  10,
);
const inState = (state: ApplicationState): Application => ({
  ...application,
  state,
  expireTime: undefined,
});
const states: readonly ApplicationState[] = [
  'DRAFT',
  'SUBMITTED',
  'REFERRED',
  'APPROVED',
  'DECLINED',
  'WITHDRAWN',
  'EXPIRED',
];

describe.each<[ApplicationAct, readonly ApplicationState[]]>([
  ['SUBMIT', ['DRAFT']],
  ['DECIDE', ['SUBMITTED']],
  ['OFFER', ['REFERRED', 'APPROVED']],
  ['DECLINE', ['REFERRED']],
  ['WITHDRAW', ['DRAFT', 'SUBMITTED', 'REFERRED', 'APPROVED']],
  ['REVIEW', ['DECLINED']],
])('%s', (act, allowed) => {
  it.each(states)('in %s', (state) => {
    const attempt = () => requireState(inState(state), act, now);
    if (allowed.includes(state)) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(expect.objectContaining({ reason: 'STATE_NOT_ALLOWED' }));
  });
});

it('counts a draft as ended from the moment it ends, before its timer has run', () => {
  const last = new Date('2020-03-02T00:59:59.999Z');
  const end = new Date('2020-03-02T01:00:00Z');
  expect(() => requireState(application, 'SUBMIT', last)).not.toThrow();
  expect(() => requireState(application, 'SUBMIT', end)).toThrow(
    expect.objectContaining({ facts: { state: 'EXPIRED', allowedStates: 'DRAFT' } }),
  );
  expect(expire(application, last)).toBeUndefined();
  expect(expire(application, end)).toMatchObject({ state: 'EXPIRED', revision: 2n });
});

it('raises the revision with each change, and refuses an etag of another one', () => {
  expect(withdraw(application, now)).toMatchObject({ state: 'WITHDRAWN', revision: 2n });
  expect(() => requireEtag('n', 2n, '2')).not.toThrow();
  expect(() => requireEtag('n', 2n, '1')).toThrow(
    expect.objectContaining({
      reason: 'ETAG_MISMATCH',
      facts: { name: 'n', currentRevision: '2' },
    }),
  );
});
