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

export async function runPolicyActivation(tx: Transaction, uid: Uid, now: Date): Promise<void> {
  const version = await tx.lockPolicyVersionByUid(uid);
  if (version?.state !== 'APPROVED' || version.effectiveTime === undefined) return;
  if (version.effectiveTime.getTime() > now.getTime()) return; // Moved meanwhile.
  const origin = timerOrigin('PolicyActivation', version.name, now);
  await activate(tx, origin, version, version.effectiveTime, now);
}

async function activate(
  tx: Transaction,
  origin: Origin,
  version: PolicyVersion,
  effectiveTime: Date,
  now: Date,
): Promise<PolicyVersion> {
  const before = await tx.activePolicy();
  if (before !== undefined) {
    const retired = await tx.savePolicyVersion({ ...before, state: 'RETIRED', updateTime: now });
    await tx.note(origin, {
      uid: retired.uid,
      name: retired.name,
      content: { state: retired.state, by: version.name },
    });
  }
  const active = await tx.savePolicyVersion({
    ...version,
    state: 'ACTIVE',
    effectiveTime,
    updateTime: now,
  });
  await tx.say(origin, { type: 'PolicyActivated', version: active });
  return active;
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
