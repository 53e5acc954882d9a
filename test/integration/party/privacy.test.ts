import { toJson } from '@bufbuild/protobuf';
import { SellerKind, SellerSchema } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { resourceUid, type Tenant } from '@lianbao/kernel';
import { readKeyRing, SealBroken, unseal } from '@lianbao/persistence';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  aLender,
  aPlatform,
  citizenNumber,
  consentGiven,
  document,
  refusalsOf,
  requestId,
  sellerGiven,
  verificationOf,
} from './cast.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const legalName = '司马金丝雀';
const identityNumber = citizenNumber(901);
const controllerNumber = citizenNumber(902);
const wrongNumber = `${citizenNumber(903).slice(0, 17)}${identityNumber.endsWith('9') ? '8' : '9'}`;

/** In every spelling in which bytes could stand in a column, a header or a log. */
const spellings = [legalName, identityNumber, controllerNumber, wrongNumber].flatMap((text) => [
  text,
  Buffer.from(text).toString('hex'),
  Buffer.from(text).toString('base64').replace(/=+$/, ''),
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^ -~]/g, escaped),
]);

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const found = (text: string): readonly string[] =>
  spellings.filter((spelling) => text.toLowerCase().includes(spelling.toLowerCase()));

async function everyRow(): Promise<string> {
  const { rows: tables } = await world.admin.query<{ name: string }>(
    `select relname as name from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  expect(tables.length).toBeGreaterThan(15);
  const parts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await world.admin.query<{ text: string }>(
        `select t::text as text from ${name} as t`,
      );
      return rows.map(({ text }) => text).join('\n');
    }),
  );
  return parts.join('\n');
}

it('identity numbers and the name of a person stand in no column, event, error or log', async () => {
  const platform = (await aPlatform(world)).name;
  const lender = (await aLender(world, platform)).name;
  const { sellers, consents, feed } = world.platform(platform);
  const given = {
    ...sellerGiven(platform, identityNumber),
    kind: SellerKind.NATURAL_PERSON,
    legalName,
    requestId: requestId(),
  };
  const seller = await sellers.createSeller(given);
  expect(seller.legalName).toBe(legalName);
  expect(await sellers.createSeller(given)).toEqual(seller); // From the stored answer.
  const { name } = seller;
  const act = verificationOf(name);
  const controllers = act.controllers.map((one) => ({ ...one, identityNumber: controllerNumber }));
  await world.operator().sellers.recordVerification({ ...act, controllers });
  const consent = await consents.createConsent(consentGiven(world, name, lender));
  await consents.withdrawConsent({ name: consent.name, requestId: requestId() });
  const block = { name, reason: 'order', document: document(), requestId: requestId() };
  await world.operator().sellers.blockSeller({ ...block, etag: '2' });

  const refusals = await refusalsOf(
    sellers.createSeller({ ...given, requestId: requestId() }),
    sellers.createSeller({ ...given, sellerId: 'twin', requestId: requestId() }),
    sellers.createSeller({ ...given, identityNumber: wrongNumber, requestId: requestId() }),
    sellers.createSeller({ ...given, legalName: `${legalName}${'x'.repeat(200)}` }),
    sellers.createSeller({ ...given, regionCode: '1' }),
    world.operator().sellers.createSeller(given),
    world.operator().sellers.recordVerification({
      ...act,
      controllers: controllers.map((one) => ({ ...one, identityNumber: wrongNumber })),
      requestId: requestId(),
    }),
  );
  await world.settled();

  const rows = await everyRow();
  expect(rows).toContain(seller.legalPersonKey);
  expect(found(rows)).toEqual([]);
  expect(world.logged.length).toBeGreaterThan(5);
  expect(found(world.logged.join('\n'))).toEqual([]);
  expect(refusals).toHaveLength(7);
  for (const refusal of refusals) {
    expect(found(`${JSON.stringify(refusal)} ${String(refusal)}`)).toEqual([]);
  }
  const { events } = await feed.listEvents({ pageSize: 500 });
  expect(events.length).toBeGreaterThan(4);
  for (const { event } of events) {
    expect(found(Buffer.from(event?.value ?? []).toString('hex'))).toEqual([]);
  }
  const seen = await world.operator().sellers.getSeller({ name });
  expect(found(JSON.stringify(toJson(SellerSchema, seen)))).toEqual([]);
});

it('a sealed number opens in its own place only', async () => {
  const platform = (await aPlatform(world)).name;
  const given = sellerGiven(platform);
  const { name } = await world.platform(platform).sellers.createSeller(given);
  const { rows } = await world.admin.query('select identity_sealed from seller where name = $1', [
    name,
  ]);
  const ring = readKeyRing(world.keyRing);
  const tenant = 'local' as Tenant;
  const place = {
    tenant,
    table: 'seller',
    column: 'identity_sealed',
    row: resourceUid(tenant, name),
  };
  const [{ identity_sealed: sealed }] = rows;
  expect(unseal(ring, place, sealed)).toBe(given.identityNumber);
  for (const elsewhere of [
    { tenant: 'other' as Tenant },
    { table: 'platform' },
    { column: 'legal_name_sealed' },
    { row: resourceUid(tenant, `${name}-2`) },
  ]) {
    expect(() => unseal(ring, { ...place, ...elsewhere }, sealed)).toThrow(SealBroken);
  }
});
