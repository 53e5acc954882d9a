/**
 * A recorded decision is made again from its recorded facts, and every value that comes out otherwise
 * is named: an altered fact, decision, policy, product, offer or piece of evidence shows.
 */
import type { Instalment } from '@lianbao/loan-math';
import type { Application } from './application.ts';
import { canonicalText, readCanonical } from './decision/canonical.ts';
import { type Decided, type DecisionRecord, decide } from './decision/decide.ts';
import { type EvidenceAnswer, hashed } from './decision/evidence.ts';
import { type Facts, factsHash } from './decision/facts.ts';
import { type OfferTerms, planHash } from './decision/offer.ts';
import type { Policy } from './decision/policy.ts';
import { evidenceWanted, type ProductTerms } from './decision/product.ts';
import { decideByPerson } from './person-decision.ts';
import { inputsHashOf } from './submission.ts';

export interface Difference {
  readonly field: string;
  readonly stored: string;
  readonly replayed: string;
}

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
  /** Hashes, computed now, of the evidence that is stored for the round. */
  readonly evidenceHashes: readonly string[];
}

/** What the application itself says. */
export interface Inputs {
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
  const found: Difference[] = [];
  const compare = (field: string, was: string | undefined, is: string | undefined) => {
    if (was !== is) found.push({ field, stored: was ?? '', replayed: is ?? '' });
  };
  compare('facts_hash', record.factsHash, factsHash(facts));
  compare('facts.policy.hash', facts.policy.hash, policy?.hash);
  compare('facts.product.hash', facts.product.hash, product?.hash);
  found.push(...inputsDifferences(stored));
  for (const { contentHash, ...answer } of Object.values(facts.evidence)) {
    const there = stored.evidenceHashes.includes(contentHash);
    compare('facts.evidence.contentHash', contentHash, there ? contentHash : undefined);
    compare('facts.evidence', contentHash, hashed(answer as EvidenceAnswer).contentHash);
  }
  if (product === undefined || policy === undefined) return found;
  compare('facts.awaited', facts.awaited.join(' '), evidenceWanted(product.terms).join(' '));
  const again = replayed(facts, product.terms, policy.policy);
  if (again === undefined) compare('outcome', record.outcome, undefined);
  else {
    found.push(...differingLeaves('', record, again.record));
    found.push(...offerDifferences(stored, again));
  }
  return found;
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

/** The paths at which two values differ, as their canonical text has them. */
function differingLeaves(prefix: string, stored: object, replayedValue: object): Difference[] {
  const [was, is] = [stored, replayedValue].map((each) => leavesOf(each)) as [Leaves, Leaves];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => ({
      field: prefix + path,
      stored: was.get(path) ?? '',
      replayed: is.get(path) ?? '',
    }));
}

type Leaves = ReadonlyMap<string, string>;

function leavesOf(value: object): Leaves {
  const leaves = new Map<string, string>();
  const walk = (at: unknown, path: string): void => {
    if (typeof at === 'object' && at !== null && Object.keys(at).length > 0) {
      for (const [name, member] of Object.entries(at)) {
        walk(member, path === '' ? name : `${path}.${name}`);
      }
    } else leaves.set(path, typeof at === 'string' ? at : JSON.stringify(at));
  };
  walk(JSON.parse(canonicalText(value)), '');
  return leaves;
}
