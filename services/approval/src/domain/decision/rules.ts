/**
 * The rules of the first policy, most severe first (decisions.md 3). A broken knock-out declines; a
 * broken referral, and an unknown rule of any kind, sends the application to a person. All rules are
 * evaluated, always.
 */
import type { Case } from './case.ts';
import { type KnockOutId, knockOuts } from './knock-outs.ts';
import { type ReferralId, referrals } from './referrals.ts';
import type { Finding, Rule } from './rule.ts';

export type RuleId = KnockOutId | ReferralId;

export const rules: Readonly<Record<RuleId, Rule>> = { ...knockOuts, ...referrals };

export type Findings = readonly (readonly [RuleId, Finding])[];

export const findings = (it: Case): Findings =>
  (Object.keys(rules) as RuleId[]).map((id) => [id, rules[id].find(it)]);
