import { publish, recordChange } from '@lianbao/events';
import { type CalendarDate, type Origin, resourceUid, type Tenant } from '@lianbao/kernel';
import { pageOptions, rowsAfter, setTimer, slicedBy, sql } from '@lianbao/persistence';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import type { ModelRows } from '../application/ports.ts';
import { refusals } from '../domain/refusals.ts';
import type { ScoreModelVersion } from '../domain/score-model.ts';
import { scoreModelPromoted } from '../events/scoring-events.ts';
import { numbersText, textsText } from './array-text.ts';
import { ScoreModelRow } from './score-model-row.ts';

export const trainingTimer = 'train-model';

const modelFrom = (row: ScoreModelRow): ScoreModelVersion => ({
  name: row.name,
  state: row.state,
  asOf: row.asOf as CalendarDate,
  centralTendencyPpm: row.centralTendencyPpm,
  labelCount: row.labelCount,
  artefactHash: row.artefactHash ?? undefined,
  report: row.report ?? undefined,
  failure: row.failure ?? undefined,
  maker: row.maker,
  validator: row.validator ?? undefined,
  promoter: row.promoter ?? undefined,
  revision: row.revision,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

const rowOf = (model: ScoreModelVersion) => ({
  name: model.name,
  state: model.state,
  asOf: model.asOf,
  centralTendencyPpm: model.centralTendencyPpm,
  labelCount: model.labelCount,
  artefactHash: model.artefactHash ?? null,
  report: model.report ?? null,
  failure: model.failure ?? null,
  maker: model.maker,
  validator: model.validator ?? null,
  promoter: model.promoter ?? null,
  createdAt: model.createdAt,
  updatedAt: model.updatedAt,
});

export const scoreModelRowsOn = (em: EntityManager, tenant: Tenant): ModelRows => {
  const uidOf = (name: string) => resourceUid(tenant, name);

  /** An audit row: what the change leaves, without the report, which the artefact's hash stands for. */
  const audit = (origin: Origin, { name, state, artefactHash, revision }: ScoreModelVersion) =>
    recordChange(em, origin, {
      key: uidOf(name),
      subject: name,
      content: { name, state, artefactHash: artefactHash ?? null, revision },
    });

  return {
    reserveModelName: async (name) => {
      await sql(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `score model ${tenant} ${name}`,
      ]);
    },

    modelNamed: async (name, lock) => {
      const row = await em.findOne(
        ScoreModelRow,
        { tenant, uid: uidOf(name) },
        lock === undefined
          ? { refresh: true }
          : { refresh: true, lockMode: LockMode.PESSIMISTIC_WRITE },
      );
      return row === null ? undefined : modelFrom(row);
    },

    modelsOf: async (parent, slice) => {
      const named = parent === '' ? {} : { name: { $like: `${parent}/versions/%` } };
      const where = { ...named, ...rowsAfter(slice) };
      const rows = await em.find(ScoreModelRow, where, pageOptions(slice));
      const { items, next } = slicedBy(rows, slice.size, (row) => row);
      return { items: items.map(modelFrom), next };
    },

    insertModel: async (origin, model, labels) => {
      const uid = uidOf(model.name);
      await em.insert(ScoreModelRow, { tenant, uid, revision: 1, ...rowOf(model) });
      await sql(
        em,
        `insert into training_label (model_uid, place, seller, is_bad, observed_date, watermark)
         select $1, * from unnest($2::int[], $3::text[], $4::boolean[], $5::date[], $6::bigint[])`,
        [
          uid,
          numbersText(labels.map((_, place) => place)),
          textsText(labels.map(({ seller }) => seller)),
          numbersText(labels.map(({ isBad }) => isBad)),
          textsText(labels.map(({ observedDate }) => observedDate)),
          numbersText(labels.map(({ watermark }) => watermark)),
        ],
      );
      await audit(origin, model);
    },

    saveModel: async (origin, from, to) => {
      const { name, state, revision } = from;
      const affected = await em.nativeUpdate(
        ScoreModelRow,
        { tenant, uid: uidOf(name), state, revision },
        { ...rowOf(to), revision: revision + 1 },
      );
      if (affected === 0) throw refusals.ETAG_MISMATCH({ name });
      // Becoming champion, and ceasing to be, is told by ScoreModelPromoted.
      if (to.state !== 'CHAMPION' && from.state !== 'CHAMPION') {
        await audit(origin, { ...to, revision: revision + 1 });
      }
    },

    lockChampion: async () => {
      await sql(em, `select pg_advisory_xact_lock(hashtextextended('champion ' || $1, 0))`, [
        tenant,
      ]);
    },

    championModel: async () => {
      const row = await em.findOne(ScoreModelRow, { tenant, state: 'CHAMPION' }, { refresh: true });
      return row === null ? undefined : modelFrom(row);
    },

    promoted: (origin, champion, retired) =>
      publish(em, origin, scoreModelPromoted(tenant, champion, retired)),

    labelsOf: async (model) => {
      const { rows } = await sql<{
        place: number;
        seller: string;
        is_bad: boolean;
        observed_date: CalendarDate;
        watermark: string;
        vector: number[] | null;
      }>(
        em,
        `select place, seller, is_bad, observed_date::text, watermark, vector
           from training_label where model_uid = $1 order by place`,
        [uidOf(model)],
      );
      return rows.map((row) => ({
        place: row.place,
        seller: row.seller,
        isBad: row.is_bad,
        observedDate: row.observed_date,
        watermark: BigInt(row.watermark),
        vector: row.vector ?? undefined,
      }));
    },

    storeVectors: async (model, vectors) => {
      await sql(
        em,
        `update training_label as l set vector = v.vector::float8[]
           from unnest($2::int[], $3::text[]) as v (place, vector)
          where model_uid = $1 and l.place = v.place`,
        [
          uidOf(model),
          numbersText([...vectors.keys()]),
          textsText([...vectors.values()].map((vector) => numbersText(vector))),
        ],
      );
    },

    insertArtefact: async (hash, text) => {
      await sql(
        em,
        'insert into model_artefact (hash, content) values ($1, $2) on conflict do nothing',
        [hash, Buffer.from(text)],
      );
    },

    artefact: async (hash) => {
      const { rows } = await sql<{ content: Buffer }>(
        em,
        'select content from model_artefact where hash = $1',
        [hash],
      );
      return rows[0]?.content.toString();
    },

    startTraining: (model, now) =>
      setTimer(em, { kind: trainingTimer, subject: model, dueAt: now }),
  };
};
