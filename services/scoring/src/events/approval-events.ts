/** What approval says: applications that want a score, and policies. */
import { toJson } from '@bufbuild/protobuf';
import {
  ApplicationSubmittedSchema,
  PolicyActivatedSchema,
} from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import { EvidenceKind } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { PolicyContentSchema } from '@lianbao/api/lianbao/approval/v1/policy_pb';
import { causedBy, NotYet, on, type Subscription, topicName } from '@lianbao/events';
import { readTimestamp } from '@lianbao/grpc';
import type { Clock } from '@lianbao/kernel';
import { sql } from '@lianbao/persistence';
import type { AnswerApplication } from '../application/answer-application.ts';
import type { TransactionOn } from '../storage/store.ts';

export const applicationEvents = (
  answer: AnswerApplication,
  transactionOn: TransactionOn,
  clock: Clock,
): Subscription => ({
  group: 'scoring.applications',
  topic: topicName('application'),
  independent: true,
  handlers: [
    on(ApplicationSubmittedSchema, async (em, event, delivery) => {
      const { application, round, seller, lender, policyHash, evidenceWanted } = event;
      if (!evidenceWanted.includes(EvidenceKind.SCORE)) return;
      const { tenant } = delivery;
      const answered = await answer(
        transactionOn(em, tenant),
        tenant,
        causedBy(delivery, 'scoring', clock()),
        { application, round, seller, lender, policyHash },
      );
      if (answered === 'LATER') throw new NotYet(`${application}: a view or policy is to come`);
    }),
  ],
});

export const policyEvents: Subscription = {
  group: 'scoring.policy',
  topic: topicName('policy'),
  handlers: [
    on(
      PolicyActivatedSchema,
      async (em, { policyVersion, contentHash, effectiveTime, content }) => {
        if (content === undefined) throw new Error(`${policyVersion} has no content`);
        // The same content may be in force again, as after a roll-back.
        await sql(
          em,
          `insert into policy_view (hash, version, effective_at, content) values ($1, $2, $3, $4)
         on conflict (tenant, hash) do update
           set version = excluded.version, effective_at = excluded.effective_at, number = default`,
          [
            contentHash,
            policyVersion,
            readTimestamp(effectiveTime, 'effective_time'),
            JSON.stringify(toJson(PolicyContentSchema, content)),
          ],
        );
      },
    ),
  ],
};
