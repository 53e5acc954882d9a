import { expect, it } from 'vitest';
import { facts, policy, product } from '../testing/facts.ts';
import { canonicalText, readCanonical } from './canonical.ts';
import { decide, recordText } from './decide.ts';
import { type Facts, factsHash, factsText } from './facts.ts';

it('writes whole numbers as text and leaves out what is undefined', () => {
  expect(canonicalText({ b: 1, amountFen: 2n ** 60n, a: undefined, list: [1n] })).toBe(
    '{"amountFen":"1152921504606846976","b":1,"list":["1"]}',
  );
});

it('reads back the very facts it wrote', () => {
  const again = readCanonical<Facts>(factsText(facts));
  expect(factsHash(again)).toBe(factsHash(facts));
  expect(again.application.requestedAmountFen).toBe(facts.application.requestedAmountFen);
});

it('reads back the very record it wrote', () => {
  const text = recordText(decide(facts, product, policy).record);
  expect(canonicalText(readCanonical<object>(text))).toBe(text);
});

it('throws where a whole number holds something else', () => {
  expect(() => readCanonical('{"amountFen":"many"}')).toThrow(SyntaxError);
});
