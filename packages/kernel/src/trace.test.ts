import { expect, it } from 'vitest';
import { currentTraceId, currentTraceparent, withTrace } from './trace.ts';

const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
const wellFormed = /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/;

const under = (given: string | undefined) =>
  withTrace(given, () => [currentTraceparent() ?? '', currentTraceId() ?? ''] as const);

it('runs work under the traceparent that came', () => {
  expect(under(traceparent)).toEqual([traceparent, 'ab'.repeat(16)]);
});

it('makes a well-formed one, another each time, where none came', () => {
  const made = Array.from({ length: 1_000 }, () => under(undefined));
  for (const [whole, traceId] of made) {
    expect(whole).toMatch(wellFormed);
    expect(whole.slice(3, 35)).toBe(traceId);
  }
  const parts = (at: number) => new Set(made.map(([whole]) => whole.split('-')[at]));
  expect([parts(1).size, parts(2).size]).toEqual([1_000, 1_000]);
});

it.each([
  ['of another version', `01${traceparent.slice(2)}`],
  ['without a trace', `00-${'0'.repeat(32)}-${'cd'.repeat(8)}-01`],
  ['without a span', `00-${'ab'.repeat(16)}-${'0'.repeat(16)}-01`],
  ['one digit short', traceparent.slice(0, -1)],
  ['in capitals', traceparent.toUpperCase()],
])('replaces one %s', (_, given) => {
  const [made] = under(given);
  expect(made).toMatch(wellFormed);
  expect(made).not.toBe(given);
});

it('is outside of any trace before and after', () => {
  under(traceparent);
  expect([currentTraceparent(), currentTraceId()]).toEqual([undefined, undefined]);
});
