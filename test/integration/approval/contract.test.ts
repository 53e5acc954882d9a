import type { DescMessage } from '@bufbuild/protobuf';
import {
  ApplicationService,
  LenderTaskService,
  PolicyService,
  ProductService,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { approvalAccess } from '@lianbao/approval';
import { compareAccess } from '@lianbao/grpc';
import { Refusal } from '@lianbao/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hostileCopies } from '../party/hostile-fields.ts';
import { acts } from './acts.ts';
import { draftOf, get, readyWorld, referredOf, refusalOf, requestId, submittedOf } from './cast.ts';
import { reads } from './reads.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await readyWorld();
});
afterAll(() => world.close()); // Fails when anything ended in INTERNAL.
beforeEach(async () => {
  await world.admin.query(`update lender_task set state = 'DONE'`); // Nothing left of other tests.
});

const services = [ProductService, PolicyService, ApplicationService, LenderTaskService];

it('gives every rpc of approval a row of access, and no other', () => {
  expect(compareAccess(approvalAccess, services)).toEqual([]);
});

it('tries every rpc', () => {
  const all = services.flatMap(({ methods }) => methods.map(({ name }) => name));
  const tried = [...Object.keys(acts), ...Object.keys(reads), 'CompleteTask'];
  expect(tried.toSorted()).toEqual(all.toSorted());
});

const inputOf = (rpc: string): DescMessage => {
  const method = services.flatMap(({ methods }) => methods).find(({ name }) => name === rpc);
  if (method === undefined) throw new Error(`no rpc ${rpc}`);
  return method.input;
};

describe.each([...Object.entries(acts), ...Object.entries(reads)])('%s', (rpc, prepare) => {
  it('refuses what is hostile field by field with a reason, never as a defect', async () => {
    const { request, send } = await prepare(world);
    const outcomes = await Promise.all(
      hostileCopies(inputOf(rpc), request).map(async ({ path, request: hostile }) => {
        const fresh = 'requestId' in request && path !== 'request_id';
        const error: unknown = await send({
          ...hostile,
          ...(fresh ? { requestId: requestId() } : {}),
        }).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        return { path, error };
      }),
    );
    const refused = outcomes.filter(({ error }) => error !== undefined);
    expect(refused.filter(({ error }) => !(error instanceof Refusal))).toEqual([]);
    if (Object.keys(request).length > 0) expect(refused.length).toBeGreaterThan(0);
    for (const { path, error } of refused) {
      if (!(error instanceof Refusal) || error.reason !== 'FIELD_INVALID') continue;
      const fields = error.violations.map(({ field }) => field);
      expect(fields.some((field) => field.startsWith(path) || path.startsWith(field))).toBe(true);
    }
  });
});

const repeatable = Object.entries(acts).filter(([rpc]) => rpc !== 'CheckEligibility');

describe.each(repeatable)('%s', (_, prepare) => {
  it('sent twice, and twice at once, has one effect and one answer', async () => {
    const { request, send } = await prepare(world);
    const [first, second] = await Promise.allSettled([send(request), send(request)]);
    const answers = [first, second].filter(({ status }) => status === 'fulfilled');
    expect(answers.length).toBeGreaterThan(0);
    for (const outcome of [first, second]) {
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject({ reason: 'REQUEST_IN_PROGRESS' });
      }
    }
    const [answer] = answers as PromiseFulfilledResult<object>[];
    expect(await send(request)).toEqual(answer?.value);
    const { rows } = await world.admin.query(
      'select count(*)::integer as count from idempotency where request_id = $1',
      [request.requestId],
    );
    expect(rows[0].count).toBe(1);
  });

  it('keeps effect, outbox row and answer in one transaction', async () => {
    const { request, send } = await prepare(world);
    await send(request);
    const { rows } = await world.admin.query(
      `select i.xmin::text as act, array_agg(distinct o.xmin::text) as said
         from idempotency as i left join outbox as o on o.causation_id = i.request_id::text
        where i.request_id = $1 group by 1`,
      [request.requestId],
    );
    expect(rows).toEqual([{ act: rows[0]?.act, said: [rows[0]?.act] }]);
    const { rows: effects } = await world.admin.query(
      `select 1 from application where xmin::text = $1 union all
       select 1 from lender_task where xmin::text = $1 union all
       select 1 from policy_version where xmin::text = $1 union all
       select 1 from product_version where xmin::text = $1`,
      [rows[0]?.act],
    );
    expect(effects.length).toBeGreaterThan(0);
  });
});

