/** What follows from a decision, whoever made it: the state, an offer, a task, events and timers. */
import { madeUid, type Origin, resourceUid } from '@lianbao/kernel';
import {
  type Application,
  decided as afterDecision,
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
  readonly replaced: EndedOffer;
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
  const next = afterDecision(application, record, now, policy.decision.offerDays);
  const offer = offerOf(tx, next, decided, now);
  const offered = offer && {
    offer,
    month,
    addedFen: offer.terms.principalFen - replaced.amountFen,
    mostFen: policy.lender.programmeLimitsFen.get(next.product),
  };
  const decision = { from: application, to: next, facts, decided, arrived, offered };
  const written = await tx.recordDecision(decision);
  if (!written) return undefined;
  const events: DomainEvent[] = [...also];
  if (replaced.offer !== undefined && offer !== undefined) {
    const ended = { ...replaced.offer, replacedBy: offer.name };
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
): Offer | undefined {
  if (record.offer === undefined || application.expireTime === undefined) return undefined;
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
    expireTime: application.expireTime,
    revision: 1n,
  };
}

/** The offer that a newer one replaces; its amount, where it counts in the programme of the month. */
export interface EndedOffer {
  readonly offer: Offer | undefined;
  readonly amountFen: bigint;
}

/** Only an application that is approved has one. Its exposure goes with it. */
export async function endOpenOffer(
  tx: Transaction,
  { uid, state }: Application,
  month: string,
): Promise<EndedOffer> {
  const open = state === 'APPROVED' ? await tx.openOffer(uid) : undefined;
  if (open === undefined) return { offer: undefined, amountFen: 0n };
  const offer: Offer = { ...open, state: 'REPLACED', revision: open.revision + 1n };
  await tx.saveOffer(offer);
  await tx.endExposure(uid);
  const counts = monthOf(open.createTime) === month;
  return { offer, amountFen: counts ? open.terms.principalFen : 0n };
}

function taskFor(tx: Transaction, application: Submitted, dueTime: Date, now: Date): Task {
  const id = madeUid(tx.tenant, application.name, 'UNDERWRITE', application.round);
  const name = `${application.lender}/tasks/${id}`;
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
