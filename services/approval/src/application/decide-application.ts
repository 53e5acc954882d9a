/**
 * One decision, whoever makes it: read the lender's book under locks on all keys of control, decide,
 * and write it with the programme's amount reserved by one conditional update. Where others were
 * faster it reads and decides again.
 */
import type { Origin } from '@lianbao/kernel';
import { type Submitted, submitted } from '../domain/application.ts';
import { type Decided, decide } from '../domain/decision/decide.ts';
import type { EvidenceKind, HashedAnswer } from '../domain/decision/evidence.ts';
import type { Facts } from '../domain/decision/facts.ts';
import type { Policy } from '../domain/decision/policy.ts';
import { evidenceWanted, type ProductTerms } from '../domain/decision/product.ts';
import { type Deciding, monthOf } from './deciding.ts';
import type { DecidingGround, EvidenceRow, Transaction } from './ports.ts';
import { endOffer, recordDecision } from './record-decision.ts';

type Decide = (facts: Facts, product: ProductTerms, policy: Policy) => Decided;

const attemptsMax = 10;

/** By the machine. What came after the application went to a person decides nothing. */
export const decideApplication = (
  tx: Transaction,
  origin: Origin,
  deciding: Deciding,
): Promise<Submitted> =>
  decideBy(tx, origin, deciding, (rows) => rows.filter(({ state }) => state !== 'LATE'), decide);

/** Refuses what `decideWith` refuses. `counts` says which evidence does. */
export async function decideBy(
  tx: Transaction,
  origin: Origin,
  deciding: Deciding,
  counts: (rows: readonly EvidenceRow[]) => readonly EvidenceRow[],
  decideWith: Decide,
): Promise<Submitted> {
  const { now } = deciding;
  const month = monthOf(now);
  const application = submitted(deciding.ground.application);
  const { terms: product } = await tx.pinnedProduct(application.frozen.product);
  const evidence = answersIn(counts(deciding.ground.evidence));
  const replaced = await endOffer(tx, application, 'REPLACED');
  let ground: DecidingGround | undefined =
    replaced === undefined ? deciding.ground : await tx.decidingGround(application.uid, month);
  for (let attempt = 1; attempt <= attemptsMax && ground !== undefined; attempt += 1) {
    const { policy } = await tx.policyContent(ground.policy);
    const facts = factsOf(application, ground, product, evidence, deciding);
    const decided = decideWith(facts, product, policy);
    const made = { application, facts, decided, policy, replaced, month };
    const next = await recordDecision(tx, origin, deciding, made);
    if (next !== undefined) return next;
    ground = await tx.decidingGround(application.uid, month);
  }
  throw new Error(`${application.name}: the programme was taken by others again and again`);
}

function factsOf(
  application: Submitted,
  { obligorFen, connectedFen, programmeFen, policy }: DecidingGround,
  product: ProductTerms,
  evidence: Facts['evidence'],
  { act, now }: Deciding,
): Facts {
  const { frozen } = application;
  return {
    decisionNumber: application.decisionNumber + 1,
    decideTime: now.toISOString(),
    application: {
      name: application.name,
      round: application.round,
      product: application.product,
      requestedAmountFen: application.requestedAmountFen,
      termMonths: application.termMonths,
      purposeCode: application.purposeCode,
      repaymentMethod: application.repaymentMethod,
      inputsHash: frozen.inputsHash,
      reviewOf: application.reviewOf,
    },
    lender: { name: application.lender, capitalFen: frozen.lenderCapitalFen },
    exposure: { obligorFen, connectedFen, programmeFen },
    product: frozen.product,
    policy,
    awaited: evidenceWanted(product),
    evidence,
    act,
  };
}

/** By kind; what is still awaited is absent. */
function answersIn(rows: readonly EvidenceRow[]): Facts['evidence'] {
  const answers: { [Kind in EvidenceKind]?: HashedAnswer<Kind> } = {};
  for (const { kind, answer } of rows) if (answer !== undefined) answers[kind] = answer;
  return answers;
}
