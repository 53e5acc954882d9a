import { expect, it } from 'vitest';
import { giveChampion, send } from './models.ts';
import { invoice, tradeOf } from './records.ts';
import { lender, openWorld, seller, type World } from './world.ts';

async function scoredWorld(): Promise<{ world: World; name: string }> {
  const world = await openWorld();
  await giveChampion(world);
  await send(world, seller, tradeOf(7, 0.3));
  world.party.consents.add(`${seller} ${lender} SCORING`);
  world.party.consents.add(`${seller} ${lender} SHARE_WITH_LENDER`);
  const { name } = await world.bank.scores.scoreSeller({ seller, lender });
  return { world, name };
}

it('replays a score bit for bit, though more records and corrections came since', async () => {
  const { world, name } = await scoredWorld();
  await send(world, seller, [
    invoice({ id: 'late', date: '2020-02-01', fen: 99_999_99n }),
    invoice({ id: 'S4', date: '2020-02-16', fen: 1n, revision: 2 }),
  ]);
  world.clock.advance(40 * 86_400_000);
  expect(await world.bank.scores.replayScore({ name })).toMatchObject({
    identical: true,
    differences: [],
  });
});

it('shows one thing altered in a stored score, whichever', async () => {
  const { world, name } = await scoredWorld();
  const alterations: readonly (readonly [change: string, fields: readonly string[]])[] = [
    ['vector[1] = vector[1] + 1e-9', ['inputs_hash', 'vector[0]']],
    [`vector[2] = 'NaN'`, ['inputs_hash', 'vector[1]']],
    ['points = points + 1', ['points']],
    ['pd_ppm = pd_ppm + 1', ['pd_ppm']],
    [`grade = case grade when 'A1' then 'A2' else 'A1' end`, ['grade']],
    ['limit_fen = limit_fen + 1', ['suggested_limit']],
    [`limit_term = limit_term || '?'`, ['limit_term']],
    ['bins[1] = bins[1] + 1', ['bins[0]']],
    ['bin_points[1] = bin_points[1] + 1', ['bin_points[0]']],
    [`reasons_to_best = reasons_to_best - 0`, ['reasons_to_best[0]']],
    [`reasons_to_mean = jsonb_set(reasons_to_mean, '{0,pointsLost}', '0')`, ['reasons_to_mean[0]']],
    ['sales_12m_fen = sales_12m_fen + 1', ['inputs_hash', 'sales_12m']],
    ['free_cash_90d_fen = free_cash_90d_fen + 1', ['inputs_hash', 'free_cash_90d']],
    ['months_with_sales = months_with_sales - 1', ['inputs_hash', 'months_with_sales']],
    ['newest_record_date = newest_record_date - 1', ['inputs_hash', 'newest_record_date']],
    ['watermark = watermark - 1', ['inputs_hash']],
    [`inputs_hash = reverse(inputs_hash)`, ['inputs_hash']],
  ];
  for (const [change, fields] of alterations) {
    await world.admin.query(`create temporary table whole as select * from score`);
    await world.admin.query(`update score set ${change}`);
    const replayed = await world.bank.scores.replayScore({ name });
    expect(replayed.identical, change).toBe(false);
    const found = replayed.differences.map(({ field }) => field);
    expect(found, change).toEqual(expect.arrayContaining([...fields]));
    await world.admin.query('delete from score');
    await world.admin.query('insert into score select * from whole');
    await world.admin.query('drop table whole');
  }
  expect(await world.bank.scores.replayScore({ name })).toMatchObject({ identical: true });
});

it('finds a record that was altered behind its back', async () => {
  const { world, name } = await scoredWorld();
  await world.admin.query(
    `update trading_record set net_fen = net_fen + 1 where external_id = 'S100' and seller_key =
       (select seller_key from trading_head where seller = $1)`,
    [seller],
  );
  const { differences } = await world.bank.scores.replayScore({ name });
  expect(differences.map(({ field }) => field)).toContain('sales_12m');
});

it('refuses an artefact in which one byte was altered', async () => {
  const { world, name } = await scoredWorld();
  const { rows } = await world.admin.query<{ length: number }>(
    'select length(content) from model_artefact',
  );
  const length = rows[0]?.length ?? 0;
  const flip = (at: number) =>
    world.admin.query(
      'update model_artefact set content = set_byte(content, $1, get_byte(content, $1) # 1)',
      [at],
    );
  for (const at of [0, Math.floor(length / 3), length - 1]) {
    await flip(at);
    await expect(world.bank.scores.replayScore({ name })).rejects.toMatchObject({
      reason: 'ARTEFACT_CORRUPT',
    });
    await flip(at);
  }
  expect(await world.bank.scores.replayScore({ name })).toMatchObject({ identical: true });
});
