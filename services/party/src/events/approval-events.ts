/** What approval says that party must know: the policy in force. */
import { PolicyActivatedSchema } from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import { on, type Subscription, topicName } from '@lianbao/events';
import { readTimestamp } from '@lianbao/grpc';
import { keepPolicy } from '../storage/policy-store.ts';

export const approvalEvents: Subscription = {
  group: 'party.policy',
  topic: topicName('policy'),
  handlers: [
    on(
      PolicyActivatedSchema,
      async (em, { policyVersion, contentHash, effectiveTime, content }) => {
        const verificationMonthsMax = content?.party?.verificationMonthsMax;
        if (verificationMonthsMax === undefined) {
          throw new TypeError(`${policyVersion} has no section party`);
        }
        await keepPolicy(em, {
          version: policyVersion,
          contentHash,
          effectiveTime: readTimestamp(effectiveTime, 'effective_time'),
          verificationMonthsMax,
        });
      },
    ),
  ],
};
