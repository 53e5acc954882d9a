import { partyAccess } from '@lianbao/party';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { acts, type Named, type Prepared } from './acts.ts';
import { aPlatform, refusalOf, requestId, verificationOf } from './cast.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const rpcs = Object.entries(acts);

/** Changes what the act has answered, where anything can. */
async function changeLater({ table }: Prepared, { name, etag }: Named): Promise<void> {
  if (table === 'seller') {
    await world.operator().sellers.recordVerification(verificationOf(name));
  } else if (table === 'lender') {
    const platform = (await aPlatform(world)).name;
    const act = { name, etag, platform, requestId: requestId() };
    await world.bank(name).partners.whitelistPlatform(act);
  } else if (table === 'consent') {
    const { consents } = world.platform(name.split('/').slice(0, 2).join('/'));
    await consents.withdrawConsent({ name, requestId: requestId() });
  }
}

it('covers every rpc that needs a request id', () => {
  const required = Object.entries(partyAccess).filter(([, rule]) => rule.requestId);
  const names = required.map(([name]) => name.split('/').at(-1));
  expect(Object.keys(acts)).toEqual(expect.arrayContaining(names));
  expect(names).toHaveLength(11);
});

describe.each(rpcs)('%s', (_, prepare) => {
  it('sent twice answers the same, also after the resource has changed', async () => {
    const act = await prepare(world);
    const first = await act.send();
    await changeLater(act, first);
    world.clock.advance(1_000);
    let replayed: string | undefined;
    const onTrailers = (trailers: ReadonlyMap<string, string>) => {
      replayed = trailers.get('lianbao-replayed');
    };
    expect(await act.send({}, { onTrailers })).toEqual(first);
    expect(replayed).toBe('true');
  });

  it('sent many times at once happens once', async () => {
    const act = await prepare(world);
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => act.send()));
    const answers = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const reasons = all.flatMap((one) => (one.status === 'rejected' ? [one.reason.reason] : []));
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(reasons.filter((reason) => reason !== 'REQUEST_IN_PROGRESS')).toEqual([]);
    const { rows } = await world.admin.query(
      'select count(*)::integer as count from outbox where causation_id = $1',
      [act.requestId],
    );
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('sent with another body under the same request id is refused', async () => {
    const act = await prepare(world);
    await act.send();
    expect(await refusalOf(act.send(act.change))).toMatchObject({
      reason: 'REQUEST_ID_REUSED',
      kind: 'INVALID',
    });
  });

  it('leaves effect, event and answer in one transaction', async () => {
    const act = await prepare(world);
    const { uid } = await act.send();
    const { rows } = await world.admin.query(
      `select xmin::text from ${act.table} where uid = $1
       union all select xmin::text from outbox where causation_id = $2
       union all select xmin::text from idempotency where request_id = $2::uuid`,
      [uid, act.requestId],
    );
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map(({ xmin }) => xmin)).size).toBe(1);
  });
});

const optional = 'CreateSeller';

it.each(rpcs.filter(([rpc]) => rpc !== optional))('%s needs a request id', async (_, prepare) => {
  const act = await prepare(world);
  expect(await refusalOf(act.send({ requestId: '' }))).toMatchObject({
    reason: 'FIELD_INVALID',
    violations: expect.arrayContaining([expect.objectContaining({ field: 'request_id' })]),
  });
});

it('a refused act leaves nothing, so its request id may be sent again', async () => {
  const act = await (acts.CreatePlatform as (typeof rpcs)[0][1])(world);
  await refusalOf(act.send({ identityNumber: '91330106000000000X' }));
  const { rows } = await world.admin.query('select 1 from idempotency where request_id = $1', [
    act.requestId,
  ]);
  expect(rows).toEqual([]);
  expect((await act.send()).etag).toBe('1');
});

it('an answer is forgotten after its days, and the state itself then refuses the repeat', async () => {
  const act = await (acts.CreatePlatform as (typeof rpcs)[0][1])(world);
  const { name } = await act.send();
  world.clock.advance(8 * 86_400_000);
  await eventually('the answer is forgotten', async () => {
    const { rows } = await world.admin.query('select 1 from idempotency where request_id = $1', [
      act.requestId,
    ]);
    return rows.length === 0 || undefined;
  });
  expect(await refusalOf(act.send())).toMatchObject({
    reason: 'NAME_TAKEN',
    facts: { existingName: name, sameContent: 'true' },
  });
});
