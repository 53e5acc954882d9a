import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PolicyActivatedSchema } from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import {
  ConsentWithdrawnSchema,
  SellerBlockedSchema,
  SellerRegisteredSchema,
} from '@lianbao/api/lianbao/party/v1/party_events_pb';
import {
  ScoreComputedSchema,
  ScoreRefusedSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';
import { expect, it } from 'vitest';
import { send } from './models.ts';
import { ask, consent, grant, policyOf, readyWorld, reasonsOf } from './ready.ts';
import { invoice, tradeOf } from './records.ts';
import { applicationSubmitted, lender, openWorld, platform, seller } from './world.ts';

it('answers an application with one score, however often the question comes', async () => {
  const world = await readyWorld();
  world.party.asked = 0;
  await world.tell(ask(1));
  await world.tell(ask(1)); // Told again under a new sequence number.
  await world.tell(ask(1, 2));
  const computed = await world.awaitSaid(ScoreComputedSchema, 2);
  expect(computed.map(({ application, round }) => [application, round])).toEqual([
    [`${platform}/applications/a1`, 1],
    [`${platform}/applications/a1`, 2],
  ]);
  expect(world.party.asked).toBe(0); // Views said yes.
  const [first] = computed;
  const score = await world.bank.scores.getScore({ name: first?.score ?? '' });
  expect(score).toMatchObject({
    seller,
    lender,
    points: first?.points,
    grade: first?.grade,
    pdPpm: first?.pdPpm,
    suggestedLimit: first?.suggestedLimit,
    inputsHash: first?.inputsHash,
    round: 1,
  });
  expect(first?.monthsWithSales).toBe(12);
  expect(Number(first?.freeCash90d?.units)).toBeGreaterThan(0);
  const until = Number(first?.validUntil?.seconds) * 1_000;
  expect(until).toBe(world.clock.now().getTime() + 86_400_000);
  const said = world.said.find(({ type }) => type === ScoreComputedSchema.typeName);
  expect(said?.audience).toEqual([platform, lender]);
  const { rows } = await world.admin.query('select count(*)::int as n from score');
  expect(rows).toEqual([{ n: 2 }]);
});

it('says everything that stands against a score, with its ground', async () => {
  const world = await openWorld();
  await grant(world);
  await world.tell({
    topic: 'seller',
    subject: seller,
    schema: SellerRegisteredSchema,
    message: { seller, legalPersonKey: 'k1' },
  });
  world.party.sellers.set(seller, { isBlocked: false, legalPersonKey: 'k1' });
  // Old and thin: eight months, the newest record 91 days ago.
  const dates = ['03', '04', '05', '06', '07', '08', '09', '11'].map((m) => `2019-${m}-22`);
  await send(
    world,
    seller,
    dates.map((date) => invoice({ id: date, date })),
  );
  await world.tell(ask(1));
  const [refused] = await world.awaitSaid(ScoreRefusedSchema, 1);
  expect(reasonsOf(refused)).toEqual([
    'RECORDS_TOO_THIN DATA',
    'RECORDS_STALE DATA',
    'CHAMPION_MISSING DATA',
  ]);

  // A ninth month, and a record of 90 days ago: neither thin nor stale.
  await send(world, seller, [
    invoice({ id: 'ninth', date: '2019-10-22' }),
    invoice({ id: 'newer', date: '2019-11-23' }),
  ]);
  await world.tell(ask(2));
  const [, second] = await world.awaitSaid(ScoreRefusedSchema, 2);
  expect(reasonsOf(second)).toEqual(['CHAMPION_MISSING DATA']);
});

it('asks party where its views say no, and believes party', async () => {
  const world = await openWorld();
  await send(world, seller, tradeOf(7, 0.9));
  world.party.consents.add(`${seller} ${lender} SCORING`); // The view has not heard of it.
  await world.tell(ask(1));
  const [missing] = await world.awaitSaid(ScoreRefusedSchema, 1);
  expect(reasonsOf(missing)).toEqual(['CHAMPION_MISSING DATA']);

  world.party.consents.clear();
  await world.tell(ask(2));
  const [, noConsent] = await world.awaitSaid(ScoreRefusedSchema, 2);
  expect(reasonsOf(noConsent)).toEqual(['CONSENT_MISSING RISK']);

  await grant(world);
  await world.tell({
    topic: 'seller',
    subject: seller,
    schema: SellerBlockedSchema,
    message: { seller, legalPersonKey: `key of ${seller}`, reason: 'fraud' },
  });
  world.party.sellers.set(seller, { isBlocked: true, legalPersonKey: 'k1' });
  world.party.consents.add(`${seller} ${lender} SCORING`);
  await world.tell(ask(3));
  const [, , blocked] = await world.awaitSaid(ScoreRefusedSchema, 3);
  expect(reasonsOf(blocked)).toEqual(['SELLER_BLOCKED RISK']);
});

it('believes nothing that party said for an application before', async () => {
  const world = await openWorld();
  await send(world, seller, tradeOf(7, 0.9));
  world.party.consents.add(`${seller} ${lender} SCORING`);
  await world.tell(ask(1));
  await grant(world); // The view catches up before the answer of party is used.
  const [first] = await world.awaitSaid(ScoreRefusedSchema, 1);
  expect(reasonsOf(first)).toEqual(['CHAMPION_MISSING DATA']);

  world.party.consents.clear();
  await world.tell({
    topic: 'consent',
    subject: consent,
    schema: ConsentWithdrawnSchema,
    message: { consent, seller, withdrawTime: timestampFromDate(world.clock.now()) },
  });
  await world.tell(ask(2));
  const [, second] = await world.awaitSaid(ScoreRefusedSchema, 2);
  expect(reasonsOf(second)).toEqual(['CONSENT_MISSING RISK']);
});

it('waits while party cannot be reached, and answers then', async () => {
  const world = await openWorld();
  await send(world, seller, tradeOf(7, 0.9));
  world.party.isReachable = false;
  world.party.asked = 0;
  await world.tell(ask(1));
  const { rows } = await world.admin.query(
    `select waiting from inbox_position where "group" = 'scoring.applications'`,
  );
  expect(rows).toEqual([{ waiting: 'NOT_YET' }]);
  world.party.isReachable = true;
  const [refused] = await world.awaitSaid(ScoreRefusedSchema, 1);
  expect(reasonsOf(refused)).toEqual(['CONSENT_MISSING RISK']);
});

it('waits for the policy that the application names', async () => {
  const world = await openWorld();
  await grant(world);
  await send(world, seller, [invoice({ id: '1', date: '2020-01-15' })]);
  world.party.consents.add(`${seller} ${lender} SCORING`);
  const strict = policyOf();
  if (strict.credit !== undefined) strict.credit.monthsWithSalesMin = 1;
  await world.tell(
    applicationSubmitted(`${platform}/applications/a1`, 'a hash that is still to come'),
  );
  expect(world.heard(ScoreRefusedSchema)).toEqual([]);
  await world.tell({
    topic: 'policy',
    subject: 'policies/credit/versions/v2',
    schema: PolicyActivatedSchema,
    message: {
      policyVersion: 'policies/credit/versions/v2',
      contentHash: 'a hash that is still to come',
      effectiveTime: timestampFromDate(new Date('2020-02-21T00:00:00Z')),
      content: strict,
    },
  });
  const [refused] = await world.awaitSaid(ScoreRefusedSchema, 1);
  expect(reasonsOf(refused)).toEqual(['CHAMPION_MISSING DATA']);
});
