/** What follows from a decision, whoever made it: the state, an offer, a task, events and timers. */
import { madeUid, type Origin, resourceUid, type Tenant } from '@lianbao/kernel';
import {
  type Application,
  decided as afterDecision,
  daysAfter,
  type Submitted,
} from '../domain/application.ts';
import type { Decided } from '../domain/decision/decide.ts';
import type { Facts } from '../domain/decision/facts.ts';
import type { Policy } from '../domain/decision/policy.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { Offer } from '../domain/offer.ts';
import { changedTask, dueTimeOf, openTask, type Task } from '../domain/task.ts';
import { type Deciding, monthOf } from './deciding.ts';
import type { Transaction } from './ports.ts';

/** A decision made, not yet written. */
interface Made {
  readonly application: Submitted;
  readonly facts: Facts;
  readonly decided: Decided;
  readonly policy: Policy;
  /** The offer that this decision ends. */
  readonly replaced: Offer | undefined;
  readonly month: string;
}

/** Undefined, having written nothing, when others took what was left of the programme. */
export async function recordDecision(
  tx: Transaction,
  origin: Origin,
  { now, arrived, also = [] }: Deciding,
  { application, facts, decided, policy, replaced, month }: Made,
): Promise<Submitted | undefined> {
  const { record } = decided;
  const offer = offerOf(tx, application, decided, now, policy.decision.offerDays);
  const next = afterDecision(application, record, now, offer?.expireTime);
  const offered = offer && {
    offer,
    month,
    mostFen: policy.lender.programmeLimitsFen.get(next.product),
  };
  const decision = { from: application, to: next, facts, decided, arrived, offered };
  const written = await tx.recordDecision(decision);
  if (!written) return undefined;
  const events: DomainEvent[] = [...also];
  if (replaced !== undefined && offer !== undefined) {
    const ended = { ...replaced, replacedBy: offer.name };
    await tx.saveOffer(ended);
    events.push({ type: 'OfferReplaced', application: next, offer: ended });
  }
  events.push({ type: 'ApplicationDecided', application: next, record, offer });
  events.push(...(await consequences(tx, application, next, policy, now)));
  if (next.expireTime !== undefined) await tx.setTimer('APPLICATION', next.uid, next.expireTime);
  else await tx.clearTimer('APPLICATION', next.uid);
  await tx.say(origin, ...events);
  return next;
}

/** A decline closes; a referral opens a task, which the next decision ends. */
async function consequences(
  tx: Transaction,
  before: Submitted,
  next: Submitted,
  policy: Policy,
  now: Date,
): Promise<readonly DomainEvent[]> {
  if (next.state === 'REFERRED') {
    const task = taskFor(tx, next, dueTimeOf(policy, next.frozen.green, now), now);
    await tx.addTask(task, next.uid);
    await tx.setTimer('TASK_OVERDUE', task.uid, task.dueTime);
    return [{ type: 'LenderTaskOpened', task }];
  }
  const ended = before.state === 'REFERRED' ? await endTasks(tx, next, 'DONE', now) : [];
  if (next.state !== 'DECLINED') return ended;
  const { reasons } = next;
  return [{ type: 'ApplicationClosed', application: next, outcome: 'DECLINED', reasons }, ...ended];
}

function offerOf(
  tx: Transaction,
  application: Submitted,
  { record, instalments }: Decided,
  now: Date,
  offerDays: number,
): Offer | undefined {
  if (record.offer === undefined) return undefined;
  const id = madeUid(tx.tenant, application.name, 'offer', record.number);
  const name = `${application.name}/offers/${id}`;
  return {
    uid: resourceUid(tx.tenant, name),
    name,
    lender: application.lender,
    state: 'OPEN',
    decisionNumber: record.number,
    terms: record.offer,
    instalments,
    replacedBy: undefined,
    createTime: now,
    expireTime: daysAfter(now, offerDays),
    revision: 1n,
  };
}

/**
 * Ends the offer of an application, where it has one: only one that is approved has. The exposure goes
 * with it, and so does what it takes of the programme, that of the month it was made in.
 */
export async function endOffer(
  tx: Transaction,
  application: Application,
  state: 'REPLACED' | 'WITHDRAWN' | 'EXPIRED',
): Promise<Offer | undefined> {
  const open = application.state === 'APPROVED' ? await tx.openOffer(application.uid) : undefined;
  if (open === undefined) return undefined;
  const offer: Offer = { ...open, state, revision: open.revision + 1n };
  await tx.saveOffer(offer);
  await tx.giveBack(application, monthOf(open.createTime), open.terms.principalFen);
  return offer;
}

/** Of the task that a referral opens, one a round. */
export const taskNameOf = (
  tenant: Tenant,
  { name, lender, round }: Pick<Application, 'name' | 'lender' | 'round'>,
): string => `${lender}/tasks/${madeUid(tenant, name, 'UNDERWRITE', round)}`;

function taskFor(tx: Transaction, application: Submitted, dueTime: Date, now: Date): Task {
  const name = taskNameOf(tx.tenant, application);
  return openTask(
    {
      uid: resourceUid(tx.tenant, name),
      name,
      lender: application.lender,
      kind: 'UNDERWRITE',
      target: application.name,
      dueTime,
      green: application.frozen.green,
    },
    now,
  );
}

/** DONE when the act came, CANCELLED when the cause is gone. */
export async function endTasks(
  tx: Transaction,
  { uid }: Pick<Application, 'uid'>,
  state: 'DONE' | 'CANCELLED',
  now: Date,
): Promise<readonly DomainEvent[]> {
  const events: DomainEvent[] = [];
  for (const task of await tx.lockWaitingTasks(uid)) {
    const ended = changedTask(task, now, { state });
    await tx.saveTask(task, ended);
    await tx.clearTimer('TASK_OVERDUE', task.uid);
    await tx.clearTimer('TASK_LEASE', task.uid);
    events.push({
      type: state === 'DONE' ? 'LenderTaskDone' : 'LenderTaskCancelled',
      task: ended,
    });
  }
  return events;
}
