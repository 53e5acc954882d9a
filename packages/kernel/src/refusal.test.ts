import { expect, it } from 'vitest';
import { catalogueRefusals, commonRefusals, Refusal } from './refusal.ts';

const refusals = catalogueRefusals('test.lianbao', {
  LIMIT_REACHED: ['EXHAUSTED', '已达上限', 'the limit is reached'],
});

it('is an error with kind, reason, domain and both texts', () => {
  const refusal = refusals.LIMIT_REACHED();
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toMatchObject({
    kind: 'EXHAUSTED',
    reason: 'LIMIT_REACHED',
    domain: 'test.lianbao',
    facts: {},
    texts: { 'zh-CN': '已达上限', en: 'the limit is reached' },
    violations: [],
    retryAfterMs: undefined,
    message: 'the limit is reached',
  });
});

it('tells its facts in its message', () => {
  expect(refusals.LIMIT_REACHED({ asked: '2', free: '1' }).message).toBe(
    'the limit is reached (asked: 2, free: 1)',
  );
});

it('carries violations and the time to wait', () => {
  const violations = [{ field: 'amount', description: 'too much', reason: 'LIMIT_REACHED' }];
  const refusal = refusals.LIMIT_REACHED({}, { violations, retryAfterMs: 500 });
  expect(refusal).toMatchObject({ violations, retryAfterMs: 500 });
});

it.each(Object.entries(commonRefusals))(
  '%s names itself and speaks both languages',
  (reason, make) => {
    const { domain, texts, reason: named } = make();
    expect(named).toBe(reason);
    expect(domain).toBe('lianbao');
    expect(texts['zh-CN']).toMatch(/\p{Script=Han}/u);
    expect(texts.en).not.toBe('');
  },
);
