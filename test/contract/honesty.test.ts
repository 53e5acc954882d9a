/**
 * What is stored is not believed but checked: whatever somebody alters in the database is said by the
 * replay, or by the load, that rests on it.
 */
import { randomUUID } from 'node:crypto';
import {
  type Application,
  ApplicationState,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import type { Score } from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lenderName } from '../../deploy/local/src/set-up.ts';
import { oneLeafOff, quoted, textOf, whileAltered } from './alteration.ts';
import { newModel } from './samples-scoring.ts';
import { newDecided, startWorld, type World } from './world.ts';

let world: World;
let approved: Application;
let score: Score;
beforeAll(async () => {
  world = await startWorld({ applicantCount: 4 });
  approved = await firstApproved();
  const { scoring } = bank();
  score = await scoring.scoreSeller({ seller: approved.seller, lender: lenderName });
});
afterAll(() => world?.system.stop());

const bank = () => world.system.market.bank(lenderName, 'banker', 'COMMITTEE');

async function firstApproved(): Promise<Application> {
  for (const firm of world.ready.applicants) {
    const application = await newDecided(world, { firm });
    if (application.state === ApplicationState.APPROVED) return application;
  }
  throw new Error('nobody is approved in this market');
}

describe('a stored score', () => {
  const scoring = () => world.system.admin.scoring;
  const whereScore = () => `name = ${quoted(score.name)}`;
  const replay = () => bank().scoring.replayScore({ name: score.name });
  const altered = async (column: string, expression: string) => {
    const place = { table: 'score', column, where: whereScore() };
    return whileAltered(scoring(), place, expression, replay);
  };

  it('comes out again to the bit', async () => {
    expect(await replay()).toMatchObject({ identical: true, differences: [] });
  });

  it('is seen to be altered in each element of its vector', async () => {
    const place = { table: 'score', column: 'array_length(vector, 1)', where: whereScore() };
    const length = Number(await textOf(scoring(), place));
    expect(length).toBeGreaterThan(10);
    for (let at = 1; at <= length; at += 1) {
      const other = `case when vector[${at}] = 'NaN' then 1 else vector[${at}] * (1 + 1e-12) + 1e-12 end`;
      const { identical, differences } = await altered(`vector[${at}]`, other);
      expect(identical, `vector[${at}]`).toBe(false);
      expect(differences.map(({ field }) => field)).toContain(`vector[${at - 1}]`);
    }
    expect(await replay()).toMatchObject({ identical: true });
  });

  it.each([
    ['points', 'points + 1', 'points'],
    ['grade', `case grade when 'A1' then 'A2' else 'A1' end`, 'grade'],
    ['pd_ppm', 'pd_ppm - 1', 'pd_ppm'],
    ['limit_fen', 'limit_fen + 1', 'suggested_limit'],
    ['bins[1]', 'bins[1] + 1', 'bins[0]'],
    ['bin_points[1]', 'bin_points[1] + 1', 'bin_points[0]'],
    ['sales_12m_fen', 'sales_12m_fen + 1', 'sales_12m'],
    ['months_with_sales', 'months_with_sales - 1', 'months_with_sales'],
    ['inputs_hash', `md5(inputs_hash)`, 'inputs_hash'],
  ])('is seen to be altered in %s', async (column, expression, field) => {
    const { identical, differences } = await altered(column, expression);
    expect(identical).toBe(false);
    expect(differences.map((each) => each.field)).toContain(field);
  });

  it('is seen not to fit the records of its watermark, when one of them is altered', async () => {
    const admin = scoring();
    const { rows } = await admin.query<{ where: string }>(
      `select format('ctid = %L', r.ctid) as where
         from trading_record r join trading_head h using (tenant, seller_key)
        where h.seller = $1 and r.is_sale and not r.is_void order by r.ingest_seq limit 1`,
      [approved.seller],
    );
    const [{ where }] = rows as [{ where: string }];
    // The row moves with the update, so it is named by what identifies it.
    const key = `(tenant, seller_key, source_key, external_id, revision) =
      (select tenant, seller_key, source_key, external_id, revision from record_key)`;
    await admin.query(
      `create temp table record_key as select * from trading_record where ${where}`,
    );
    const place = { table: 'trading_record', column: 'net_fen', where: key };
    const said = await whileAltered(admin, place, 'net_fen + 1', replay);
    expect(said.identical).toBe(false);
    expect(said.differences.map(({ field }) => field)).toContain('vector[0]');
    expect(await replay()).toMatchObject({ identical: true });
  });
});

