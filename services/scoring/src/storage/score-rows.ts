import { publish } from '@lianbao/events';
import type { Tenant } from '@lianbao/kernel';
import { pageStart, slicedBy, sql, sqlUnawaited } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ScoreRows } from '../application/ports.ts';
import type { Score } from '../domain/score.ts';
import { scoreComputed, scoreRefused } from '../events/scoring-events.ts';

/** Columns, each with the field it holds; sql by hand maps them here and nowhere else. */
const columns = `uid, name, seller, lender, application, round, points, grade, pd_ppm, limit_fen,
  limit_term, model_version, artefact_hash, policy_hash, as_of, watermark, vector, bins, bin_points,
  reasons_to_best, reasons_to_mean, sales_12m_fen, lowest_month_fen, first_quartile_month_fen,
  free_cash_90d_fen, months_with_sales, newest_record_date, missing_data, inputs_hash, created_at,
  expires_at`;

const places = columns.split(',').map((_, at) => `$${at + 1}`);

const inserting = `insert into score (${columns}) values (${places.join(', ')})
  on conflict (tenant, uid) do nothing`;

const valuesOf = (score: Score): readonly unknown[] => [
  score.uid,
  score.name,
  score.seller,
  score.lender,
  score.application ?? null,
  score.round,
  score.points,
  score.grade,
  score.pdPpm,
  score.limitFen,
  score.limitTerm,
  score.modelVersion,
  score.artefactHash,
  score.policyHash,
  score.asOf,
  score.watermark,
  score.vector,
  score.bins,
  score.binPoints,
  JSON.stringify(score.reasonsToBest),
  JSON.stringify(score.reasonsToMean),
  score.sales12mFen,
  score.lowestMonthFen,
  score.firstQuartileMonthFen,
  score.freeCash90Fen,
  score.monthsWithSales,
  score.newestRecordDate,
  score.missingData,
  score.inputsHash,
  score.createdAt,
  score.expiresAt,
];

interface ScoreRow {
  readonly uid: Score['uid'];
  readonly name: string;
  readonly seller: string;
  readonly lender: string;
  readonly application: string | null;
  readonly round: number;
  readonly points: number;
  readonly grade: Score['grade'];
  readonly pd_ppm: string;
  readonly limit_fen: string;
  readonly limit_term: Score['limitTerm'];
  readonly model_version: string;
  readonly artefact_hash: string;
  readonly policy_hash: string;
  readonly as_of: Score['asOf'];
  readonly watermark: string;
  readonly vector: number[];
  readonly bins: number[];
  readonly bin_points: number[];
  readonly reasons_to_best: Score['reasonsToBest'];
  readonly reasons_to_mean: Score['reasonsToMean'];
  readonly sales_12m_fen: string;
  readonly lowest_month_fen: string;
  readonly first_quartile_month_fen: string;
  readonly free_cash_90d_fen: string;
  readonly months_with_sales: number;
  readonly newest_record_date: Score['newestRecordDate'];
  readonly missing_data: Score['missingData'];
  readonly inputs_hash: string;
  readonly created_at: string;
  readonly expires_at: string;
}

const selected = columns
  .replace('as_of', 'as_of::text')
  .replace('newest_record_date', 'newest_record_date::text');

const scoreFrom = (row: ScoreRow): Score => ({
  uid: row.uid,
  name: row.name,
  seller: row.seller,
  lender: row.lender,
  application: row.application ?? undefined,
  round: row.round,
  points: row.points,
  grade: row.grade,
  pdPpm: BigInt(row.pd_ppm),
  limitFen: BigInt(row.limit_fen),
  limitTerm: row.limit_term,
  modelVersion: row.model_version,
  artefactHash: row.artefact_hash,
  policyHash: row.policy_hash,
  asOf: row.as_of,
  watermark: BigInt(row.watermark),
  vector: row.vector,
  bins: row.bins,
  binPoints: row.bin_points,
  reasonsToBest: row.reasons_to_best,
  reasonsToMean: row.reasons_to_mean,
  sales12mFen: BigInt(row.sales_12m_fen),
  lowestMonthFen: BigInt(row.lowest_month_fen),
  firstQuartileMonthFen: BigInt(row.first_quartile_month_fen),
  freeCash90Fen: BigInt(row.free_cash_90d_fen),
  monthsWithSales: row.months_with_sales,
  newestRecordDate: row.newest_record_date,
  missingData: row.missing_data,
  inputsHash: row.inputs_hash,
  createdAt: new Date(row.created_at),
  expiresAt: new Date(row.expires_at),
});

export const scoreRowsOn = (em: EntityManager, tenant: Tenant): ScoreRows => ({
  insertScore: async (score) => {
    const { affected } = await sql(em, inserting, valuesOf(score));
    return affected === 1;
  },

  addScore: async (score) => {
    sqlUnawaited(em, inserting, valuesOf(score));
  },

  scoreComputed: (origin, score) => publish(em, origin, scoreComputed(tenant, score)),
  scoreRefused: (origin, refused) => publish(em, origin, scoreRefused(tenant, refused)),

  insertAnswer: async ({ application, round, scoreUid, refusals, answeredAt }) => {
    const { affected } = await sql(
      em,
      `insert into application_answer (application, round, score_uid, refusals, answered_at)
       values ($1, $2, $3, $4, $5) on conflict (tenant, application, round) do nothing`,
      [application, round, scoreUid ?? null, refusals, answeredAt],
    );
    return affected === 1;
  },

  scoreNamed: async (name) => {
    const { rows } = await sql<ScoreRow>(em, `select ${selected} from score where name = $1`, [
      name,
    ]);
    return rows[0] && scoreFrom(rows[0]);
  },

  scoresOf: async ({ seller, lender }, slice) => {
    const start = pageStart(slice);
    const { rows } = await sql<ScoreRow>(
      em,
      `select ${selected} from score
        where seller = $1 and ($2::text is null or lender = $2)
          and ($3::timestamptz is null or (created_at, uid) < ($3, $4::uuid))
        order by created_at desc, uid desc limit $5`,
      [seller, lender ?? null, start?.createdAt ?? null, start?.uid ?? null, slice.size + 1],
    );
    return slicedBy(rows.map(scoreFrom), slice.size, (score) => score);
  },
});
