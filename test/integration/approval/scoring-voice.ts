/** Scoring as a voice on the bus: what it says of an application, with the headers of a real event. */
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  RefusalGround,
  ScoreComputedSchema,
  ScoreRefusedSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';
import { type Bus, deliveryOf, recordOf, topicName } from '@lianbao/events';
import {
  businessDayOf,
  type CalendarDate,
  partsOf,
  resourceUid,
  type SteppedClock,
  type Tenant,
  type Uid,
} from '@lianbao/kernel';
import { platformName, yuan } from './names.ts';

export interface ScoreSaid {
  readonly grade?: string;
  readonly pdPpm?: bigint;
  /** In yuan. */
  readonly limit?: bigint;
  readonly monthsWithSales?: number;
  readonly newestRecordDate?: CalendarDate;
  readonly asOf?: CalendarDate;
  readonly round?: number;
  /** Another key than the application's, so that the order of events does not hold it back. */
  readonly key?: Uid;
  /** Of another process. */
  readonly through?: Bus;
}

const noes = ['CONSENT_MISSING', 'SELLER_BLOCKED'];

export interface ScoringVoice {
  score(application: string, said?: ScoreSaid): Promise<void>;
  /** On the ground that scoring gives for each reason, unless told otherwise. */
  refuseScore(
    application: string,
    reasons: readonly string[],
    ground?: keyof typeof RefusalGround,
  ): Promise<void>;
}

export function scoringVoice(bus: Bus, clock: SteppedClock): ScoringVoice {
  const sequences = new Map<string, bigint>();
  const send = async <D extends DescMessage>(
    application: string,
    schema: D,
    message: MessageInitShape<D>,
    { key: otherKey, through = bus }: Pick<ScoreSaid, 'key' | 'through'> = {},
  ) => {
    const tenant = 'local' as Tenant;
    const key = otherKey ?? resourceUid(tenant, application);
    const sequence = (sequences.get(key) ?? 0n) + 1n;
    sequences.set(key, sequence);
    const delivery = deliveryOf({
      topic: topicName('score'),
      key,
      epoch: 0n,
      sequence,
      type: schema.typeName,
      subject: `${application}/score`,
      time: clock.now(),
      correlationId: application,
      causationId: 'test',
      audience: [],
      tenant,
      traceparent: undefined,
      payload: toBinary(schema, create(schema, message)),
    });
    await through.send([recordOf(delivery)]);
  };

  return {
    score: (application, said = {}) => {
      const asOf = said.asOf ?? businessDayOf(clock.now());
      return send(
        application,
        ScoreComputedSchema,
        {
          score: `${platformName}/sellers/s/scores/1`,
          seller: `${platformName}/sellers/s`,
          application,
          round: said.round ?? 1,
          points: 600,
          grade: said.grade ?? 'A2',
          pdPpm: said.pdPpm ?? 4_000n,
          suggestedLimit: yuan(said.limit ?? 400_000n),
          limitTerm: 'SALES_12M',
          sales12m: yuan(2_000_000n),
          monthsWithSales: said.monthsWithSales ?? 12,
          newestRecordDate: partsOf(said.newestRecordDate ?? ('2020-02-10' as CalendarDate)),
          modelVersion: 'scoreModels/s/versions/1',
          artefactHash: 'a'.repeat(64),
          inputsHash: 'b'.repeat(64),
          reasons: [
            {
              code: 'SALES_FALLING',
              textZh: '近期销售额明显下滑',
              textEn: 'Sales have fallen noticeably of late',
              hintZh: '销售企稳后再申请',
              hintEn: 'Apply again when sales are stable',
            },
          ],
          asOf: partsOf(asOf),
          validUntil: timestampFromDate(
            new Date(Date.parse(`${asOf}T00:00:00+08:00`) + 2 * 86_400_000),
          ),
        },
        said,
      );
    },
    refuseScore: (application, reasons, ground) =>
      send(application, ScoreRefusedSchema, {
        seller: `${platformName}/sellers/s`,
        application,
        round: 1,
        refusals: reasons.map((reason) => ({
          reason,
          ground: RefusalGround[ground ?? (noes.includes(reason) ? 'RISK' : 'DATA')],
        })),
      }),
  };
}
