import type { CalendarDate } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import {
  promoted,
  type ScoreModelState,
  type ScoreModelVersion,
  validated,
} from './score-model.ts';

const at = new Date('2020-02-21T01:00:00Z');

const model = (state: ScoreModelState): ScoreModelVersion => ({
  name: 'scoreModels/m/versions/v',
  state,
  asOf: '2020-02-21' as CalendarDate,
  centralTendencyPpm: 30_000n,
  labelCount: 20,
  artefactHash: 'h',
  report: undefined,
  failure: undefined,
  maker: 'ann',
  validator: state === 'VALIDATED' ? 'bob' : undefined,
  promoter: undefined,
  revision: 3,
  createdAt: at,
  updatedAt: at,
});

const reasonOf = (act: () => unknown): unknown => {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as { reason?: unknown }).reason;
  }
};

describe('validated', () => {
  it('needs another person than the maker', () => {
    expect(validated(model('DRAFT'), 'bob', undefined, [])).toMatchObject({
      state: 'VALIDATED',
      validator: 'bob',
    });
    expect(reasonOf(() => validated(model('DRAFT'), 'ann', '3', []))).toBe('FOUR_EYES_SAME_PERSON');
  });

  it('refuses what fails a check, and names the check', () => {
    expect(() => validated(model('DRAFT'), 'bob', '3', ['HASH', 'VECTOR 7'])).toThrow(
      expect.objectContaining({
        reason: 'MODEL_NOT_VALIDATED',
        facts: { model: model('DRAFT').name, failedChecks: 'HASH, VECTOR 7' },
      }),
    );
  });

  it('refuses another revision than the caller saw', () => {
    expect(reasonOf(() => validated(model('DRAFT'), 'bob', '2', []))).toBe('ETAG_MISMATCH');
  });

  it.each<ScoreModelState>(['TRAINING', 'FAILED', 'VALIDATED', 'CHAMPION', 'RETIRED'])(
    'is not possible from %s',
    (state) => {
      expect(reasonOf(() => validated(model(state), 'eve', '3', []))).toBe('STATE_NOT_ALLOWED');
    },
  );
});

describe('promoted', () => {
  it.each([
    ['ann', 'FOUR_EYES_SAME_PERSON'],
    ['bob', 'FOUR_EYES_SAME_PERSON'],
    ['eve', undefined],
  ])('by %s: %s', (person, reason) => {
    expect(reasonOf(() => promoted(model('VALIDATED'), person, '3'))).toBe(reason);
  });

  it('needs a validated model', () => {
    expect(reasonOf(() => promoted(model('DRAFT'), 'eve', '3'))).toBe('MODEL_NOT_VALIDATED');
    expect(reasonOf(() => promoted(model('CHAMPION'), 'eve', '3'))).toBe('STATE_NOT_ALLOWED');
    expect(reasonOf(() => promoted(model('RETIRED'), 'eve', '3'))).toBe('STATE_NOT_ALLOWED');
  });
});