describe('a stored model', () => {
  const admin = () => world.system.admin.scoring;
  const artefactOf = (hash: string) => ({
    ...{ table: 'model_artefact', column: 'content', where: `hash = ${quoted(hash)}` },
  });
  /** One point of one bin is another. */
  const withOtherPoints = async <T>(hash: string, look: () => Promise<T>): Promise<T> => {
    const text = await textOf(admin(), {
      ...artefactOf(hash),
      column: `convert_from(content, 'UTF8')`,
    });
    const other = text.replace(
      /"points":(-?\d+)/,
      (_, points: string) => `"points":${Number(points) + 1}`,
    );
    expect(other).not.toBe(text);
    return whileAltered(admin(), artefactOf(hash), `convert_to(${quoted(other)}, 'UTF8')`, look);
  };

  it('does not replay its scores when one of its points is altered', async () => {
    const hash = await textOf(admin(), {
      ...{ table: 'score', column: 'artefact_hash', where: `name = ${quoted(score.name)}` },
    });
    const replay = () => bank().scoring.replayScore({ name: score.name });
    const said = withOtherPoints(hash, replay);
    await expect(said).rejects.toMatchObject({
      ...{ reason: 'ARTEFACT_CORRUPT', facts: { artefactHash: hash } },
    });
    expect(await replay()).toMatchObject({ identical: true });
  });

  it('is not validated, and not loaded as champion, when it or its sample is altered', async () => {
    const { name, etag } = await newModel(world);
    const people = (person: string) => world.system.market.operator(person).models;
    const { artefactHash } = await people('maker').getScoreModelVersion({ name });
    const validate = () =>
      people('validator').validateModel({ name, etag, requestId: randomUUID() });
    await expect(withOtherPoints(artefactHash, validate)).rejects.toMatchObject({
      reason: 'MODEL_NOT_VALIDATED',
    });
    const label = {
      table: 'training_label',
      column: 'vector[1]',
      where: `place = 0 and model_uid = (select uid from score_model_version where name = ${quoted(name)})`,
    };
    await expect(whileAltered(admin(), label, 'vector[1] + 1', validate)).rejects.toMatchObject({
      ...{ reason: 'MODEL_NOT_VALIDATED', facts: { failedChecks: 'SAMPLE' } },
    });
    const validated = await validate();
    const promote = () =>
      people('promoter').promoteModel({ name, etag: validated.etag, requestId: randomUUID() });
    await expect(withOtherPoints(artefactHash, promote)).rejects.toMatchObject({
      reason: 'ARTEFACT_CORRUPT',
    });
    await promote();
  });
});

describe('a stored decision', () => {
  const approval = () => world.system.admin.approval;
  const replay = () => bank().applications.replayDecision({ name: approved.decision });
  const uidOf = () =>
    `application_uid = (select uid from application where name = ${quoted(approved.name)})`;
  const saysSo = async (place: { table: string; column: string; where: string }, to: string) => {
    const { identical, differences } = await whileAltered(approval(), place, to, replay);
    return !identical && differences.length > 0;
  };

  it('comes out again as it was recorded', async () => {
    expect(await replay()).toMatchObject({ identical: true, differences: [] });
  });

  it.each(['facts', 'record'])('is seen to be altered in each of its %s', async (column) => {
    const place = { table: 'decision', column, where: uidOf() };
    const text = await textOf(approval(), place);
    const unseen: string[] = [];
    let count = 0;
    for (const { path, text: other } of oneLeafOff(text)) {
      count += 1;
      if (!(await saysSo(place, quoted(other)))) unseen.push(path);
    }
    expect(count).toBeGreaterThan(20);
    expect(unseen).toEqual([]);
    expect(await replay()).toMatchObject({ identical: true });
  });

  it.each([`'{}'`, `''`, `'not json'`, `left(facts, 100)`, `'null'`, `'[]'`])(
    'is seen to be gone when its facts are %s',
    async (to) => {
      expect(await saysSo({ table: 'decision', column: 'facts', where: uidOf() }, to)).toBe(true);
    },
  );

  it.each([
    ['offer', 'principal_fen', 'principal_fen + 1'],
    ['offer', 'annual_rate_ppm', 'annual_rate_ppm - 1'],
    ['offer', 'all_in_simple_ppm', 'all_in_simple_ppm - 1'],
    ['offer', 'instalments', `jsonb_set(instalments, '{0}', instalments -> 1)`],
    ['offer', 'total_interest_fen', 'total_interest_fen - 1'],
    ['evidence', 'content', `replace(content::text, '"grade":"', '"grade":"X')`],
    ['evidence', 'content_hash', `md5(content_hash)`],
    ['decision', 'mode', `'PERSON'`],
  ])('is seen to rest on an %s whose %s was altered', async (table, column, to) => {
    const type = await typeOf(table, column);
    const place = { table, column, where: uidOf() };
    expect(await saysSo(place, `(${to})::${type}`)).toBe(true);
  });

  it.each([
    ['product_version', 'terms', `name = 'products/plain-credit/versions/1'`],
    ['policy_version', 'content', `name = 'policies/credit/versions/1'`],
  ])('is seen to rest on a %s whose %s was altered', async (table, column, where) => {
    const place = { table, column, where };
    const unseen: string[] = [];
    for (const { path, text } of oneLeafOff(await textOf(approval(), place))) {
      if (!(await saysSo(place, `${quoted(text)}::jsonb`))) unseen.push(path);
    }
    expect(unseen).toEqual([]);
    expect(await replay()).toMatchObject({ identical: true });
  });

  async function typeOf(table: string, column: string): Promise<string> {
    const { rows } = await approval().query<{ type: string }>(
      `select format_type(atttypid, atttypmod) as type from pg_attribute
        where attrelid = $1::regclass and attname = $2`,
      [table, column],
    );
    return rows[0]?.type ?? '';
  }
});
