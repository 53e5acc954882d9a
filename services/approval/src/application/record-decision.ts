/** What follows from a decision, whoever made it: the state, an offer, a task, events and timers. */
import { madeUid, resourceUid } from '@lianbao/kernel';
import {
  type Application,
  decided as afterDecision,
  type Submitted,
} from '../domain/application.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { Offer } from '../domain/offer.ts';
import { changedTask, dueTimeOf, openTask, type Task } from '../domain/task.ts';
import type { DecidedWith } from './decide-application.ts';
import type { Origin, Transaction } from './ports.ts';

/** `also` is said first, in the same breath. */
export async function recordDecision(
  tx: Transaction,
  origin: Origin,
  application: Submitted,
  { facts, decided, policy }: DecidedWith,
  now: Date,
  also: readonly DomainEvent[] = [],
): Promise<Submitted> {
  const { record } = decided;
  const next = afterDecision(application, record, now, policy.decision.offerDays);
  const offer = offerOf(tx, next, decided, now);
  const events: DomainEvent[] = [...also];
  if (application.state === 'APPROVED' && offer !== undefined) {
    events.push(...(await replaceOffer(tx, next, offer)));
  }
  await tx.recordDecision(application, next, facts, decided, offer);
  events.push({ type: 'ApplicationDecided', application: next, record, offer });
  if (record.outcome === 'DECLINED') {
    const { reasons } = next;
    events.push({ type: 'ApplicationClosed', application: next, outcome: 'DECLINED', reasons });
  }
  if (record.outcome === 'REFERRED') {
    const task = taskFor(tx, next, dueTimeOf(policy, next.frozen.green, now), now);
    await tx.addTask(task, next.uid);
    await tx.setTimer('TASK_OVERDUE', task.uid, task.dueTime);
    events.push({ type: 'LenderTaskOpened', task });
  } else if (application.state === 'REFERRED') {
    events.push(...(await endTasks(tx, next, 'DONE', now)));
  }
  if (next.expireTime !== undefined) await tx.setTimer('APPLICATION', next.uid, next.expireTime);
  else await tx.clearTimer('APPLICATION', next.uid);
  await tx.say(origin, ...events);
  return next;
}

function offerOf(
  tx: Transaction,
  application: Submitted,
  { record, instalments }: DecidedWith['decided'],
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

async function replaceOffer(
  tx: Transaction,
  application: Application,
  by: Offer,
): Promise<readonly DomainEvent[]> {
  const open = await tx.openOffer(application.uid);
  if (open === undefined) return [];
  const replaced: Offer = {
    ...open,
    state: 'REPLACED',
    replacedBy: by.name,
    revision: open.revision + 1n,
  };
  await tx.saveOffer(replaced);
  await tx.endExposure(application.uid);
  return [{ type: 'OfferReplaced', application, offer: replaced }];
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
