/**
 * A recorded decision is made again from its recorded facts, and every value that comes out otherwise
 * is named: an altered fact, decision, policy, product, offer or piece of evidence shows.
 */
import type { Instalment } from '@lianbao/loan-math';
import type { Application } from './application.ts';
import { readCanonical } from './decision/canonical.ts';
import { type Decided, type DecisionRecord, decide } from './decision/decide.ts';
import { type EvidenceAnswer, hashed } from './decision/evidence.ts';
import { type Facts, factsHash } from './decision/facts.ts';
import { type OfferTerms, planHash } from './decision/offer.ts';
import type { Policy } from './decision/policy.ts';
import { evidenceWanted, type ProductTerms } from './decision/product.ts';
import { type Difference, differing, differingLeaves } from './difference.ts';
import { decideByPerson } from './person-decision.ts';
import { rowDifferences, type StoredRows } from './replay-rows.ts';
import { inputsHashOf } from './submission.ts';

/** What else is stored and has to agree. Undefined where it is gone or cannot be read. */
export interface Surroundings {
  /** Read from the rows, with hashes computed now. */
  readonly product: { readonly terms: ProductTerms; readonly hash: string } | undefined;
  readonly policy: { readonly policy: Policy; readonly hash: string } | undefined;
  readonly offer:
    | { readonly terms: OfferTerms; readonly instalments: readonly Instalment[] }
    | undefined;
  /** Undefined for an application that was never submitted. */
  readonly inputs: Inputs | undefined;
  readonly rows: StoredRows;
}

/** What the application itself says. */
interface Inputs {
  readonly application: Omit<Facts['application'], 'round'>;
  readonly lender: Facts['lender'];
  readonly product: Facts['product'];
  /** Computed now. */
  readonly inputsHash: string;
}

/** Of an application as it is stored now. */
export function inputsOf(application: Application): Inputs | undefined {
  const { frozen } = application;
  if (frozen === undefined) return undefined;
  return {
    application: {
      name: application.name,
      product: application.product,
      requestedAmountFen: application.requestedAmountFen,
      termMonths: application.termMonths,
      purposeCode: application.purposeCode,
      repaymentMethod: application.repaymentMethod,
      inputsHash: frozen.inputsHash,
      reviewOf: application.reviewOf,
    },
    lender: { name: application.lender, capitalFen: frozen.lenderCapitalFen },
    product: frozen.product,
    inputsHash: inputsHashOf(application, frozen),
  };
}

interface StoredDecision extends Surroundings {
  readonly facts: Facts;
  readonly record: DecisionRecord;
}

/** `surroundings` are asked for once the facts say which. Never throws on what was done to the texts. */
export async function differencesIn(
  text: { readonly facts: string; readonly record: string },
  surroundings: (stored: Pick<StoredDecision, 'facts'>) => Promise<Surroundings>,
): Promise<readonly Difference[]> {
  const facts = readOr<Facts>(text.facts);
  const record = readOr<DecisionRecord>(text.record);
  const asked = facts?.product !== undefined && facts.policy !== undefined;
  if (!asked || record === undefined) return [unreadable(asked ? 'record' : 'facts')];
  const stored = { ...(await surroundings({ facts })), facts, record };
  try {
    return differencesOf(stored);
  } catch {
    return [unreadable('facts')]; // They are JSON, but not of a decision.
  }
}

const unreadable = (field: string): Difference => ({
  field,
  stored: 'cannot be read',
  replayed: '',
});

function readOr<Value>(text: string): Value | undefined {
  try {
    return readCanonical<Value>(text);
  } catch {
    return undefined;
  }
}

const decideAgain = (facts: Facts, product: ProductTerms, policy: Policy): Decided =>
  facts.act === undefined ? decide(facts, product, policy) : decideByPerson(facts, product, policy);

function differencesOf(stored: StoredDecision): readonly Difference[] {
  const { facts, record, product, policy } = stored;
  const found = [
    ...differing('facts_hash', record.factsHash, factsHash(facts)),
    ...differing('facts.policy.hash', facts.policy.hash, policy?.hash),
    ...differing('facts.product.hash', facts.product.hash, product?.hash),
    ...inputsDifferences(stored),
    ...evidenceDifferences(stored),
    ...rowDifferences(record, stored.rows),
  ];
  if (product === undefined || policy === undefined) return found;
  const wanted = evidenceWanted(product.terms).join(' ');
  found.push(...differing('facts.awaited', facts.awaited.join(' '), wanted));
  const again = replayed(facts, product.terms, policy.policy);
  if (again === undefined) return [...found, ...differing('outcome', record.outcome, undefined)];
  return [
    ...found,
    ...differingLeaves('', record, again.record),
    ...offerDifferences(stored, again),
  ];
}

/** Evidence is in the facts as it came, and stored beside them, once a kind and round. */
function evidenceDifferences({ facts, record, rows }: StoredDecision): readonly Difference[] {
  const entries = Object.entries(facts.evidence);
  return entries.flatMap(([kind, { contentHash, ...answer }]) => {
    const { round } = facts.application;
    const row = rows.evidence.find((each) => each.kind === kind && each.round === round);
    // A person decides on what came late, too.
    const isLate = row?.state === 'LATE' && record.mode === 'PERSON';
    return [
      ...differing('facts.evidence.contentHash', contentHash, row?.contentHash),
      ...differing('facts.evidence', contentHash, hashed(answer as EvidenceAnswer).contentHash),
      ...differing('evidence.state', row?.state, isLate ? row.state : answer.state),
    ];
  });
}

function inputsDifferences({ facts, inputs }: StoredDecision): readonly Difference[] {
  const { round: _, ...application } = facts.application;
  const { lender, product } = facts;
  const recorded = { application, lender, product, inputsHash: application.inputsHash };
  return differingLeaves('facts.', recorded, inputs ?? {});
}

/** Undefined when altered facts lead to a refusal or to nothing that can be computed. */
function replayed(facts: Facts, product: ProductTerms, policy: Policy): Decided | undefined {
  try {
    return decideAgain(facts, product, policy);
  } catch {
    return undefined;
  }
}

function offerDifferences({ offer }: StoredDecision, again: Decided): readonly Difference[] {
  if (again.record.offer === undefined) return [];
  const terms = offer && { ...offer.terms, planHash: planHash(offer.instalments) };
  return differingLeaves('offer.', terms ?? {}, again.record.offer);
}
