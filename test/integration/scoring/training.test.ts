import { ScoreModelState } from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import pg from 'pg';
import { expect, it } from 'vitest';
import type { FreshDatabase } from '../../support/database.ts';
import { awaitTrained, model, send, sendShops, shop, trainRequest } from './models.ts';
import { invoice } from './records.ts';
import { openWorld } from './world.ts';

/** What a process that is killed while it trains leaves behind: a lease that nobody ends. */
async function leaseAsKilled({ adminUrl }: FreshDatabase): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  const { rowCount } = await admin.query(
    `update timer set lease = gen_random_uuid(), due_at = due_at + interval '60 seconds'
      where kind = 'train-model'`,
  );
  await admin.end();
  expect(rowCount).toBe(1);
}

it('refuses labels that cannot train a model, all at once', async () => {
  const world = await openWorld();
  const observedDate = { year: 2020, month: 2, day: 22 };
  const labels = [
    { seller: shop(1), bad: false, observedDate },
    { seller: shop(1), bad: false, observedDate: { year: 2020, month: 2, day: 21 } },
  ];
  const call = world.operator('ann').models.trainModel({
    ...trainRequest(),
    asOf: observedDate,
    labels,
  });
  await expect(call).rejects.toMatchObject({
    reason: 'FIELD_INVALID',
    violations: [
      { field: 'as_of', reason: 'date.future' },
      { field: 'labels', reason: 'labels.too_few' },
      { field: 'labels', reason: 'labels.one_outcome' },
      { field: 'labels[0].seller', reason: 'seller.no_records' },
      { field: 'labels[0].observed_date', reason: 'date.future' },
      { field: 'labels[1].seller', reason: 'labels.repeated' },
      { field: 'labels[1].seller', reason: 'seller.no_records' },
    ],
  });
});

it('ends FAILED, with the reason, when the sample cannot carry a model', async () => {
  const world = await openWorld();
  await sendShops(world);
  const request = trainRequest();
  const labels = request.labels.map((label, at) => ({ ...label, bad: at === 3 }));
  await world.operator('ann').models.trainModel({ ...request, labels });
  const failed = await awaitTrained(world);
  expect(failed.state).toBe(ScoreModelState.FAILED);
  expect(failed.failure).not.toBe('');
});

it('trains again what a killed process had begun, and comes to the same model', async () => {
  const world = await openWorld();
  await sendShops(world);
  await world.operator('ann').models.trainModel(trainRequest('v1'));
  await awaitTrained(world);
  const whole = await world.operator('ann').models.getScoreModelVersion({ name: model });
  const name = 'scoreModels/invoices/versions/v2';
  await world.operator('ann').models.trainModel(trainRequest('v2'));
  await send(world, shop(1), [invoice({ id: 'after the call', date: '2020-02-20' })]);
  await world.close();
  await leaseAsKilled(world.database);

  const next = await openWorld({ database: world.database });
  next.clock.advance(59_000);
  expect(await next.operator('ann').models.getScoreModelVersion({ name })).toMatchObject({
    state: ScoreModelState.TRAINING,
  });
  next.clock.advance(1_001);
  const trained = await awaitTrained(next, name);
  expect(trained).toMatchObject({
    state: ScoreModelState.DRAFT,
    artefactHash: whole.artefactHash,
  });
});
