/** What scoring says of an application. The inbox has begun the transaction, for a batch of events. */

import { timestampDate } from '@bufbuild/protobuf/wkt';
import {
  RefusalGround,
  type ScoreComputed,
  ScoreComputedSchema,
  type ScoreRefused,
  ScoreRefusedSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';
import { causedBy, type Delivery, on, type Subscription, topicName } from '@lianbao/events';
import { readDate, readMoney } from '@lianbao/grpc';
import { type Clock, namePattern } from '@lianbao/kernel';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type ArrivedEvidence, takeEvidence } from '../application/take-evidence.ts';
import type { EvidenceAnswer } from '../domain/decision/evidence.ts';
import type { TransactionOn } from '../storage/store.ts';

const applicationName = namePattern('platforms/*/applications/*');

export function scoringEvents(transactionOn: TransactionOn, clock: Clock): Subscription {
  const take = async (
    em: EntityManager,
    { application, round }: ScoreComputed | ScoreRefused,
    answer: () => EvidenceAnswer<'SCORE'>,
    delivery: Delivery,
  ): Promise<void> => {
    // A score that was asked for by rpc belongs to no application.
    if (!applicationName.test(application)) return;
    const now = clock();
    const origin = causedBy(delivery, 'SERVICE approval', now);
    const evidence: ArrivedEvidence = { application, round, kind: 'SCORE', answer: answer() };
    await takeEvidence(transactionOn(em, delivery.tenant), origin, evidence, now);
  };
  return {
    group: 'approval.evidence',
    topic: topicName('score'),
    prepare: async (em, deliveries) => {
      const [first] = deliveries;
      if (first === undefined || deliveries.length < 2) return;
      // A score for an application is keyed by it; locking nothing for another key does no harm.
      const keys = [...new Set(deliveries.map(({ key }) => key))];
      await transactionOn(em, first.tenant).lockToDecide(keys);
    },
    handlers: [
      on(ScoreComputedSchema, (em, score, delivery) =>
        take(em, score, () => computed(score), delivery),
      ),
      on(ScoreRefusedSchema, (em, refused, delivery) =>
        take(em, refused, () => refusedAnswer(refused), delivery),
      ),
    ],
  };
}

/** Throws on an event that says no limit or no day: it is parked, never guessed at. */
const computed = (score: ScoreComputed): EvidenceAnswer<'SCORE'> => ({
  state: 'ARRIVED',
  source: score.score,
  validUntil: score.validUntil && timestampDate(score.validUntil).toISOString(),
  content: {
    grade: score.grade,
    points: score.points,
    pdPpm: score.pdPpm,
    suggestedLimitFen: readMoney(score.suggestedLimit, 'suggested_limit').minorUnits,
    limitTerm: score.limitTerm,
    monthsWithSales: score.monthsWithSales,
    newestRecordDate:
      score.newestRecordDate && readDate(score.newestRecordDate, 'newest_record_date'),
    modelVersion: score.modelVersion,
    artefactHash: score.artefactHash,
    inputsHash: score.inputsHash,
    asOf: readDate(score.asOf, 'as_of'),
    reasons: score.reasons.map(({ code, textZh, textEn, hintZh, hintEn }) => ({
      code,
      rule: '',
      texts: [textZh, textEn, hintZh, hintEn],
    })),
  },
});

const refusedAnswer = ({ refusals }: ScoreRefused): EvidenceAnswer<'SCORE'> => ({
  state: 'REFUSED',
  refusals: refusals.map(({ reason, ground }) => ({
    reason,
    ground: ground === RefusalGround.RISK ? 'RISK' : 'DATA',
  })),
});
