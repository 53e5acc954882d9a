import { randomUUID } from 'node:crypto';
import { ConsentWithdrawnSchema } from '@lianbao/api/lianbao/party/v1/party_events_pb';
import { ScoreComputedSchema } from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';
import { expect, it } from 'vitest';
import { giveChampion, send } from './models.ts';
import { consent, grant, grantSharing, readyWorld, sharing } from './ready.ts';
import { invoice, tradeOf } from './records.ts';
import { lender, openWorld, platform, seller, type World } from './world.ts';

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
  const page = (pageToken: string) =>
    world.bank.scores.listScores({ parent: seller, pageSize: 1, pageToken });
  const first = await page('');
  const second = await page(first.nextPageToken);
  expect([...first.scores, ...second.scores]).toEqual(listed.scores);
  expect(second.nextPageToken).toBe('');
  const [bound, made] = JSON.parse(Buffer.from(first.nextPageToken, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify([bound, made, 'no key'])).toString('base64url');
  await expect(page(forged)).rejects.toMatchObject({ reason: 'PAGE_TOKEN_INVALID' });
  const stranger = world.as({ caller: 'BANK', partner: 'lenders/x', person: 'p', level: 'HEAD' });
  await expect(stranger.scores.getScore({ name: score.name })).rejects.toMatchObject({
    reason: 'CALLER_NOT_ALLOWED',
  });
  await expect(stranger.scores.listScores({ parent: seller })).rejects.toMatchObject({
    reason: 'CALLER_NOT_ALLOWED',
    facts: { cause: 'CONSENT_MISSING' },
  });
  world.party.consents.add(`${seller} lenders/x SHARE_WITH_LENDER`);
  expect((await stranger.scores.listScores({ parent: seller })).scores).toEqual([]);
  await expect(stranger.scores.getScore({ name: score.name })).rejects.toMatchObject({
    facts: { cause: 'NOT_OWN' },
  });
});

it('shows a bank no score without a live consent to have scores', async () => {
  const world = await readyWorld();
  const { name } = await world.bank.scores.scoreSeller({ seller, lender });
  const reads = ({ scores }: World['bank']) => [
    () => scores.getScore({ name }),
    () => scores.listScores({ parent: seller }),
    () => scores.explainScore({ name }),
    () => scores.replayScore({ name }),
  ];
  for (const read of reads(world.bank)) await read();
  await world.tell({
    topic: 'consent',
    subject: sharing,
    schema: ConsentWithdrawnSchema,
    message: { consent: sharing, seller },
  });
  for (const read of reads(world.bank)) {
    await expect(read()).rejects.toMatchObject({
      reason: 'CALLER_NOT_ALLOWED',
      facts: { cause: 'CONSENT_MISSING' },
    });
  }
  await expect(world.bank.scores.scoreSeller({ seller, lender })).rejects.toMatchObject({
    reason: 'CONSENT_MISSING',
    facts: { purpose: 'SHARE_WITH_LENDER', dataKinds: 'SCORES', cause: 'NONE' },
  });
  await world.operator('ann').scores.scoreSeller({ seller, lender });
  for (const read of reads(world.platform)) await read();
  world.party.consents.add(`${seller} ${lender} SHARE_WITH_LENDER`); // Not in the view yet.
  for (const read of reads(world.bank)) await read();
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
  await expect(call()).rejects.toMatchObject({
    reason: 'CONSENT_MISSING',
    facts: { seller, purpose: 'SHARE_WITH_LENDER', cause: 'NONE' },
  });
  await grantSharing(world);
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
