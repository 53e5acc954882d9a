/** The credit policy as decisions read it: money in fen, rates in ppm or bps (decisions.md 3). */

export type CreditClass = 'A' | 'B' | 'C' | 'D';
export type PricedClass = Exclude<CreditClass, 'D'>;

export interface ClassTerms {
  readonly amountMaxFen: bigint;
  readonly spreadBps: number;
  /** A person decides, whatever else. */
  readonly refer: boolean;
}

/** What a person of one level may decide. */
export interface AuthorityLimit {
  readonly amountMaxFen: bigint;
  readonly connectedExposureMaxFen: bigint;
  readonly worstClass: CreditClass;
}

export interface Policy {
  readonly rate: {
    readonly lprMonth: string;
    readonly lprPpm: bigint;
    readonly allInMaxPpm: bigint;
  };
  readonly lender: {
    readonly singleBorrowerCapitalBpsMax: number;
    readonly connectedCapitalBpsMax: number;
    /** By product, `products/p`: what the offers of one lender in a calendar month may add up to. */
    readonly programmeLimitsFen: ReadonlyMap<string, bigint>;
  };
  readonly decision: {
    readonly evidenceSecondsMax: number;
    readonly scoreAgeDaysMax: number;
    readonly scorePersonDaysMax: number;
    readonly automaticAmountMaxFen: bigint;
    readonly lenderTaskHours: number;
    readonly greenLenderTaskHours: number;
    readonly actionDays: number;
    readonly offerDays: number;
    readonly reviewDays: number;
  };
  readonly authority: Readonly<Record<'OFFICER' | 'HEAD' | 'COMMITTEE', AuthorityLimit>>;
  readonly credit: {
    readonly purposes: readonly string[];
    readonly monthsWithSalesMin: number;
    readonly recordAgeDaysMax: number;
    readonly limitStepFen: bigint;
    readonly classes: Readonly<Record<PricedClass, ClassTerms>>;
    readonly fundingAndCostBps: number;
    readonly lgdBps: number;
  };
}

const classes = ['A', 'B', 'C', 'D'];

/** Of a grade such as B2. Undefined for a grade that no policy knows. */
export function classOfGrade(grade: string): CreditClass | undefined {
  const first = grade.slice(0, 1);
  return classes.includes(first) ? (first as CreditClass) : undefined;
}

export const isWorseClass = (a: CreditClass, b: CreditClass): boolean =>
  classes.indexOf(a) > classes.indexOf(b);
