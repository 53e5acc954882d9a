/** A market with labelled sellers and, on request, a champion trained on them through the real rpcs. */
import { randomUUID } from 'node:crypto';
import {
  ScoreModelState,
  type ScoreModelVersion,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { resourceUid } from '@lianbao/kernel';
import { eventually } from '../../support/eventually.ts';
import { type Record, tradeOf } from './records.ts';
import { platform, tenant, type World } from './world.ts';

export const model = 'scoreModels/invoices/versions/v1';

export const shop = (number: number) => `${platform}/sellers/shop-${number}`;

export async function send(world: World, seller: string, records: Record[]): Promise<void> {
  if (!world.party.sellers.has(seller)) {
    world.party.sellers.set(seller, { isBlocked: false, legalPersonKey: `key of ${seller}` });
  }
  await world.platform.records.submitTradingRecords({ parent: seller, records });
}

/** A hundred shops: a quarter weak, most of which defaulted; of the others few did. */
export const shops = Array.from({ length: 100 }, (_, number) => {
  const isWeak = number % 4 === 0;
  return {
    seller: shop(number),
    number,
    isWeak,
    isBad: isWeak ? number % 12 > 0 : number % 11 === 1,
  };
});

export async function sendShops(world: World): Promise<void> {
  for (const { seller, number, isWeak } of shops) {
    const strength = isWeak ? 0.15 + (number % 7) / 30 : 0.5 + (number % 9) / 8;
    await send(world, seller, tradeOf(number + 1, strength, { each: 14 }));
  }
}

export const trainRequest = (version = 'v1') => ({
  scoreModelId: 'invoices',
  versionId: version,
  asOf: { year: 2020, month: 2, day: 21 },
  centralTendencyPpm: 30_000n,
  labels: shops.map(({ seller, isBad }) => ({
    seller,
    bad: isBad,
    observedDate: { year: 2020, month: 2, day: 21 },
  })),
  requestId: randomUUID(),
});

export const awaitTrained = (world: World, name = model): Promise<ScoreModelVersion> =>
  eventually(
    `training of ${name}`,
    async () => {
      const found = await world.operator('reader').models.getScoreModelVersion({ name });
      return found.state === ScoreModelState.TRAINING ? undefined : found;
    },
    { withinMs: 40_000, everyMs: 100 },
  );

/** Trained by ann, validated by bob, promoted by eve. */
export async function makeChampion(world: World, version = 'v1'): Promise<ScoreModelVersion> {
  const name = `scoreModels/invoices/versions/${version}`;
  await world.operator('ann').models.trainModel(trainRequest(version));
  await awaitTrained(world, name);
  const { etag } = await world
    .operator('bob')
    .models.validateModel({ name, requestId: randomUUID() });
  return world.operator('eve').models.promoteModel({ name, etag, requestId: randomUUID() });
}

const modelTables = ['score_model_version', 'model_artefact'] as const;
let made: readonly (readonly [table: string, rows: string])[] | undefined;

/** The same champion in each world of a test file: made once, then copied row by row. */
export async function giveChampion(world: World): Promise<void> {
  if (made === undefined) {
    await sendShops(world);
    await makeChampion(world);
    made = await Promise.all(
      modelTables.map(async (table) => {
        const { rows } = await world.admin.query<{ rows: string }>(
          `select json_agg(t)::text as rows from ${table} as t`,
        );
        return [table, rows[0]?.rows ?? ''] as const;
      }),
    );
    return;
  }
  for (const [table, rows] of made) {
    await world.admin.query(
      `insert into ${table} select * from json_populate_recordset(null::${table}, $1)`,
      [rows],
    );
  }
}

/** Another version with all that the first has. */
export async function copyModel(world: World, version: string): Promise<string> {
  const name = `scoreModels/invoices/versions/${version}`;
  await world.admin.query(
    `insert into score_model_version
     select (json_populate_record(m, json_build_object('uid', $1::text, 'name', $2::text))).*
       from score_model_version as m where name = $3`,
    [resourceUid(tenant, name), name, model],
  );
  return name;
}
