import type { Instalment } from '@lianbao/loan-math';
import { describe, expect, it } from 'vitest';
import { type DecisionRecord, decide, recordText } from './decision/decide.ts';
import { type Facts, factsText } from './decision/facts.ts';
import { differencesIn, type Surroundings } from './replay.ts';
import type { StoredEvidence, StoredRows } from './replay-rows.ts';
import { facts, factsWith, policy, product } from './testing/facts.ts';

const { round: _, ...application } = facts.application;
const { lender, product: productRef } = facts;
const { inputsHash } = application;
const inputs = { application, lender, product: productRef, inputsHash };
const { record, instalments } = decide(facts, product, policy);
const text = { facts: factsText(facts), record: recordText(record) };
const rowsOf = (
  { number, mode, decideTime, outcome: state, reasons }: DecisionRecord,
  { evidence, application: { round } }: Facts,
): StoredRows => ({
  decision: { number, mode, createTime: new Date(decideTime) },
  lastNumber: number,
  application: { state, reasons, decisionNumber: number, decideTime: new Date(decideTime) },
  offerState: 'OPEN',
  taskWaits: true,
  evidence: Object.values(evidence).map(({ state: stood, contentHash }) => ({
    ...{ kind: 'SCORE', round, state: stood, storedHash: contentHash, contentHash },
  })),
});
const around: Surroundings = {
  product: { terms: product, hash: facts.product.hash },
  policy: { policy, hash: facts.policy.hash },
  offer: record.offer && { terms: record.offer, instalments },
  inputs,
  rows: rowsOf(record, facts),
};

const { SCORE } = facts.evidence;
if (SCORE?.state !== 'ARRIVED') throw new Error('no score');
const withAlteredScore = {
  ...facts,
  evidence: { SCORE: { ...SCORE, content: { ...SCORE.content, pdPpm: 1_000n } } },
};

const fieldsOf = async (given: Partial<typeof text>, changed: Partial<Surroundings> = {}) => {
  const found = await differencesIn({ ...text, ...given }, async () => ({ ...around, ...changed }));
  return found.map(({ field }) => field);
};

it('finds nothing where nothing was altered', async () => {
  expect(await fieldsOf({})).toEqual([]);
});

describe('one altered value shows', () => {
  it('in a fact', async () => {
    const altered = text.facts.replace('"pdPpm":"1250"', '"pdPpm":"1251"');
    expect(altered).not.toBe(text.facts);
    expect(await fieldsOf({ facts: altered })).toContain('facts_hash');
  });

  it('in any single leaf of the decision', async () => {
    const leaves = text.record.match(/"[a-zA-Z]+":("[^"]*"|\d+)/g) ?? [];
    expect(leaves.length).toBeGreaterThan(100);
    for (const leaf of new Set(leaves)) {
      const altered = text.record.replace(leaf, leaf.replace(/("?)$/, '7$1'));
      expect(await fieldsOf({ record: altered }), leaf).not.toEqual([]);
    }
  });

  it('in the policy, the product, the inputs and the evidence', async () => {
    const hash = 'e'.repeat(64);
    expect(await fieldsOf({}, { policy: { policy, hash } })).toEqual(['facts.policy.hash']);
    expect(await fieldsOf({}, { product: { terms: product, hash } })).toEqual([
      'facts.product.hash',
    ]);
    const altered = { ...inputs, application: { ...application, inputsHash: hash } };
    expect(await fieldsOf({}, { inputs: altered })).toEqual(['facts.application.inputsHash']);
    expect(await fieldsOf({}, { inputs: { ...inputs, inputsHash: hash } })).toEqual([
      'facts.inputsHash',
    ]);
    const [score] = around.rows.evidence as [StoredEvidence];
    const other = { ...score, storedHash: hash, contentHash: hash };
    expect(await fieldsOf({}, { rows: { ...around.rows, evidence: [other] } })).toEqual([
      'facts.evidence.contentHash',
    ]);
    expect(await fieldsOf({}, { policy: undefined })).toEqual(['facts.policy.hash']);
  });

  // Who alters the facts can decide on them again, and store a decision that fits them.
  it.each([
    ['the amount asked for', factsWith({ application: { requestedAmountFen: 40_000_001n } })],
    ['the lender’s capital', factsWith({ lender: { capitalFen: 1_000_000_001n } })],
    ['what the score said', withAlteredScore],
    ['what was awaited', { ...facts, awaited: [] }],
  ])('in %s, although the decision fits it', async (_, altered) => {
    const fitting = decide(altered, product, policy);
    const found = await fieldsOf(
      { facts: factsText(altered), record: recordText(fitting.record) },
      {
        offer: fitting.record.offer && {
          terms: fitting.record.offer,
          instalments: fitting.instalments,
        },
        rows: rowsOf(fitting.record, facts),
      },
    );
    expect(found).toHaveLength(1);
  });

  it('in the offer that was made, its plan included', async () => {
    const terms = record.offer;
    if (terms === undefined) throw new Error('no offer');
    const dearer = { ...terms, annualRatePpm: terms.annualRatePpm + 1n };
    expect(await fieldsOf({}, { offer: { terms: dearer, instalments } })).toEqual([
      'offer.annualRatePpm',
    ]);
    const [first, ...rest] = instalments as [Instalment, ...Instalment[]];
    const shifted = [{ ...first, number: 2 }, ...rest];
    expect(await fieldsOf({}, { offer: { terms, instalments: shifted } })).toEqual([
      'offer.planHash',
    ]);
  });

  it('in a text that is no JSON, or not that of a decision', async () => {
    expect(await fieldsOf({ facts: '{' })).toEqual(['facts']);
    expect(await fieldsOf({ record: 'x' })).toEqual(['record']);
    expect(await fieldsOf({ facts: '{"product":{},"policy":{}}' })).toEqual(['facts']);
    expect(await fieldsOf({ facts: text.facts.replace('"1250"', '"many"') })).toEqual(['facts']);
  });
});
