import { create, toBinary } from '@bufbuild/protobuf';
import {
  PartnerChangedSchema,
  WhitelistChangedSchema,
} from '@lianbao/api/lianbao/party/v1/party_events_pb';
import { deliveryOf, recordOf, topicName } from '@lianbao/events';
import { resourceUid, type Tenant } from '@lianbao/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readyWorld, refusalOf, stateOf, submittedOf } from './cast.ts';
import { lenderName, platformName, yuan } from './names.ts';
import type { World } from './world.ts';

let world: World;
let sequence = 0n;
beforeAll(async () => {
  world = await readyWorld();
});
afterAll(() => world.close());

async function say(type: string, payload: Uint8Array): Promise<void> {
  const tenant = 'local' as Tenant;
  sequence += 1n;
  const delivery = deliveryOf({
    topic: topicName('partner'),
    key: resourceUid(tenant, lenderName),
    epoch: 0n,
    sequence,
    type,
    subject: lenderName,
    time: world.clock.now(),
    correlationId: lenderName,
    causationId: 'test',
    audience: [],
    tenant,
    traceparent: undefined,
    payload,
  });
  await world.bus.send([recordOf(delivery)]);
}

const sayListed = (listed: boolean, platform: string = platformName) =>
  say(
    WhitelistChangedSchema.typeName,
    toBinary(
      WhitelistChangedSchema,
      create(WhitelistChangedSchema, { lender: lenderName, platform, listed }),
    ),
  );

async function whitelist(): Promise<readonly string[]> {
  const { rows } = await world.admin.query<{ whitelist: string[] }>(
    'select whitelist from lender_view where name = $1',
    [lenderName],
  );
  return rows[0]?.whitelist ?? [];
}

it('believes what party told of a lender when it says yes, and asks when it says no', async () => {
  const known = world.party.lenders.get(lenderName);
  if (known === undefined) throw new Error('no lender');
  const lender = { name: lenderName, capital: yuan(5_000_000n), whitelist: [platformName] };
  const partner = { case: 'lender', value: lender } as const;
  await say(
    PartnerChangedSchema.typeName,
    toBinary(PartnerChangedSchema, create(PartnerChangedSchema, { partner })),
  );
  world.party.lenders.clear(); // Were party asked now, there would be no such lender.
  const { name } = await submittedOf(world);
  expect(await stateOf(world, name)).toBe('SUBMITTED');
  const { rows } = await world.admin.query(
    'select lender_capital_fen from application where name = $1',
    [name],
  );
  expect(rows).toEqual([{ lender_capital_fen: '500000000' }]);

  await sayListed(false);
  expect(await refusalOf(submittedOf(world))).toMatchObject({ reason: 'PLATFORM_NOT_WHITELISTED' });
  world.party.lenders.set(lenderName, known);
  const after = await submittedOf(world);
  expect(await stateOf(world, after.name)).toBe('SUBMITTED');
});

it('keeps the list as each change leaves it, with every platform once', async () => {
  const other = 'platforms/other';
  expect(await whitelist()).toEqual([]);
  await sayListed(true, other);
  await sayListed(true);
  await sayListed(true);
  expect(await whitelist()).toEqual([other, platformName]);
  await sayListed(false, other);
  await sayListed(false, other);
  expect(await whitelist()).toEqual([platformName]);
});
