/** One decision as `--json` writes it. It holds no time, so that two runs on the same data agree byte for byte. */
import {
  type Application,
  type Decision,
  DecisionOutcomeSchema,
  type Offer,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { readMoney } from '@lianbao/grpc';
import type { Money } from '@lianbao/kernel';
import { enumName } from '../enum-name.ts';

export interface DecisionRow {
  readonly application: string;
  readonly seller: string;
  readonly product: string;
  readonly outcome: string;
  /** Codes. */
  readonly reasons: readonly string[];
  /** Yuan with two decimals; null where nothing could be lent. */
  readonly limit: string | null;
  /** Of the offer, in yuan with two decimals; null without one. */
  readonly amount: string | null;
  /** Decimal fraction; null without an offer. */
  readonly annual_rate: string | null;
  readonly policy_version: string;
  /** Null where no score came. */
  readonly model_version: string | null;
}

export const decisionRow = (
  { name, seller, product }: Application,
  decision: Decision,
  offer: Offer | undefined,
): DecisionRow => ({
  application: name,
  seller,
  product,
  outcome: enumName(DecisionOutcomeSchema, decision.outcome),
  reasons: decision.reasons.map(({ code }) => code),
  limit: decision.limit === undefined ? null : decimalYuan(readMoney(decision.limit, 'limit')),
  amount: offer === undefined ? null : decimalYuan(readMoney(offer.principal, 'principal')),
  annual_rate: offer?.annualRate?.value ?? null,
  policy_version: decision.policyVersion,
  model_version: decision.modelVersion === '' ? null : decision.modelVersion,
});

/** 123000.00 */
export function decimalYuan({ minorUnits }: Money): string {
  const size = minorUnits < 0n ? -minorUnits : minorUnits;
  const sign = minorUnits < 0n ? '-' : '';
  return `${sign}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
}

export const byApplication = (a: DecisionRow, b: DecisionRow): number =>
  a.application < b.application ? -1 : a.application > b.application ? 1 : 0;
