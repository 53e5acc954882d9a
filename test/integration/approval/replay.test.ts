import { RepaymentMethod } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringIntoForce, get, readyWorld, referredOf, requestId, submittedOf } from './cast.ts';
import { yuan } from './names.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await readyWorld();
  await bringIntoForce(world, 'v1');
});
afterAll(() => world.close());

const replay = (name: string) => world.bank().applications.replayDecision({ name });

async function approvedDecision(): Promise<string> {
  const { name } = await submittedOf(world);
  await world.score(name);
  return (await get(world, name)).decision;
}

it('comes out byte for byte, of a machine’s and of a person’s decision', async () => {
  expect(await replay(await approvedDecision())).toMatchObject({
    identical: true,
    differences: [],
  });
  const { name, etag } = await referredOf(world);
  await world.bank().tasks.submitOffer({
    parent: name,
    etag,
    principal: yuan(50_000n),
    termMonths: 12,
    annualRate: { value: '0.1' },
    repaymentMethod: RepaymentMethod.EQUAL_INSTALMENT,
    note: 'known',
    requestId: requestId(),
  });
  for (const number of [1, 2]) {
    expect(await replay(`${name}/decisions/${number}`)).toMatchObject({ identical: true });
  }
});

it('comes out whatever became of the application since', async () => {
  const withdraw = async (name: string) => {
    const { etag } = await get(world, name);
    const { applications } = world.platform();
    await applications.withdrawApplication({ name, etag, requestId: requestId() });
  };
  const approved = (await approvedDecision()).split('/decisions/')[0] ?? '';
  await withdraw(approved);
  const referred = await referredOf(world);
  await withdraw(referred.name);
  const declined = await submittedOf(world);
  await world.score(declined.name, { grade: 'D', pdPpm: 400_000n });
  const late = await submittedOf(world);
  world.clock.advance(20_000);
  await world.runTimers();
  await world.score(late.name);
  const expired = (await approvedDecision()).split('/decisions/')[0] ?? '';
  world.clock.advance(8 * 86_400_000);
  await world.runTimers();
  for (const name of [approved, referred.name, declined.name, late.name, expired]) {
    expect(await replay(`${name}/decisions/1`)).toMatchObject({ identical: true, differences: [] });
  }
});

