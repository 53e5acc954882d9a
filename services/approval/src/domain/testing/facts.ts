/** Facts, product and policy that stand exactly on every limit, so that a test steps over one edge only. */
import type { CalendarDate } from '@lianbao/kernel';
import { defaultConventions } from '@lianbao/loan-math';
import { hashed, type ScoreContent } from '../decision/evidence.ts';
import type { Facts } from '../decision/facts.ts';
import type { Policy } from '../decision/policy.ts';
import { type ProductTerms, productHash } from '../decision/product.ts';

export const yuan = (units: bigint): bigint => units * 100n;

/** The first policy (decisions.md 3). */
export const policy: Policy = {
  rate: { lprMonth: '2020-01', lprPpm: 41_500n, allInMaxPpm: 240_000n },
  lender: {
    singleBorrowerCapitalBpsMax: 1_000,
    connectedCapitalBpsMax: 1_500,
    programmeLimitsFen: new Map([['products/plain-credit', yuan(10_000_000n)]]),
  },
  decision: {
    evidenceSecondsMax: 20,
    scoreAgeDaysMax: 1,
    scorePersonDaysMax: 5,
    automaticAmountMaxFen: yuan(400_000n),
    lenderTaskHours: 48,
    greenLenderTaskHours: 8,
    actionDays: 10,
    offerDays: 7,
    reviewDays: 15,
  },
  authority: {
    OFFICER: {
      amountMaxFen: yuan(200_000n),
      connectedExposureMaxFen: yuan(500_000n),
      worstClass: 'B',
    },
    HEAD: {
      amountMaxFen: yuan(300_000n),
      connectedExposureMaxFen: yuan(1_000_000n),
      worstClass: 'C',
    },
    COMMITTEE: {
      amountMaxFen: yuan(500_000n),
      connectedExposureMaxFen: yuan(2_000_000n),
      worstClass: 'D',
    },
  },
  credit: {
    purposes: ['STOCK', 'EQUIPMENT', 'WAGES', 'TAX', 'LOGISTICS'],
    monthsWithSalesMin: 9,
    recordAgeDaysMax: 90,
    limitStepFen: yuan(1_000n),
    classes: {
      A: { amountMaxFen: yuan(500_000n), spreadBps: 100, refer: false },
      B: { amountMaxFen: yuan(300_000n), spreadBps: 200, refer: false },
      C: { amountMaxFen: yuan(100_000n), spreadBps: 350, refer: true },
    },
    fundingAndCostBps: 150,
    lgdBps: 7_500,
  },
};

export const product: ProductTerms = {
  lenders: ['lenders/l'],
  grounds: ['CREDIT'],
  amountMinFen: yuan(20_000n),
  amountMaxFen: yuan(400_000n),
  termMonthsMin: 3,
  termMonthsMax: 12,
  repaymentMethods: ['EQUAL_INSTALMENT', 'BULLET'],
  purposes: ['STOCK', 'EQUIPMENT'],
  conventions: defaultConventions,
};

export const day = (text: string): CalendarDate => text as CalendarDate;

/** Every figure sits on its limit: amount, term, months, ages. */
const scoreContent: ScoreContent = {
  grade: 'A1',
  points: 650,
  pdPpm: 1_250n,
  suggestedLimitFen: yuan(400_000n),
  limitTerm: 'SALES_12M',
  monthsWithSales: 9,
  newestRecordDate: day('2019-11-23'), // 90 days before.
  modelVersion: 'scoreModels/s/versions/1',
  artefactHash: 'a'.repeat(64),
  inputsHash: 'b'.repeat(64),
  asOf: day('2020-02-20'), // One day before.
  reasons: [{ code: 'SALES_FALLING', rule: '', texts: ['下滑', 'falling', '', ''] }],
};

export const arrived = (change: Partial<ScoreContent> = {}) =>
  hashed<'SCORE'>({
    state: 'ARRIVED',
    source: 'platforms/p/sellers/s/scores/1',
    validUntil: '2020-02-21T01:00:00.000Z',
    content: { ...scoreContent, ...change },
  });

export const refused = ({ RISK = [], DATA = [] }: { RISK?: string[]; DATA?: string[] }) =>
  hashed<'SCORE'>({
    state: 'REFUSED',
    refusals: [
      ...DATA.map((reason) => ({ reason, ground: 'DATA' as const })),
      ...RISK.map((reason) => ({ reason, ground: 'RISK' as const })),
    ],
  });

/** 09:00 in Shanghai; capital of which 10 % leaves exactly the amount asked for. */
export const facts: Facts = {
  decisionNumber: 1,
  decideTime: '2020-02-21T01:00:00.000Z',
  application: {
    name: 'platforms/p/applications/a',
    round: 1,
    product: 'products/plain-credit',
    requestedAmountFen: yuan(400_000n),
    termMonths: 12,
    purposeCode: 'STOCK',
    repaymentMethod: 'EQUAL_INSTALMENT',
    inputsHash: 'c'.repeat(64),
    reviewOf: undefined,
  },
  lender: { name: 'lenders/l', capitalFen: yuan(10_000_000n) },
  exposure: {
    obligorFen: yuan(600_000n),
    connectedFen: yuan(1_100_000n),
    programmeFen: yuan(9_600_000n),
  },
  product: { version: 'products/plain-credit/versions/1', hash: productHash(product) },
  policy: { version: 'policies/credit/versions/1', hash: 'd'.repeat(64) },
  awaited: ['SCORE'],
  evidence: { SCORE: arrived() },
  act: undefined,
};

type Change = {
  readonly [Part in 'application' | 'lender' | 'exposure']?: Partial<Facts[Part]>;
} & { readonly score?: Partial<ScoreContent>; readonly evidence?: Facts['evidence'] };

export const factsWith = ({ application, lender, exposure, score, evidence }: Change): Facts => ({
  ...facts,
  application: { ...facts.application, ...application },
  lender: { ...facts.lender, ...lender },
  exposure: { ...facts.exposure, ...exposure },
  evidence: evidence ?? { SCORE: arrived(score) },
});
