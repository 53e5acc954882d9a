/** A client in Python, generated from the proto files alone, takes an application to its decision. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type System, startSystem } from '../support/all-in-one.ts';
import { readyMarket } from '../support/ready-market.ts';
import { pythonClient } from './tools.ts';

const run = promisify(execFile);
const minutes = 60_000;
const client = await pythonClient();

let system: System;
beforeAll(async () => {
  if (client === undefined) return;
  system = await startSystem({ clock: () => new Date() }); // The client goes by its own clock.
  await readyMarket(system);
});
afterAll(async () => {
  await system?.stop();
  if (client !== undefined) rmSync(client.code, { recursive: true });
});

interface Step {
  readonly step: string;
  readonly [fact: string]: unknown;
}

it.skipIf(client === undefined)(
  'takes a seller from registration to the decision',
  { timeout: 2 * minutes },
  async () => {
    const { python, code } = client as NonNullable<typeof client>;
    const { stdout } = await run(python, [`${import.meta.dirname}/python/journey.py`], {
      env: {
        PYTHONPATH: code,
        ADDRESS: system.address,
        PLATFORM_TOKEN: await system.token({ caller: 'PLATFORM', partner: 'platforms/market' }),
        OPERATOR_TOKEN: await system.token({ caller: 'OPERATOR', person: 'python checker' }),
        SELLER_ID: 'of-python',
      },
      timeout: minutes,
    });
    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Step);
    expect(steps.map(({ step }) => step)).toEqual([
      ...['refused', 'verified', 'records', 'submitted', 'decided', 'feed'],
    ]);
    const [refused, verified, records, submitted, decided, feed] = steps;
    expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'FIELD_INVALID' });
    expect(refused?.fields).toEqual(expect.arrayContaining(['seller_id', 'kind', 'legal_name']));
    expect(refused?.locales).toEqual(expect.arrayContaining(['en', 'zh-CN']));
    expect(verified?.state).toBe('SELLER_STATE_VERIFIED');
    expect(records?.accepted).toBe(1_400);
    expect(submitted).toMatchObject({ same_answer: true, replayed: 'true' });
    expect(decided?.state).toMatch(/^APPLICATION_STATE_(APPROVED|DECLINED|REFERRED)$/);
    expect(decided?.decision).toMatch(/^platforms\/market\/applications\/of-python\/decisions\/1$/);
    expect(feed?.types).toEqual(
      expect.arrayContaining(['SellerRegistered', 'ConsentGranted', 'ApplicationSubmitted']),
    );
  },
);
