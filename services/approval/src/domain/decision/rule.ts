/** What a rule is: it says HOLDS, BROKEN or, when a fact it needs is missing or too old, UNKNOWN. */
import { formatMoney, fen as moneyOfFen } from '@lianbao/kernel';
import type { Case } from './case.ts';
import type { Reason } from './reason.ts';

export type Verdict = 'HOLDS' | 'BROKEN' | 'UNKNOWN';
export type Effect = 'KNOCK_OUT' | 'REFERRAL' | 'LIMIT';

export interface Finding {
  readonly verdict: Verdict;
  readonly value?: string;
  readonly threshold?: string;
  /** The fact that is missing, where it is another one than the rule's own. */
  readonly missing?: string;
  /** Why it is broken. */
  readonly reasons?: readonly Reason[];
}

export interface Rule {
  readonly effect: Effect;
  /** The fact it rests on; those of a score begin with `score.`. */
  readonly fact: string;
  readonly find: (it: Case) => Finding;
}

export const broken = (code: string, rule: string, detail?: string): readonly Reason[] => [
  detail === undefined ? { code, rule } : { code, rule, detail },
];
export const holdsUnless = (bad: boolean): Verdict => (bad ? 'BROKEN' : 'HOLDS');
/** For people, in yuan. */
export const shown = (amountFen: bigint): string => formatMoney(moneyOfFen(amountFen));