describe('one value altered in the database shows', () => {
  const ofApplication = `(select uid from application where name = $1)`;
  it.each([
    ['a fact', `update decision set facts = replace(facts, '"pdPpm":"4000"', '"pdPpm":"4001"')`],
    [
      'an exposure',
      `update decision set facts = replace(facts, '"obligorFen":"0"', '"obligorFen":"1"')`,
    ],
    ['the outcome', `update decision set record = replace(record, 'APPROVED', 'DECLINED')`],
    ['the rate', `update decision set record = replace(record, '"69500"', '"69400"')`],
    ['a threshold', `update decision set record = replace(record, '"C3"', '"C2"')`],
    [
      'the facts’ hash',
      `update decision set record = regexp_replace(record, '"factsHash":"[0-9a-f]{8}', '"factsHash":"00000000')`,
    ],
    ['text that is no JSON', `update decision set facts = '{'`],
    ['the offer', 'update offer set principal_fen = principal_fen + 1'],
    ['an instalment', `update offer set instalments = jsonb_set(instalments, '{0,2}', '"1"')`],
    ['the evidence', `update evidence set content = replace(content, '"4000"', '"4001"')`],
  ])('%s', async (_, change) => {
    const name = await approvedDecision();
    const { rowCount } = await world.admin.query(
      `${change} where application_uid = ${ofApplication}`,
      [name.split('/decisions/')[0]],
    );
    expect(rowCount).toBe(1);
    const { identical, differences } = await replay(name);
    expect(identical).toBe(false);
    expect(differences.length).toBeGreaterThan(0);
  });

  const fieldsAfter = async (name: string, change: string) => {
    const [application] = name.split('/decisions/');
    const { rowCount } = await world.admin.query(change, [application]);
    expect(rowCount).toBe(1);
    const { differences } = await replay(name);
    return differences.map(({ field }) => field);
  };

  it.each([
    ['application.state', `application set state = 'EXPIRED' where name = $1`],
    ['application.state', `application set state = 'DECLINED' where name = $1`],
    ['application.reasons', `application set reasons = '[{"code":"X","rule":""}]' where name = $1`],
    ['application.decision_number', 'application set decision_number = 2 where name = $1'],
    [
      'application.decided_at',
      `application set decided_at = decided_at + interval '1 ms' where name = $1`,
    ],
    ['decision.mode', `decision set mode = 'PERSON' where application_uid = ${ofApplication}`],
    [
      'decision.created_at',
      `decision set created_at = created_at - interval '1 ms' where application_uid = ${ofApplication}`,
    ],
    [
      'evidence.content_hash',
      `evidence set content_hash = repeat('0', 64) where application_uid = ${ofApplication}`,
    ],
    ['evidence.state', `evidence set state = 'LATE' where application_uid = ${ofApplication}`],
  ])('and is named: %s', async (field, change) => {
    expect(await fieldsAfter(await approvedDecision(), `update ${change}`)).toEqual([field]);
  });

  it('and is named: the number of a decision', async () => {
    const name = await approvedDecision();
    const change = `update decision set number = 2 where application_uid = ${ofApplication}`;
    await world.admin.query(change, [name.split('/decisions/')[0]]);
    const { differences } = await replay(name.replace(/1$/, '2'));
    const fields = differences.map(({ field }) => field);
    expect(fields).toContain('decision.number');
    expect(fields).toContain('application.decision_number');
  });

  it('and is named: the end of an application that waits for a person', async () => {
    const { decision } = await referredOf(world);
    const change = `update application set state = 'WITHDRAWN' where name = $1`;
    expect(await fieldsAfter(decision, change)).toEqual(['application.state']);
  });

  it.each([
    ['facts.evidence.contentHash', `evidence set content = '{'`],
    ['offer.planHash', `offer set instalments = '"none"'`],
    ['offer.planHash', `offer set instalments = '[[1, "2020-03-21", "many", "0", "0"]]'`],
  ])('as %s where nothing can be read from it', async (field, change) => {
    const where = `where application_uid = ${ofApplication}`;
    const fields = await fieldsAfter(await approvedDecision(), `update ${change} ${where}`);
    expect(fields).toContain(field);
  });

  it('the frozen inputs, the policy and the product', async () => {
    const name = await approvedDecision();
    for (const [field, change, back] of [
      [
        'facts.application.inputsHash',
        `update application set inputs_hash = 'x' || inputs_hash where inputs_hash is not null`,
        `update application set inputs_hash = substr(inputs_hash, 2) where inputs_hash is not null`,
      ],
      [
        'facts.inputsHash',
        `update application set consents = array_append(consents, 'x')`,
        `update application set consents = array_remove(consents, 'x')`,
      ],
      [
        'facts.application.requestedAmountFen',
        'update application set requested_amount_fen = requested_amount_fen + 1',
        'update application set requested_amount_fen = requested_amount_fen - 1',
      ],
      [
        'facts.policy.hash',
        `update policy_version set content = jsonb_set(content, '{credit,lgdBps}', '7501')`,
        `update policy_version set content = jsonb_set(content, '{credit,lgdBps}', '7500')`,
      ],
      [
        'facts.product.hash',
        `update product_version set terms = jsonb_set(terms, '{amountMaxFen}', '"50000001"')`,
        `update product_version set terms = jsonb_set(terms, '{amountMaxFen}', '"50000000"')`,
      ],
    ] as const) {
      await world.admin.query(change);
      const { differences } = await replay(name);
      expect(differences.map((each) => each.field)).toContain(field);
      await world.admin.query(back);
      expect(await replay(name)).toMatchObject({ identical: true });
    }
  });
});
