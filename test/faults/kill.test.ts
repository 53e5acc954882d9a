/**
 * Invariants I1, I2 and I9 of a process that dies at any moment: nothing that was answered is lost, nothing
 * is decided twice, nothing waits for ever. KILLS raises the fifty kills, SEED draws other moments.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import {
  type Application,
  ApplicationSchema,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { channelTo, readIssuerKeys, tokenIssuer } from '@lianbao/grpc';
import { businessDayOf } from '@lianbao/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../deploy/local/src/database-folder.ts';
import { openHome } from '../../deploy/local/src/home.ts';
import { localTenant } from '../../deploy/local/src/local-tenant.ts';
import { type Market, marketOn } from '../../deploy/local/src/partners.ts';
import { platformName } from '../../deploy/local/src/set-up.ts';
import { eventually } from '../support/eventually.ts';
import { type Campaign, killAgainAndAgain } from './kill-campaign.ts';
import { startServer } from './killed-server.ts';
import { type PatientPlatform, patientPlatform } from './patient-platform.ts';
import { readySellers } from './ready-sellers.ts';
import { type Stored, services, storedIn } from './stored.ts';

const kills = Number(process.env.KILLS ?? 50);
const seed = Number(process.env.SEED ?? 1);
const applicationsPerKill = 8;
const campaignMsMax = 60_000 + kills * 10_000;
/** The evidence deadline of the first policy, and as long again. */
const decidedWithinMs = 40_000;

describe(`the process of pnpm start, killed ${kills} times under load`, () => {
  const folder = temporaryFolder();
  const homeFolder = join(folder, 'home');
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  let platform: PatientPlatform;
  let campaign: Campaign;
  let stored: Stored;
  let market: Market;

  beforeAll(async () => {
    const { issuerKeys, databaseFolder } = await openHome(homeFolder);
    const issuer = tokenIssuer(readIssuerKeys(issuerKeys));
    const first = startServer(homeFolder, databaseFolder);
    undo.push(() => first.stop());
    await first.ready;
    const meeting = channelTo(await first.serving);
    const firms = await readySellers(
      marketOn(meeting, { issuer, tenant: localTenant }),
      kills * applicationsPerKill,
      businessDayOf(new Date()),
    );
    meeting.close();
    platform = patientPlatform(issuer);
    undo.push(platform.close);
    campaign = await killAgainAndAgain(first, {
      ...{ homeFolder, databaseFolder, kills, seed, platform, firms },
    });
    undo.push(() => campaign.server.stop());
    const channel = channelTo(await campaign.server.serving);
    undo.push(() => channel.close());
    market = marketOn(channel, { issuer, tenant: localTenant });
    stored = await storedIn(databaseFolder);
    undo.push(() => stored.close());
    report();
  }, campaignMsMax);

  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });

  function report(): void {
    const starts = campaign.startsMs.toSorted((a, b) => a - b).map((ms) => Math.round(ms));
    console.info(
      `kills ${JSON.stringify(campaign.kills)}, ${platform.acknowledged.length} submissions answered, ` +
        `${platform.repeated()} calls repeated, ${platform.replayed()} of them done before; ` +
        `start ${starts[Math.floor(starts.length / 2)]} ms, at most ${starts.at(-1)} ms`,
    );
  }

  it('was killed in all ways, with calls under way, some of them already done', () => {
    const { STARTING, PROCESS, BOTH } = campaign.kills;
    expect(STARTING + PROCESS + BOTH).toBe(kills);
    expect(Math.min(PROCESS, BOTH)).toBeGreaterThan(0);
    expect(platform.acknowledged.length).toBeGreaterThan(kills);
    expect(platform.repeated()).toBeGreaterThan(0);
  });

  it('has every submission that was answered, and each is decided or on a work list in time', async () => {
    await eventually(
      'all are decided',
      async () => {
        const waiting = `select count(*) from application where state = 'SUBMITTED'`;
        return (await stored.count('approval', waiting)) === 0 || undefined;
      },
      { withinMs: decidedWithinMs, everyMs: 200 },
    );
    const there = await stored.rows<{ name: string; state: string }>(
      'approval',
      'select name, state from application',
    );
    const states = new Map(there.map(({ name, state }) => [name, state]));
    for (const { name } of platform.acknowledged) {
      expect(['APPROVED', 'DECLINED', 'REFERRED']).toContain(states.get(name));
    }
    const tasks = `select count(*) from application as a where state = 'REFERRED' and 1 <>
      (select count(*) from lender_task as t where t.target = a.name and t.state = 'OPEN')`;
    expect(await stored.count('approval', tasks)).toBe(0);
  }, 60_000);

  it('decided each once, and counts each amount once', async () => {
    const decisions = await stored.rows<{ name: string; numbers: number[] }>(
      'approval',
      `select name, array_agg(number order by number) as numbers
         from decision join application on uid = application_uid group by name`,
    );
    const numbers = new Map(decisions.map((each) => [each.name, each.numbers]));
    for (const { name } of platform.acknowledged) expect(numbers.get(name)).toEqual([1]);
    const twice = `select count(*) from (select subject from outbox
      where type = 'lianbao.approval.v1.ApplicationDecided' group by subject having count(*) > 1) as x`;
    expect(await stored.count('approval', twice)).toBe(0);
    const reserved = `select (select coalesce(sum(approved_fen), 0) from programme_use)
      - (select coalesce(sum(principal_fen), 0) from offer)`;
    expect(await stored.count('approval', reserved)).toBe(0);
    const scored = `select count(*) from application_answer group by application, round having count(*) > 1`;
    expect(await stored.rows('scoring', scored)).toEqual([]);
  });

  it('answers the same call again as the first time, byte for byte', async () => {
    const bytes = (answer: Application) => toBinary(ApplicationSchema, answer);
    for (const submission of platform.acknowledged) {
      const again = await platform.submitAgain(submission);
      expect(bytes(again)).toEqual(bytes(submission.answer));
    }
    const ids = `select count(*) from idempotency where method like '%/SubmitApplication'`;
    const submitted = `select count(*) from application where submitted_at is not null`;
    expect(await stored.count('approval', ids)).toBe(await stored.count('approval', submitted));
  }, 60_000);

  it('has nothing left to send, and nothing that could not be taken in', async () => {
    const wait = { withinMs: 20_000, everyMs: 100 };
    for (const service of services) {
      const nothing = async (text: string) =>
        (await stored.count(service, `select count(*) from ${text}`)) === 0 || undefined;
      await eventually(`${service} sent all`, () => nothing('outbox_pending'), wait);
      await eventually(
        `${service} took all in`,
        () => nothing('inbox_position where waiting is not null'),
        wait,
      );
      expect(await nothing('inbox_kept')).toBe(true);
      expect(await nothing('inbox_unreadable')).toBe(true);
    }
  }, 60_000);

  it('told the platform of each decision once', async () => {
    const { feed } = market.platform(platformName);
    const told = new Map<string, number>();
    for (let cursor = ''; ; ) {
      const page = await feed.listEvents({ afterCursor: cursor, pageSize: 500 });
      for (const { subject, event } of page.events) {
        if (!event?.typeUrl.endsWith('.ApplicationDecided')) continue;
        told.set(subject, (told.get(subject) ?? 0) + 1);
      }
      if (page.events.length === 0) break;
      cursor = page.lastCursor;
    }
    for (const { name } of platform.acknowledged) expect(told.get(name)).toBe(1);
  });
});
