/** What this service says. Each event names whom it concerns; the adapter gives it topic and key. */
import type { Application, ApplicationState, Submitted } from './application.ts';
import type { DecisionRecord } from './decision/decide.ts';
import type { EvidenceKind } from './decision/evidence.ts';
import type { Reason } from './decision/reason.ts';
import type { Offer } from './offer.ts';
import type { PolicyVersion } from './policy-version.ts';
import type { Task } from './task.ts';

export type DomainEvent =
  | {
      readonly type: 'ApplicationSubmitted';
      readonly application: Submitted;
      readonly productAmountMinFen: bigint;
      readonly evidenceWanted: readonly EvidenceKind[];
    }
  | {
      readonly type: 'ApplicationDecided';
      readonly application: Submitted;
      readonly record: DecisionRecord;
      readonly offer: Offer | undefined;
    }
  | { readonly type: 'OfferReplaced'; readonly application: Application; readonly offer: Offer }
  | { readonly type: 'OfferExpired'; readonly application: Application; readonly offer: Offer }
  | {
      readonly type: 'ManualReviewRequested';
      readonly application: Application;
      readonly review: string;
    }
  | {
      readonly type: 'ApplicationClosed';
      readonly application: Application;
      readonly outcome: ApplicationState;
      readonly reasons: readonly Reason[];
    }
  | TaskEvents[keyof TaskEvents]
  | PolicyEvents[keyof PolicyEvents];

type TaskEventType =
  | 'LenderTaskOpened'
  | 'LenderTaskAcknowledged'
  | 'LenderTaskDone'
  | 'LenderTaskOverdue'
  | 'LenderTaskCancelled';

type TaskEvents = {
  readonly [Type in TaskEventType]: { readonly type: Type; readonly task: Task };
};

type PolicyEventType = 'PolicyValidated' | 'PolicyApproved' | 'PolicyActivated';

type PolicyEvents = {
  readonly [Type in PolicyEventType]: { readonly type: Type; readonly version: PolicyVersion };
};

export type EventType = DomainEvent['type'];
export type EventOf<Type extends EventType> = Extract<DomainEvent, { readonly type: Type }>;
