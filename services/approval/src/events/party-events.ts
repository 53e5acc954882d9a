/** What party says of lenders, for the view that spares a call with every submission. */
import {
  PartnerChangedSchema,
  WhitelistChangedSchema,
} from '@lianbao/api/lianbao/party/v1/party_events_pb';
import { on, type Subscription, topicName } from '@lianbao/events';
import { readMoney } from '@lianbao/grpc';
import type { TransactionOn } from '../storage/store.ts';

export const partyEvents = (transactionOn: TransactionOn): Subscription => ({
  group: 'approval.partners',
  topic: topicName('partner'),
  handlers: [
    on(PartnerChangedSchema, async (em, { partner }, { tenant }) => {
      if (partner.case !== 'lender') return;
      const { name, capital, whitelist } = partner.value;
      const capitalFen = readMoney(capital, 'capital').minorUnits;
      await transactionOn(em, tenant).saveLender(name, { capitalFen, whitelist });
    }),
    on(WhitelistChangedSchema, (em, { lender, platform, listed }, { tenant }) =>
      transactionOn(em, tenant).listPlatform(lender, platform, listed),
    ),
  ],
});
