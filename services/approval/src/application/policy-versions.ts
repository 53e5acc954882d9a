/** A policy comes into force by makers and checkers, and from a moment on. */
import {
  type Act,
  type Answer,
  type Caller,
  type Origin,
  originOfAct,
  resourceUid,
  type Slice,
  type Sliced,
  type Uid,
} from '@lianbao/kernel';
import { requireEtag } from '../domain/application.ts';
import {
  activationTime,
  isLater,
  type PolicyContent,
  type PolicyVersion,
  requirePolicyApprovable,
  requirePolicyState,
} from '../domain/policy-version.ts';
import { refusals } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import { timerOrigin } from './origin.ts';
import type { Transaction } from './ports.ts';
import type { EffectivePolicy } from './version-ports.ts';

export const createPolicyVersion =
  ({ store, clock }: Dependencies) =>
  (act: Act<PolicyVersion>, name: string, content: PolicyContent): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const version: PolicyVersion = {
        uid: resourceUid(tx.tenant, name),
        name,
        state: 'DRAFT',
        content,
        replayReport: undefined,
        proposer: act.caller.person,
        approver: undefined,
        effectiveTime: undefined,
        revision: 1,
        createTime: now,
        updateTime: now,
      };
      if (!(await tx.addPolicyVersion(version))) {
        const existing = await tx.policyVersion(name);
        const sameContent = String(existing?.content.hash === content.hash);
        throw refusals.NAME_TAKEN({ existingName: name, sameContent });
      }
      await tx.note(originOfAct(act, now, name), {
        uid: version.uid,
        name,
        content: { state: version.state, contentHash: content.hash },
      });
      return version;
    });
  };

export const approvePolicyVersion =
  ({ store, clock }: Dependencies) =>
  (act: Act<PolicyVersion>, name: string): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const version = await lock(tx, name);
      const approver = act.caller.person;
      requirePolicyApprovable(version, approver, act.etag);
      const approved = await tx.savePolicyVersion({
        ...version,
        state: 'APPROVED',
        approver,
        updateTime: now,
      });
      await tx.say(originOfAct(act, now, name), { type: 'PolicyApproved', version: approved });
      return approved;
    });
  };

/** At once, or at a moment to come: until then it stays APPROVED, with that moment. */
export const activatePolicyVersion =
  ({ store, clock }: Dependencies) =>
  (act: Act<PolicyVersion>, name: string, asked: Date | undefined): Promise<Answer> => {
    const now = clock();
    const effectiveTime = activationTime(asked, now);
    return store.once(act, now, async (tx) => {
      const version = await lock(tx, name);
      requireEtag(name, version.revision, act.etag);
      requirePolicyState(version, 'ACTIVATE');
      const origin = originOfAct(act, now, name);
      if (effectiveTime.getTime() <= now.getTime()) {
        await tx.clearTimer('POLICY_ACTIVATION', version.uid);
        return activate(tx, origin, version, effectiveTime, now);
      }
      const waiting = await tx.savePolicyVersion({ ...version, effectiveTime, updateTime: now });
      await tx.setTimer('POLICY_ACTIVATION', version.uid, effectiveTime);
      await tx.note(origin, {
        uid: version.uid,
        name,
        content: { effectiveTime: effectiveTime.toISOString() },
      });
      return waiting;
    });
  };

/** Where a later version is in force already, the time of this one was over before its timer came. */
export async function runPolicyActivation(tx: Transaction, uid: Uid, now: Date): Promise<void> {
  const version = await tx.lockPolicyVersionByUid(uid);
  if (version?.state !== 'APPROVED' || version.effectiveTime === undefined) return;
  if (version.effectiveTime.getTime() > now.getTime()) return; // Moved meanwhile.
  const origin = timerOrigin('PolicyActivation', version.name, now);
  const active = await tx.activePolicy();
  if (active !== undefined && isLater(active, version)) {
    await retire(tx, origin, version, active, now);
    return;
  }
  await activate(tx, origin, version, version.effectiveTime, now);
}

/** Never from a moment before that of the version in force, whose process may have a faster clock. */
async function activate(
  tx: Transaction,
  origin: Origin,
  version: PolicyVersion,
  asked: Date,
  now: Date,
): Promise<PolicyVersion> {
  const before = await tx.activePolicy();
  const effectiveTime =
    before !== undefined && isLater(before, { effectiveTime: asked })
      ? before.effectiveTime
      : asked;
  if (before !== undefined) await retire(tx, origin, before, version, now);
  const active = await tx.savePolicyVersion({
    ...version,
    state: 'ACTIVE',
    effectiveTime,
    updateTime: now,
  });
  await tx.say(origin, { type: 'PolicyActivated', version: active });
  return active;
}

async function retire(
  tx: Transaction,
  origin: Origin,
  version: PolicyVersion,
  by: PolicyVersion,
  now: Date,
): Promise<void> {
  const retired = await tx.savePolicyVersion({ ...version, state: 'RETIRED', updateTime: now });
  await tx.note(origin, {
    uid: retired.uid,
    name: retired.name,
    content: { state: retired.state, by: by.name },
  });
}

async function lock(tx: Transaction, name: string): Promise<PolicyVersion> {
  const version = await tx.lockPolicyVersion(name);
  if (version === undefined) throw refusals.NAME_UNKNOWN({ name });
  return version;
}

export const getPolicyVersion =
  ({ store }: Dependencies) =>
  (caller: Caller, name: string): Promise<PolicyVersion> =>
    store.read(caller, async (tx) => {
      const version = await tx.policyVersion(name);
      if (version === undefined) throw refusals.NAME_UNKNOWN({ name });
      return version;
    });

export const listPolicyVersions =
  ({ store }: Dependencies) =>
  (caller: Caller, policy: string | undefined, slice: Slice): Promise<Sliced<PolicyVersion>> =>
    store.read(caller, (tx) => tx.policyVersions(policy, slice));

export const getEffectivePolicy =
  ({ store }: Dependencies) =>
  (caller: Caller): Promise<EffectivePolicy> =>
    store.read(caller, (tx) => tx.policyInForce());
