import { type Act, type Answer, originOfAct } from '@lianbao/kernel';
import { type DecisionRecord, decide } from '../domain/decision/decide.ts';
import type { Policy } from '../domain/decision/policy.ts';
import type { ProductTerms } from '../domain/decision/product.ts';
import { policyViolations } from '../domain/policy-checks.ts';
import {
  type PolicyVersion,
  type ReplayReport,
  requirePolicyState,
} from '../domain/policy-version.ts';
import { refusals } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import type { StoredRecord } from './ports.ts';

const decisionsMax = 1_000;
const decisionsAtATime = 10; // Other calls run in between.

/** All complaints at once; a version without any gets its report and is frozen. */
export const validatePolicyVersion =
  ({ store, clock, breathe }: Dependencies) =>
  async (act: Act<PolicyVersion>, name: string): Promise<Answer> => {
    const { version, violations, past, products } = await store.read(act.caller, async (tx) => {
      const found = await tx.policyVersion(name);
      if (found === undefined) throw refusals.NAME_UNKNOWN({ name });
      const wrong = policyViolations(found.content.policy);
      const replayable = found.state === 'DRAFT' && wrong.length === 0;
      const stored = replayable ? await tx.lastDecisions(decisionsMax) : [];
      const terms = new Map<string, ProductTerms>();
      for (const { facts } of stored) {
        if (terms.has(facts.product.version)) continue;
        const product = await tx.productVersion(facts.product.version);
        if (product !== undefined) terms.set(facts.product.version, product.terms);
      }
      return { version: found, violations: wrong, past: stored, products: terms };
    });
    const report = await replay(past, products, version.content.policy, breathe);
    const now = clock();
    return store.once(act, now, async (tx) => {
      const draft = await tx.lockPolicyVersion(name);
      if (draft === undefined) throw refusals.NAME_UNKNOWN({ name });
      requirePolicyState(draft, 'VALIDATE');
      if (violations.length > 0) throw refusals.FIELD_INVALID({}, { violations });
      const validated = await tx.savePolicyVersion({
        ...draft,
        state: 'VALIDATED',
        replayReport: report,
        updateTime: now,
      });
      await tx.say(originOfAct(act, now, name), { type: 'PolicyValidated', version: validated });
      return validated;
    });
  };

/** The candidate on the facts of then, beside what was decided then. */
async function replay(
  past: readonly StoredRecord[],
  products: ReadonlyMap<string, ProductTerms>,
  policy: Policy,
  breathe: () => Promise<void>,
): Promise<ReplayReport> {
  const report = {
    decisionCount: 0,
    sameCount: 0,
    swappedInCount: 0,
    swappedOutCount: 0,
    expectedLossThenFen: 0n,
    expectedLossNowFen: 0n,
  };
  for (const [index, { facts, record: then }] of past.entries()) {
    if (index % decisionsAtATime === 0) await breathe();
    const product = products.get(facts.product.version);
    if (product === undefined) continue;
    const { record: now } = decide(facts, product, policy);
    report.decisionCount += 1;
    if (now.outcome === then.outcome) report.sameCount += 1;
    else if (now.outcome === 'APPROVED') report.swappedInCount += 1;
    else if (then.outcome === 'APPROVED') report.swappedOutCount += 1;
    report.expectedLossThenFen += lossOf(then);
    report.expectedLossNowFen += lossOf(now);
  }
  return report;
}

const lossOf = ({ outcome, expectedLossFen }: DecisionRecord): bigint =>
  outcome === 'APPROVED' ? (expectedLossFen ?? 0n) : 0n;
