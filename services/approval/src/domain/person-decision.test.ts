import { describe, expect, it } from 'vitest';
import type { Facts, PersonAct } from './decision/facts.ts';
import { decideByPerson } from './person-decision.ts';
import { arrived, day, facts, factsWith, policy, product, refused, yuan } from './testing/facts.ts';

type OfferAct = Extract<PersonAct, { kind: 'OFFER' }>;

/** At the officer's very limits: 200,000 yuan, 500,000 connected, class B. */
const officersMost: OfferAct = {
  kind: 'OFFER',
  person: 'li',
  level: 'OFFICER',
  note: 'known for years',
  principalFen: yuan(200_000n),
  termMonths: 12,
  annualRatePpm: 80_000n,
  repaymentMethod: 'BULLET',
};

const quiet = factsWith({
  exposure: { obligorFen: 0n, connectedFen: yuan(300_000n), programmeFen: 0n },
  score: { grade: 'B3', pdPpm: 40_000n },
});

const decideOn = (given: Facts, change: Partial<OfferAct> = {}) =>
  decideByPerson({ ...given, act: { ...officersMost, ...change } }, product, policy).record;

const refusal = (reason: string) => expect.objectContaining({ reason });

it('records a numbered decision in the name of the person, within every limit', () => {
  const record = decideOn(quiet);
  expect(record).toMatchObject({ outcome: 'APPROVED', mode: 'PERSON', decider: 'li', number: 1 });
  expect(record.offer).toMatchObject({ principalFen: yuan(200_000n), annualRatePpm: 80_000n });
  expect(record.expectedLossFen).toBe(yuan(6_000n));
});

describe('one step past a bound', () => {
  const head = { level: 'HEAD', principalFen: yuan(300_000n) } as const;

  it.each<[string, string, Facts, Partial<OfferAct>]>([
    ['AUTHORITY_EXCEEDED', 'amount', quiet, { principalFen: yuan(200_000n) + 1n }],
    [
      'AUTHORITY_EXCEEDED',
      'connected exposure',
      factsWith({
        exposure: { obligorFen: 0n, connectedFen: yuan(300_000n) + 1n, programmeFen: 0n },
        score: { grade: 'B3' },
      }),
      {},
    ],
    [
      'AUTHORITY_EXCEEDED',
      'class',
      factsWith({ exposure: quiet.exposure, score: { grade: 'C1' } }),
      {},
    ],
    ['AMOUNT_OUT_OF_RANGE', 'smallest loan', quiet, { principalFen: yuan(20_000n) - 1n }],
    [
      'AMOUNT_OUT_OF_RANGE',
      'amount asked',
      factsWith({ application: { requestedAmountFen: yuan(100_000n) } }),
      { principalFen: yuan(100_000n) + 1n },
    ],
    [
      'AMOUNT_OUT_OF_RANGE',
      'obligor limit, which is law',
      factsWith({ exposure: { obligorFen: yuan(700_000n) + 1n } }),
      head,
    ],
    [
      'AMOUNT_OUT_OF_RANGE',
      'connected limit, which is law',
      factsWith({ exposure: { connectedFen: yuan(1_200_000n) + 1n } }),
      head,
    ],
    [
      'AMOUNT_OUT_OF_RANGE',
      'programme of the month',
      factsWith({ exposure: { ...quiet.exposure, programmeFen: yuan(9_700_000n) + 1n } }),
      head,
    ],
    ['TERM_OUT_OF_RANGE', 'longest term', quiet, { termMonths: 13 }],
    ['RATE_OVER_CAP', 'cap', quiet, { annualRatePpm: 240_000n }],
  ])('refuses with %s past the %s', (reason, _, given, change) => {
    expect(() => decideOn(given, change)).toThrow(refusal(reason));
  });
});

describe('without a good score', () => {
  const committee = { level: 'COMMITTEE' } as const;

  it('waits for one that has not come', () => {
    expect(() => decideOn({ ...quiet, evidence: {} }, committee)).toThrow(refusal('SCORE_MISSING'));
  });

  it('decides on one of five days, not of six', () => {
    const aged = (asOf: string) => ({
      ...quiet,
      evidence: { SCORE: arrived({ asOf: day(asOf) }) },
    });
    expect(decideOn(aged('2020-02-16')).outcome).toBe('APPROVED');
    expect(() => decideOn(aged('2020-02-15'))).toThrow(refusal('SCORE_EXPIRED'));
  });

  it('lets a committee decide where the score was refused for want of data, nobody below', () => {
    const thin = { ...quiet, evidence: { SCORE: refused({ DATA: ['RECORDS_TOO_THIN'] }) } };
    expect(decideOn(thin, committee).outcome).toBe('APPROVED');
    expect(() => decideOn(thin, { level: 'HEAD' })).toThrow(refusal('AUTHORITY_EXCEEDED'));
  });

  it('lets nobody decide against a withdrawn consent, a block, or any other no', () => {
    const without = (reason: string) => ({
      ...quiet,
      evidence: { SCORE: refused({ RISK: [reason] }) },
    });
    expect(() => decideOn(without('CONSENT_MISSING'), committee)).toThrow(
      refusal('CONSENT_MISSING'),
    );
    expect(() => decideOn(without('SELLER_BLOCKED'), committee)).toThrow(refusal('SELLER_BLOCKED'));
    expect(() => decideOn(without('SOMETHING_NEW'), committee)).toThrow(refusal('SCORE_MISSING'));
  });
});

it('lets a person go past the class cap and the scoring limit', () => {
  const given = factsWith({
    exposure: { obligorFen: 0n, connectedFen: 0n, programmeFen: 0n },
    score: { grade: 'C1', suggestedLimitFen: yuan(30_000n) },
  });
  const record = decideOn(given, { level: 'HEAD', principalFen: yuan(150_000n) });
  expect(record.offer?.principalFen).toBe(yuan(150_000n));
});

describe('a decline', () => {
  const decline = (level: 'OFFICER' | 'HEAD', given: Facts = facts) =>
    decideByPerson(
      {
        ...given,
        act: { kind: 'DECLINE', person: 'li', level, note: 'n', reasonCodes: ['LENDER_JUDGEMENT'] },
      },
      product,
      policy,
    ).record;

  it('carries the codes that the person gave', () => {
    const small = factsWith({
      application: { requestedAmountFen: yuan(200_000n) },
      exposure: { connectedFen: 0n },
      evidence: {},
    });
    expect(decline('OFFICER', small)).toMatchObject({
      outcome: 'DECLINED',
      mode: 'PERSON',
      reasons: [{ code: 'LENDER_JUDGEMENT', rule: 'person' }],
    });
  });

  it('needs the authority for the amount asked', () => {
    expect(() => decline('OFFICER')).toThrow(refusal('AUTHORITY_EXCEEDED'));
  });
});
