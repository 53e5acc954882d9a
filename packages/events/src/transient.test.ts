import { describe, expect, it } from 'vitest';
import { isTransient } from './transient.ts';

const withCode = (code: string) => Object.assign(new Error('no'), { code });

describe('isTransient', () => {
  it.each(['08006', '40001', '40P01', '53300', '57P01', '25P03', 'ECONNREFUSED', 'ENOENT'])(
    'takes %s for an error of the moment',
    (code) => {
      expect(isTransient(withCode(code))).toBe(true);
    },
  );

  it.each(['23505', '22P02', '42P01', '57014', 'ERR_INVALID_ARG_TYPE'])(
    'takes %s for an error of the event',
    (code) => {
      expect(isTransient(withCode(code))).toBe(false);
    },
  );

  it('knows what pg says without a code, and looks at the cause', () => {
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isTransient(new Error('flush', { cause: withCode('57P01') }))).toBe(true);
    expect(isTransient(new Error('cannot read properties of undefined'))).toBe(false);
    expect(isTransient('Connection terminated')).toBe(false);
  });
});
