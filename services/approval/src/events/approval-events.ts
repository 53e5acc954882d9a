/** What this service says, on which topic, under which key, to whom. */
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import {
  ApplicationClosedSchema,
  ApplicationDecidedSchema,
  ApplicationSubmittedSchema,
  LenderTaskAcknowledgedSchema,
  LenderTaskCancelledSchema,
  LenderTaskDoneSchema,
  LenderTaskOpenedSchema,
  LenderTaskOverdueSchema,
  ManualReviewRequestedSchema,
  OfferExpiredSchema,
  OfferReplacedSchema,
  PolicyActivatedSchema,
  PolicyApprovedSchema,
  PolicyValidatedSchema,
} from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import { type Aggregate, type Outgoing, topicName } from '@lianbao/events';
import { toMoney, toTimestamp } from '@lianbao/grpc';
import { fen, resourceUid, type Tenant } from '@lianbao/kernel';
import { type Application, platformOf } from '../domain/application.ts';
import type { DomainEvent, EventOf, EventType } from '../domain/events.ts';
import type { PolicyVersion } from '../domain/policy-version.ts';
import type { Task } from '../domain/task.ts';
import { toApplicationState, toReason, wireEvidenceKinds } from '../rpc/convert-application.ts';
import { toOffer, toOutcome } from '../rpc/convert-decision.ts';
import { toPolicyContent } from '../rpc/convert-policy.ts';
import { wireTaskKinds } from '../rpc/convert-task.ts';
import { wireMethods } from '../rpc/convert-terms.ts';

// biome-ignore lint/suspicious/noExplicitAny: an event of any type; its fields are checked by `event`.
type AnyOutgoing = Outgoing<any>;
type Place = Pick<AnyOutgoing, 'topic' | 'key' | 'subject' | 'audience'>;

const event = <D extends DescMessage>(
  schema: D,
  place: Place,
  message: MessageInitShape<D>,
): AnyOutgoing => ({ ...place, schema, message });

const topic = (aggregate: Aggregate): string => topicName(aggregate);

const ofApplication = ({ uid, name, lender }: Application): Place => ({
  topic: topic('application'),
  key: uid,
  subject: name,
  audience: [platformOf(name), lender],
});

const ofTask = ({ uid, name, lender }: Task): Place => ({
  topic: topic('lender-task'),
  key: uid,
  subject: name,
  audience: [lender],
});

/** All versions of a policy share one key: activations keep their order. */
const ofPolicy = (tenant: Tenant, { name }: PolicyVersion): Place => ({
  topic: topic('policy'),
  key: resourceUid(tenant, name.split('/').slice(0, 2).join('/')),
  subject: name,
  audience: [],
});

const writers: {
  readonly [Type in EventType]: (said: EventOf<Type>, tenant: Tenant) => AnyOutgoing;
} = {
  ApplicationSubmitted: ({ application, productAmountMinFen, evidenceWanted }) =>
    event(ApplicationSubmittedSchema, ofApplication(application), {
      application: application.name,
      round: application.round,
      seller: application.seller,
      legalPersonKey: application.frozen.legalPersonKey,
      platform: platformOf(application.name),
      lender: application.lender,
      productVersion: application.frozen.product.version,
      productAmountMin: toMoney(fen(productAmountMinFen)),
      policyVersion: application.frozen.policy.version,
      policyHash: application.frozen.policy.hash,
      requestedAmount: toMoney(fen(application.requestedAmountFen)),
      termMonths: application.termMonths,
      repaymentMethod: wireMethods[application.repaymentMethod],
      consents: [...application.consents],
      evidenceWanted: evidenceWanted.map((kind) => wireEvidenceKinds[kind]),
      evidenceDueTime: toTimestamp(application.evidenceDueTime),
      reviewOf: application.reviewOf ?? '',
      inputsHash: application.frozen.inputsHash,
    }),
  ApplicationDecided: ({ application, record, offer }) =>
    event(ApplicationDecidedSchema, ofApplication(application), {
      application: application.name,
      decision: `${application.name}/decisions/${record.number}`,
      number: record.number,
      outcome: toOutcome(record.outcome),
      ...(offer === undefined ? {} : { offer: toOffer(offer) }),
      reasons: application.reasons.map(toReason),
      policyVersion: record.policy.version,
      policyHash: record.policy.hash,
    }),
  OfferReplaced: ({ application, offer }) =>
    event(OfferReplacedSchema, ofApplication(application), {
      application: application.name,
      offer: offer.name,
      replacedBy: offer.replacedBy ?? '',
    }),
  OfferExpired: ({ application, offer }) =>
    event(OfferExpiredSchema, ofApplication(application), {
      application: application.name,
      offer: offer.name,
    }),
  ManualReviewRequested: ({ application, review }) =>
    event(ManualReviewRequestedSchema, ofApplication(application), {
      application: application.name,
      review,
    }),
  ApplicationClosed: ({ application, outcome, reasons }) =>
    event(ApplicationClosedSchema, ofApplication(application), {
      application: application.name,
      outcome: toApplicationState(outcome),
      reasons: reasons.map(toReason),
    }),
  LenderTaskOpened: ({ task }) =>
    event(LenderTaskOpenedSchema, ofTask(task), {
      task: task.name,
      kind: wireTaskKinds[task.kind],
      target: task.target,
      dueTime: toTimestamp(task.dueTime),
      green: task.green,
    }),
  LenderTaskAcknowledged: ({ task }) =>
    event(LenderTaskAcknowledgedSchema, ofTask(task), { task: task.name }),
  LenderTaskDone: ({ task }) => event(LenderTaskDoneSchema, ofTask(task), { task: task.name }),
  LenderTaskOverdue: ({ task }) =>
    event(LenderTaskOverdueSchema, ofTask(task), {
      task: task.name,
      dueTime: toTimestamp(task.dueTime),
    }),
  LenderTaskCancelled: ({ task }) =>
    event(LenderTaskCancelledSchema, ofTask(task), { task: task.name }),
  PolicyValidated: ({ version }, tenant) =>
    event(PolicyValidatedSchema, ofPolicy(tenant, version), {
      policyVersion: version.name,
      contentHash: version.content.hash,
    }),
  PolicyApproved: ({ version }, tenant) =>
    event(PolicyApprovedSchema, ofPolicy(tenant, version), {
      policyVersion: version.name,
      contentHash: version.content.hash,
      approver: version.approver ?? '',
    }),
  PolicyActivated: ({ version }, tenant) =>
    event(PolicyActivatedSchema, ofPolicy(tenant, version), {
      policyVersion: version.name,
      contentHash: version.content.hash,
      content: toPolicyContent(version.content),
      ...(version.effectiveTime === undefined
        ? {}
        : { effectiveTime: toTimestamp(version.effectiveTime) }),
    }),
};

export const outgoing = (tenant: Tenant, said: DomainEvent): AnyOutgoing =>
  // The writer is found by the event's own type, which the compiler cannot follow.
  (writers[said.type] as (said: DomainEvent, tenant: Tenant) => AnyOutgoing)(said, tenant);
