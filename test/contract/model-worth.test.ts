/** What a model is said to be worth: nothing where there is nothing to learn, and never by looking ahead. */
import { randomUUID } from 'node:crypto';
import {
  InvoiceDirection,
  InvoiceStatus,
  type Score,
  ScoreModelState,
  type ScoreModelVersion,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { toDate } from '@lianbao/grpc';
import { addDays, businessDayOf } from '@lianbao/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../deploy/local/src/market/random.ts';
import {
  centralTendencyPpm,
  type Label,
  lenderName,
  platformName,
  wholeYuan,
} from '../../deploy/local/src/set-up.ts';
import { sellerNameOf } from '../../deploy/local/src/steps/sellers.ts';
import { eventually } from '../support/eventually.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ labelledCount: 150, applicantCount: 1 });
});
afterAll(() => world?.system.stop());

const models = () => world.system.market.operator('maker').models;
const today = () => businessDayOf(world.system.clock());

async function trained(versionId: string, labels: readonly Label[]): Promise<ScoreModelVersion> {
  const day = toDate(today());
  const { name } = await models().trainModel({
    ...{ scoreModelId: 'worth', versionId, asOf: day, centralTendencyPpm },
    labels: labels.map((label) => ({ ...label, observedDate: day })),
    requestId: randomUUID(),
  });
  return eventually(
    `${name} is trained`,
    async () => {
      const model = await models().getScoreModelVersion({ name });
      return model.state === ScoreModelState.TRAINING ? undefined : model;
    },
    { withinMs: 50_000, everyMs: 100 },
  );
}

/** The same labels, dealt out anew. */
function shuffled(labels: readonly Label[], seed: number): readonly Label[] {
  const random = seededRandom(seed);
  const outcomes = labels.map(({ bad }) => bad);
  for (let at = outcomes.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [outcomes[at], outcomes[other]] = [outcomes[other] as boolean, outcomes[at] as boolean];
  }
  return labels.map(({ seller }, at) => ({ seller, bad: outcomes[at] as boolean }));
}

it('prints an AUC of about one half when the labels are shuffled', async () => {
  const real = await models().getScoreModelVersion({ name: 'scoreModels/invoices/versions/1' });
  const realAuc = Number(real.report?.aucPpm) / 1e6;
  expect(realAuc).toBeGreaterThan(0.7);
  expect(Math.abs(Number(real.report?.shuffledAucPpm) / 1e6 - 0.5)).toBeLessThan(0.1);
  const found: number[] = [];
  for (const seed of [1, 2, 3]) {
    const { state, report } = await trained(`shuffled-${seed}`, shuffled(world.ready.labels, seed));
    if (state === ScoreModelState.DRAFT) found.push(Number(report?.aucPpm) / 1e6);
  }
  expect(found.length).toBeGreaterThan(0); // Others found nothing to learn, and said so.
  const mean = found.reduce((sum, auc) => sum + auc, 0) / found.length;
  expect(Math.abs(mean - 0.5), `${found} against ${realAuc}`).toBeLessThan(0.12);
});

it('lets a record dated tomorrow change no score of today, and one of tomorrow', async () => {
  const [firm] = world.ready.applicants;
  const seller = sellerNameOf(firm as never);
  const { scoring } = world.system.market.bank(lenderName, 'banker', 'COMMITTEE');
  const scoreNow = () => scoring.scoreSeller({ seller, lender: lenderName });
  const before = await scoreNow();
  const { records } = world.system.market.platform(platformName);
  const { results } = await records.submitTradingRecords({
    parent: seller,
    records: Array.from({ length: 50 }, (_, at) => ({
      source: 'vat',
      externalId: `of tomorrow ${at}`,
      revision: 1,
      eventDate: toDate(addDays(today(), 1)),
      record: {
        case: 'invoice',
        value: {
          direction: InvoiceDirection.SALE,
          counterpartyKey: `B${at}`,
          netAmount: wholeYuan(9_000_000n),
          taxAmount: wholeYuan(1_170_000n),
          status: at % 2 === 0 ? InvoiceStatus.VALID : InvoiceStatus.VOID,
        },
      },
    })),
  });
  expect(results).toHaveLength(50);
  const after = await scoreNow();
  expect(after.watermark).toBe(before.watermark + 50n);
  expect(worthOf(after)).toEqual(worthOf(before));
  expect(await scoring.replayScore({ name: after.name })).toMatchObject({ identical: true });

  world.system.advance(86_400_000);
  const ofTomorrow = await scoreNow();
  expect(worthOf(ofTomorrow)).not.toEqual(worthOf(before));
  // Those of today still come out as they did.
  for (const { name } of [before, after]) {
    expect(await scoring.replayScore({ name })).toMatchObject({ identical: true });
  }
});

/** All that a score says of the seller, without its name and what it has read. */
const worthOf = ({
  points,
  grade,
  pdPpm,
  suggestedLimit,
  reasons,
  sales12m,
  freeCash90d,
}: Score) => ({
  ...{ points, grade, pdPpm, suggestedLimit, reasons, sales12m, freeCash90d },
});
