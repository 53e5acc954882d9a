/**
 * The automatic decision on a submitted application, under its row lock. It reads the lender's book
 * under locks on all keys of control, decides, and reserves the programme's amount by one conditional
 * update; where others were faster it reads and decides again.
 */
import { businessDayOf } from '@lianbao/kernel';
import type { Submitted } from '../domain/application.ts';
import { type Decided, decide } from '../domain/decision/decide.ts';
import type { EvidenceKind, HashedAnswer } from '../domain/decision/evidence.ts';
import type { Facts, PersonAct } from '../domain/decision/facts.ts';
import type { Policy } from '../domain/decision/policy.ts';
import { evidenceWanted, type ProductTerms } from '../domain/decision/product.ts';
import type { DecidingGround, EvidenceRow, Origin, Transaction } from './ports.ts';
import { recordDecision } from './record-decision.ts';

export interface DecidedWith {
  readonly facts: Facts;
  readonly decided: Decided;
  readonly policy: Policy;
}

const attemptsMax = 10;

export async function decideApplication(
  tx: Transaction,
  origin: Origin,
  application: Submitted,
  rows: readonly EvidenceRow[],
  now: Date,
): Promise<Submitted> {
  // What came after the application went to a person decides nothing.
  const evidence = answersIn(rows.filter(({ state }) => state !== 'LATE'));
  const made = await decideOn(tx, application, evidence, undefined, now, decide);
  return recordDecision(tx, origin, application, made, now);
}

export type Decide = (facts: Facts, product: ProductTerms, policy: Policy) => Decided;

/** Refuses what `decideBy` refuses. The programme counts what is offered, less what it replaces. */
export async function decideOn(
  tx: Transaction,
  application: Submitted,
  evidence: Facts['evidence'],
  act: PersonAct | undefined,
  now: Date,
  decideBy: Decide,
): Promise<DecidedWith> {
  const { frozen, lender, product: name } = application;
  const product = await tx.pinnedProduct(frozen.product);
  const month = monthOf(now);
  const replaced =
    application.state === 'APPROVED' ? await tx.openOffer(application.uid) : undefined;
  const replacedFen =
    replaced !== undefined && monthOf(replaced.createTime) === month
      ? replaced.terms.principalFen
      : 0n;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const ground = await tx.decidingGround(application, month);
    const { policy } = await tx.policyContent(ground.policy);
    const facts = factsOf(
      application,
      { ...ground, programmeFen: ground.programmeFen - replacedFen },
      product.terms,
      evidence,
      act,
      now,
    );
    const decided = decideBy(facts, product.terms, policy);
    const offeredFen = decided.record.offer?.principalFen;
    const use = { lender, product: name, month };
    const most = policy.lender.programmeLimitsFen.get(name);
    if (
      offeredFen === undefined ||
      (await tx.reserveProgramme(use, offeredFen - replacedFen, most))
    ) {
      return { facts, decided, policy };
    }
  }
  throw new Error(`${application.name}: the programme was taken by others again and again`);
}

function factsOf(
  application: Submitted,
  { obligorFen, connectedFen, programmeFen, policy }: DecidingGround,
  product: ProductTerms,
  evidence: Facts['evidence'],
  act: PersonAct | undefined,
  now: Date,
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
export function answersIn(rows: readonly EvidenceRow[]): Facts['evidence'] {
  const answers: { [Kind in EvidenceKind]?: HashedAnswer<Kind> } = {};
  for (const { kind, answer } of rows) if (answer !== undefined) answers[kind] = answer;
  return answers;
}

/** `2020-02`, of the business day. */
const monthOf = (now: Date): string => businessDayOf(now).slice(0, 7);
