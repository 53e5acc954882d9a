import { randomUUID } from 'node:crypto';
import { fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PolicyActivatedSchema } from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import { PolicyContentSchema } from '@lianbao/api/lianbao/approval/v1/policy_pb';
import {
  ConsentGrantedSchema,
  ConsentWithdrawnSchema,
  SellerBlockedSchema,
  SellerRegisteredSchema,
} from '@lianbao/api/lianbao/party/v1/party_events_pb';
import { ConsentPurpose, DataKind } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import {
  RefusalGround,
  ScoreComputedSchema,
  type ScoreRefused,
  ScoreRefusedSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';
import { policyZero } from '@lianbao/api/policy-0';
import { contentHash, type Json } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { giveChampion, send } from './models.ts';
import { invoice, tradeOf } from './records.ts';
import { applicationSubmitted, lender, openWorld, platform, seller, type World } from './world.ts';

const policy = fromJson(PolicyContentSchema, policyZero as unknown as JsonValue);
const policyZeroHash = contentHash(toJson(PolicyContentSchema, policy) as Json);
const consent = `${seller}/consents/c1`;

/** A champion, a seller with good records, and views that know seller and consent. */
async function readyWorld(): Promise<World> {
  const world = await openWorld();
  await giveChampion(world);
  await world.tell({
    topic: 'seller',
    subject: seller,
    schema: SellerRegisteredSchema,
    message: { seller, legalPersonKey: 'k1' },
  });
  await send(world, seller, tradeOf(7, 0.9));
  await grant(world);
  return world;
}

const grant = (world: World) =>
  world.tell({
    topic: 'consent',
    subject: consent,
    schema: ConsentGrantedSchema,
    message: {
      consent,
      seller,
      purpose: ConsentPurpose.SCORING,
      dataKinds: [DataKind.INVOICES],
      recipients: [lender],
      expireTime: timestampFromDate(new Date('2020-03-21T00:00:00Z')),
    },
  });

const ask = (number: number, round = 1, of = seller) =>
  applicationSubmitted(`${platform}/applications/a${number}`, policyZeroHash, {
    round,
    seller: of,
  });

const grounds: Readonly<Record<number, string>> = {
  [RefusalGround.RISK]: 'RISK',
  [RefusalGround.DATA]: 'DATA',
};

const reasonsOf = (refused: ScoreRefused | undefined) =>
  refused?.refusals.map(({ reason, ground }) => `${reason} ${grounds[ground]}`);

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
  const strict = fromJson(PolicyContentSchema, policyZero as unknown as JsonValue);
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

it('scores by call: the same day, records and model give the same score and say it once', async () => {
  const world = await readyWorld();
  const call = () => world.bank.scores.scoreSeller({ seller, lender });
  const score = await call();
  world.clock.advance(3_600_000);
  expect(await call()).toEqual(score);
  await world.awaitSaid(ScoreComputedSchema, 1);
  const tomorrow = invoice({ id: 'tomorrow', date: '2020-02-22', fen: 10_000_000_00n });
  await send(world, seller, [tomorrow]); // Counts from its day on.
  const later = await call();
  expect(later).toMatchObject({ points: score.points, sales12m: score.sales12m });
  expect(later.watermark).toBe(score.watermark + 1n);
  const listed = await world.bank.scores.listScores({ parent: seller });
  expect(listed.scores.map(({ name }) => name)).toEqual([later.name, score.name]);
  const stranger = world.as({ caller: 'BANK', partner: 'lenders/x', person: 'p', level: 'HEAD' });
  await expect(stranger.scores.getScore({ name: score.name })).rejects.toMatchObject({
    reason: 'CALLER_NOT_ALLOWED',
  });
  expect((await stranger.scores.listScores({ parent: seller })).scores).toEqual([]);
});

it('refuses by call what it would refuse an application', async () => {
  const world = await openWorld();
  const call = () => world.bank.scores.scoreSeller({ seller, lender, requestId: randomUUID() });
  await expect(call()).rejects.toMatchObject({ reason: 'NAME_UNKNOWN' });
  await send(world, seller, [invoice({ id: '1', date: '2020-02-20' })]);
  await expect(call()).rejects.toMatchObject({
    reason: 'CONSENT_MISSING',
    facts: { seller, purpose: 'SCORING', cause: 'NONE' },
  });
  await grant(world);
  await expect(call()).rejects.toMatchObject({ reason: 'CHAMPION_MISSING' });
  await giveChampion(world);
  await expect(call()).rejects.toMatchObject({
    reason: 'RECORDS_TOO_THIN',
    facts: { monthsWithSales: '0' },
  });
  world.clock.advance(1_000);
  await send(world, seller, tradeOf(7, 0.9));
  expect((await call()).grade).not.toBe('');
  await world.tell({
    topic: 'consent',
    subject: consent,
    schema: ConsentWithdrawnSchema,
    message: { consent, seller },
  });
  await expect(call()).rejects.toMatchObject({ reason: 'CONSENT_MISSING' });
});

it('explains a score by bins and points that add up, and by both kinds of reasons', async () => {
  const world = await readyWorld();
  await send(world, `${platform}/sellers/weak`, tradeOf(3, 0.2));
  const { name, points } = await world.bank.scores.scoreSeller({ seller, lender });
  const explained = await world.platform.scores.explainScore({ name });
  const sum = explained.contributions.reduce((total, one) => total + one.points, 0);
  expect(explained.basePoints + sum).toBe(points);
  expect(explained.contributions.every(({ bin, value }) => bin !== '' && value !== '')).toBe(true);
  expect(explained.score?.reasons).toEqual(explained.reasonsToBest);
  for (const { textZh, textEn, hintZh, hintEn } of explained.reasonsToBest) {
    expect([textZh, textEn, hintZh, hintEn]).not.toContain('');
  }
});
