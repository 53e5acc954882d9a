/** What an event says, in a few words, and which service says it to whom. */
import { isMessage, type Message } from '@bufbuild/protobuf';
import {
  ApplicationDecidedSchema,
  ApplicationSubmittedSchema,
} from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import { DecisionOutcomeSchema } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  ConsentGrantedSchema,
  SellerRegisteredSchema,
  SellerVerifiedSchema,
} from '@lianbao/api/lianbao/party/v1/party_events_pb';
import { ConsentPurposeSchema } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import {
  ScoreComputedSchema,
  ScoreRefusedSchema,
  TradingRecordsAddedSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';
import { readMoney } from '@lianbao/grpc';
import { formatMoney, idOf, percentOfPpm } from '@lianbao/kernel';
import { enumName } from '../enum-name.ts';
import type { Step } from './road.ts';

export function eventLine(message: Message): Step | undefined {
  const said = (who: string, outcome: string): Step => ({
    kind: 'event',
    what: message.$typeName.slice(message.$typeName.lastIndexOf('.') + 1),
    who,
    outcome,
  });
  if (isMessage(message, SellerRegisteredSchema))
    return said('party', `seller ${idOf(message.seller)}`);
  if (isMessage(message, SellerVerifiedSchema))
    return said('party', `seller ${idOf(message.seller)}`);
  if (isMessage(message, ConsentGrantedSchema)) {
    const purpose = enumName(ConsentPurposeSchema, message.purpose);
    return said('party', `${purpose} to ${message.recipients.join(', ')}`);
  }
  if (isMessage(message, TradingRecordsAddedSchema)) {
    return said('scoring', `${message.acceptedCount} records, watermark ${message.watermark}`);
  }
  if (isMessage(message, ApplicationSubmittedSchema)) {
    return said('approval', `asks for a score under policy ${message.policyVersion}`);
  }
  if (isMessage(message, ScoreComputedSchema)) {
    const limit = formatMoney(readMoney(message.suggestedLimit, 'suggested_limit'));
    return said(
      'scoring',
      `${message.points} points, grade ${message.grade}, PD ${percentOfPpm(message.pdPpm)}, limit ${limit}`,
    );
  }
  if (isMessage(message, ScoreRefusedSchema)) {
    return said('scoring', message.refusals.map(({ reason }) => reason).join(', '));
  }
  if (isMessage(message, ApplicationDecidedSchema)) {
    const outcome = enumName(DecisionOutcomeSchema, message.outcome).toLowerCase();
    return said('approval', `decision ${message.number}: ${outcome}`);
  }
  return undefined;
}
