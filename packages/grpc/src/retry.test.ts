import { commonRefusals } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { isWorthRetrying, pauseBeforeMs } from './retry.ts';

it.each([
  [commonRefusals.OVERLOADED(), true],
  [commonRefusals.DEPENDENCY_UNAVAILABLE(), true],
  [commonRefusals.REQUEST_IN_PROGRESS(), true],
  [commonRefusals.ETAG_MISMATCH(), false],
  [commonRefusals.QUOTA_EXCEEDED(), false],
  [commonRefusals.FIELD_INVALID(), false],
  [new Error('defect'), false],
])('%s: worth a retry is %s', (error, worth) => {
  expect(isWorthRetrying(error)).toBe(worth);
});

it.each([
  [1, 50],
  [2, 100],
  [6, 1_600],
  [7, 2_000],
  [50, 2_000],
])('before attempt %d after the first it waits up to %d ms, at random', (attempt, longestMs) => {
  expect(pauseBeforeMs(attempt, undefined, () => 0)).toBe(0);
  expect(pauseBeforeMs(attempt, undefined, () => 0.5)).toBe(longestMs / 2);
  expect(pauseBeforeMs(attempt, undefined, () => 1)).toBe(longestMs);
});

it('never waits less than it was asked to', () => {
  const busy = commonRefusals.OVERLOADED({}, { retryAfterMs: 700 });
  expect(pauseBeforeMs(1, busy, () => 0)).toBe(700);
});
