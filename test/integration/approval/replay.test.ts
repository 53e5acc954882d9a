import { RepaymentMethod } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringIntoForce, get, referredOf, requestId, setUpProduct, submittedOf } from './cast.ts';
import { yuan } from './names.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await setUpProduct(world);
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
