import { withTrace } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { createLog, type LogLevel } from './log.ts';

function recordedLog(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLog({
    service: 'party',
    level,
    destination: { write: (line) => void lines.push(line) },
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

it('writes one JSON object a line with level, service, time and message', () => {
  const { log, last } = recordedLog();
  log.info({ seller: 'platforms/p/sellers/s', amountFen: 500n }, 'created');
  expect(last()).toMatchObject({
    level: 'info',
    service: 'party',
    seller: 'platforms/p/sellers/s',
    amountFen: '500',
    message: 'created',
  });
  expect(last().time).toMatch(/^\d{4}-\d\d-\d\dT/);
});

it('names the trace in hand', () => {
  const { log, last } = recordedLog();
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  withTrace(`00-${traceId}-b7ad6b7169203331-01`, () => log.info({}, 'in a trace'));
  expect(last()).toMatchObject({ traceId });
  log.info({}, 'outside');
  expect(last()).not.toHaveProperty('traceId');
});

it('keeps quiet below its level', () => {
  const { log, lines } = recordedLog('warn');
  log.info({}, 'not heard');
  log.warn({}, 'heard');
  expect(lines).toHaveLength(1);
});

it('hands its fields on to its children', () => {
  const { log, last } = recordedLog();
  log.child({ rpc: 'CreateSeller', token: 'canary' }).info({ round: 1 }, 'called');
  expect(last()).toMatchObject({ rpc: 'CreateSeller', token: '[redacted]', round: 1 });
});

it('writes no canary, wherever it was put', () => {
  const { log, lines } = recordedLog();
  const canaries = {
    identityNumber: '11010519491231002X',
    creditCode: '91350100M000100Y43',
    legalName: '金丝雀商贸有限公司',
    jwt: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl',
    password: 'canary-password',
  };
  log.error({ ...canaries, request: { seller: [{ legal_name: canaries.legalName }] } }, 'by name');
  log.error({ seller: { 'identity-number': Buffer.from(canaries.identityNumber) } }, 'as bytes');
  const cause = new Error(`Key (identity)=(${canaries.identityNumber}) already exists`);
  const error = new Error(`cannot create ${canaries.creditCode} with ${canaries.jwt}`, { cause });
  log.error({ error: Object.assign(error, { parameters: [canaries.legalName] }) }, 'in an error');
  log.warn({ header: `Bearer ${canaries.password}` }, `of ${canaries.identityNumber}`);
  log.warn({ at: `postgresql://app:${canaries.password}@db:5432/party` }, 'in a URL');
  log.child({ person: canaries.legalName }).info({ seen: new Map([['phone', '1']]) }, 'in a child');
  const text = lines.join('');
  for (const canary of Object.values(canaries)) expect(text).not.toContain(canary);
  expect(text).toContain('already exists');
  expect(text).toContain('log.test.ts');
});

it('survives what JSON cannot hold', () => {
  const { log, last } = recordedLog();
  const circle: { self?: unknown } = {};
  circle.self = circle;
  log.info(
    {
      circle,
      at: new Date(Number.NaN),
      act: () => 1,
      many: Array(101).fill(0),
      long: 'x'.repeat(8_193),
    },
    'odd',
  );
  expect(JSON.stringify(last().circle)).toContain('[deeper]');
  expect(last().at).toBeNull();
  expect(last().many.at(-1)).toBe('[1 more]');
  expect(last().long).toMatch(/x\[cut\]$/);
});