it('answers a repeat as it did then, after the resource has changed', async () => {
  const { name, etag } = await draftOf(world);
  const request = { name, etag, requestId: requestId() };
  const platform = world.platform().applications;
  const answer = await platform.submitApplication(request);
  await world.score(name);
  expect(await platform.submitApplication(request)).toEqual(answer);
  const other = platform.submitApplication({ ...request, etag: '7' });
  expect(await refusalOf(other)).toMatchObject({ reason: 'REQUEST_ID_REUSED' });
});

describe('what is not the caller’s', () => {
  it('is refused alike whether it exists or not', async () => {
    const { name } = await referredOf(world);
    const stranger = world.platform('platforms/q').applications;
    const bank = world.bank('X', 'HEAD', 'lenders/other').applications;
    const none = `${name}-none`;
    for (const look of [
      () => stranger.getApplication({ name }),
      () => stranger.getApplication({ name: none }),
      () => stranger.getDecision({ name: `${name}/decisions/1` }),
      () => stranger.listOffers({ parent: name }),
      () => stranger.listApplications({ parent: 'platforms/p' }),
      () => bank.getApplication({ name }),
      () => bank.getApplication({ name: none }),
      () => bank.explainDecision({ name: `${name}/decisions/1` }),
      () => bank.replayDecision({ name: `${none}/decisions/1` }),
      () => bank.listDecisions({ parent: none }),
      () => bank.listApplications({ parent: 'lenders/l' }),
    ]) {
      expect(await refusalOf(look())).toMatchObject({
        kind: 'FORBIDDEN',
        reason: 'CALLER_NOT_ALLOWED',
      });
    }
  });

  it('does not exist for another tenant', async () => {
    const { name } = await submittedOf(world);
    const elsewhere = world.operator('Ops One', 'other').applications;
    expect(await refusalOf(elsewhere.getApplication({ name }))).toMatchObject({
      reason: 'NAME_UNKNOWN',
    });
    const { applications } = await elsewhere.listApplications({ parent: 'platforms/p' });
    expect(applications).toEqual([]);
  });

  it('may be read by a service and by the operator', async () => {
    const { name } = await submittedOf(world);
    expect((await world.service().applications.getApplication({ name })).name).toBe(name);
    expect((await get(world, name)).name).toBe(name);
  });
});

describe('lists', () => {
  it('go newest first, page by page, without a gap or a repeat', async () => {
    const seller = 'platforms/p/sellers/listed';
    const names: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      names.unshift((await draftOf(world, { seller })).name);
      if (count % 2 === 0) world.clock.advance(1);
    }
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await world
        .platform()
        .applications.listApplications({ parent: 'platforms/p', pageSize: 2, pageToken, seller });
      seen.push(...page.applications.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(seen.toSorted()).toEqual(names.toSorted());
    expect(new Set(seen).size).toBe(5);
    const { applications } = await world
      .bank()
      .applications.listApplications({ parent: 'lenders/l', seller, pageSize: 500 });
    expect(applications.map(({ name }) => name)).toEqual(seen);
  });

  it('refuse a page token of another list or made by hand', async () => {
    const { nextPageToken } = await world
      .platform()
      .applications.listApplications({ parent: 'platforms/p', pageSize: 1 });
    const [bound, madeMs] = JSON.parse(Buffer.from(nextPageToken, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify([bound, madeMs, 'x y'])).toString('base64url');
    for (const request of [
      { parent: 'platforms/p', pageSize: 1, pageToken: forged },
      { parent: 'platforms/p', seller: 'platforms/p/sellers/s', pageToken: nextPageToken },
    ]) {
      const list = world.platform().applications.listApplications(request);
      expect(await refusalOf(list)).toMatchObject({ reason: 'PAGE_TOKEN_INVALID' });
    }
  });
});
