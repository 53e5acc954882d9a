/** Requests of scoring that succeed. */
import { randomUUID } from 'node:crypto';
import {
  InvoiceDirection,
  InvoiceStatus,
  ScoreModelService,
  ScoreModelState,
  type ScoreModelVersion,
  ScoringService,
  TradingRecordService,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { toDate } from '@lianbao/grpc';
import { businessDayOf } from '@lianbao/kernel';
import { centralTendencyPpm, lenderName, wholeYuan } from '../../deploy/local/src/set-up.ts';
import { sellerNameOf } from '../../deploy/local/src/steps/sellers.ts';
import { eventually } from '../support/eventually.ts';
import { on, type Sampler } from './sample.ts';
import { bank, newSeller, operator, platform, type World } from './world.ts';

const requestId = () => randomUUID();

const recordsOf = ({ next, system }: World) => [
  {
    source: 'vat',
    externalId: `invoice ${next()}`,
    revision: 1,
    eventDate: toDate(businessDayOf(system.clock())),
    record: {
      case: 'invoice' as const,
      value: {
        direction: InvoiceDirection.SALE,
        counterpartyKey: 'B1',
        netAmount: wholeYuan(1_000n),
        taxAmount: wholeYuan(130n),
        status: InvoiceStatus.VALID,
      },
    },
  },
];

/** A seller that the champion can score. */
const scorable = ({ ready }: World): string => sellerNameOf(ready.applicants[0] as never);

async function scoreOf(world: World): Promise<string> {
  if (!world.hasModel) return `${scorable(world)}/scores/none`;
  const { scoring } = world.system.market.bank(lenderName, 'banker', 'COMMITTEE');
  return (await scoring.scoreSeller({ seller: scorable(world), lender: lenderName })).name;
}

const trainingOf = (world: World, versionId: string) => {
  const day = toDate(businessDayOf(world.system.clock()));
  const known = world.hasModel ? world.ready.labels : [{ seller: scorable(world), bad: true }];
  const labels = known.map((label) => ({ ...label, observedDate: day }));
  return {
    scoreModelId: 'trial',
    versionId,
    asOf: day,
    // Each a model of its own: the same sample would give the same artefact.
    centralTendencyPpm: centralTendencyPpm + BigInt(world.next()),
    labels,
    requestId: requestId(),
  };
};

/** Trained by `maker`, and what the wait for it ends with. */
export async function newModel(world: World): Promise<Pick<ScoreModelVersion, 'name' | 'etag'>> {
  if (world.isRehearsal) return { name: 'scoreModels/invoices/versions/1', etag: '1' };
  const { models } = world.system.market.operator('maker');
  const { name } = await models.trainModel(trainingOf(world, `v${world.next()}`));
  return whenTrained(world, name);
}

const whenTrained = (world: World, name: string) =>
  eventually(
    `${name} is trained`,
    async () => {
      const { models } = world.system.market.operator('maker');
      const model = await models.getScoreModelVersion({ name });
      return model.state === ScoreModelState.TRAINING ? undefined : model;
    },
    { withinMs: 40_000, everyMs: 100 },
  );

const model = ScoreModelService.method;
const scoring = ScoringService.method;
const trading = TradingRecordService.method;

export const scoringSamples: readonly Sampler[] = [
  on(trading.submitTradingRecords, async (world) => ({
    claims: platform,
    request: { parent: (await newSeller(world)).name, records: recordsOf(world) },
  })),
  on(trading.streamTradingRecords, async (world) => ({
    claims: platform,
    request: { parent: (await newSeller(world)).name, records: recordsOf(world) },
  })),
  on(trading.getTradingCoverage, (world) => ({
    claims: platform,
    request: { seller: scorable(world) },
  })),

  on(scoring.scoreSeller, (world) => ({
    claims: bank,
    request: { seller: scorable(world), lender: lenderName },
  })),
  on(scoring.getScore, async (world) => ({
    claims: platform,
    request: { name: await scoreOf(world) },
  })),
  on(scoring.listScores, (world) => ({ claims: platform, request: { parent: scorable(world) } })),
  on(scoring.explainScore, async (world) => ({
    claims: platform,
    request: { name: await scoreOf(world) },
  })),
  on(scoring.replayScore, async (world) => ({
    claims: platform,
    request: { name: await scoreOf(world) },
  })),

  on(model.trainModel, (world) => {
    const versionId = `v${world.next()}`;
    return {
      claims: operator('maker'),
      request: trainingOf(world, versionId),
      change: () => whenTrained(world, `scoreModels/trial/versions/${versionId}`),
    };
  }),
  on(model.validateModel, async (world) => {
    const { name, etag } = await newModel(world);
    const { models } = world.system.market.operator('promoter');
    return {
      claims: operator('validator'),
      request: { name, etag, requestId: requestId() },
      change: async () => {
        const now = await models.getScoreModelVersion({ name });
        await models.promoteModel({ name, etag: now.etag, requestId: requestId() });
      },
    };
  }),
  on(model.promoteModel, async (world) => {
    const { name, etag } = await newModel(world);
    const { models } = world.system.market.operator('validator');
    const validated = world.isRehearsal
      ? { etag }
      : await models.validateModel({ name, etag, requestId: requestId() });
    return {
      claims: operator('promoter'),
      request: { name, etag: validated.etag, requestId: requestId() },
    };
  }),
  on(model.getScoreModelVersion, () => ({
    claims: operator('reader'),
    request: { name: 'scoreModels/invoices/versions/1' },
  })),
  on(model.listScoreModelVersions, () => ({
    claims: operator('reader'),
    request: { parent: 'scoreModels/invoices' },
  })),
];
