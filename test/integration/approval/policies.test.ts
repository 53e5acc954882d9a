/** Policies come into force by two persons and from a moment on. */

import { fromBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PolicyActivatedSchema } from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import {
  PolicyState,
  type PolicyVersion,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bringIntoForce,
  get,
  policyContent,
  readyWorld,
  refusalOf,
  requestId,
  submittedOf,
} from './cast.ts';
import { start } from './names.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await readyWorld();
});
afterAll(() => world.close());

describe('a policy', () => {
  const policies = (person = 'Ann') => world.operator(person).policies;
  const create = (versionId: string, change?: Parameters<typeof policyContent>[0]) =>
    policies().createPolicyVersion({
      policyId: 'credit',
      versionId,
      content: policyContent(change),
      requestId: requestId(),
    });
  const validate = (name: string) =>
    policies().validatePolicyVersion({ name, requestId: requestId() });

  it('is policy-0 before any is activated', async () => {
    expect(await policies().getEffectivePolicy({})).toMatchObject({ policyVersion: 'policy-0' });
  });

  it('goes from draft to force by steps that cannot be skipped', async () => {
    const { name, etag, contentHash } = await create('steps');
    const approve = (person: string, seen: string) =>
      policies(person).approvePolicyVersion({ name, etag: seen, requestId: requestId() });
    expect(await refusalOf(approve('Ben', etag))).toMatchObject({ reason: 'POLICY_NOT_VALIDATED' });
    const validated = await validate(name);
    expect(validated).toMatchObject({ state: PolicyState.VALIDATED, contentHash });
    expect(await refusalOf(approve('Ann', validated.etag))).toMatchObject({
      reason: 'FOUR_EYES_SAME_PERSON',
    });
    const early = policies().activatePolicyVersion({
      name,
      etag: validated.etag,
      requestId: requestId(),
    });
    expect(await refusalOf(early)).toMatchObject({ reason: 'STATE_NOT_ALLOWED' });
    const approved = await approve('Ben', validated.etag);
    const active = await policies().activatePolicyVersion({
      name,
      etag: approved.etag,
      requestId: requestId(),
    });
    expect(active).toMatchObject({ state: PolicyState.ACTIVE, approver: 'ben' });
    expect(await world.saidOf(name)).toEqual([
      'PolicyValidated',
      'PolicyApproved',
      'PolicyActivated',
    ]);
    const { rows } = await world.admin.query(
      `select payload from outbox where type like '%PolicyActivated' and subject = $1`,
      [name],
    );
    const event = fromBinary(PolicyActivatedSchema, rows[0].payload);
    expect(event.contentHash).toBe(contentHash);
    expect(event.content).toEqual(active.content);
    const { name: application } = await submittedOf(world, {
      requestedAmount: { currencyCode: 'CNY', units: 50_000n, nanos: 0 },
    });
    expect((await get(world, application)).policyVersion).toBe(name);
  });

  it('is brought into force by operators, since it binds every lender', async () => {
    const proposer = world.bank('Bank One').policies;
    const { name } = await proposer.createPolicyVersion({
      policyId: 'proposed',
      versionId: 'of-a-bank',
      content: policyContent(),
      requestId: requestId(),
    });
    const { etag } = await proposer.validatePolicyVersion({ name, requestId: requestId() });
    const other = world.bank('Bank Two').policies;
    for (const alone of [
      other.approvePolicyVersion({ name, etag, requestId: requestId() }),
      other.activatePolicyVersion({ name, etag, requestId: requestId() }),
      // The proposer with another token is still one person.
      policies(' BANK  one').approvePolicyVersion({ name, etag, requestId: requestId() }),
    ]) {
      expect(await refusalOf(alone)).toMatchObject({
        reason: expect.stringMatching(/^(CALLER_NOT_ALLOWED|FOUR_EYES_SAME_PERSON)$/),
      });
    }
    const approved = await policies('Ben').approvePolicyVersion({
      name,
      etag,
      requestId: requestId(),
    });
    expect(approved).toMatchObject({ proposer: 'bank one', approver: 'ben' });
  });

  it('comes into force at its moment, and the one before retires', async () => {
    const { name } = await create('tomorrow');
    const validated = await validate(name);
    const approved = await policies('Ben').approvePolicyVersion({
      name,
      etag: validated.etag,
      requestId: requestId(),
    });
    const past = policies().activatePolicyVersion({
      name,
      etag: approved.etag,
      effectiveTime: timestampFromDate(new Date(start.getTime() - 1)),
      requestId: requestId(),
    });
    expect(await refusalOf(past)).toMatchObject({
      reason: 'FIELD_INVALID',
      violations: [{ field: 'effective_time' }],
    });
    const waiting = await policies().activatePolicyVersion({
      name,
      etag: approved.etag,
      effectiveTime: timestampFromDate(new Date(start.getTime() + 86_400_000)),
      requestId: requestId(),
    });
    expect(waiting.state).toBe(PolicyState.APPROVED);
    world.clock.advance(86_399_999);
    await world.runTimers();
    expect((await policies().getEffectivePolicy({})).policyVersion).not.toBe(name);
    world.clock.advance(1);
    await world.runTimers();
    expect((await policies().getEffectivePolicy({})).policyVersion).toBe(name);
    const { policyVersions } = await policies().listPolicyVersions({ parent: 'policies/credit' });
    expect(policyVersions.map(({ state }) => state)).toEqual([
      PolicyState.ACTIVE,
      PolicyState.RETIRED,
    ]);
  });

  describe('with a moment of its own', () => {
    const approvedOf = async (versionId: string) => {
      const { name } = await create(versionId);
      const { etag } = await validate(name);
      return policies('Ben').approvePolicyVersion({ name, etag, requestId: requestId() });
    };
    const activate = ({ name, etag }: PolicyVersion, inMs?: number) =>
      policies().activatePolicyVersion({
        ...{ name, etag, requestId: requestId() },
        ...(inMs === undefined ? {} : { effectiveTime: timestampFromDate(after(inMs)) }),
      });
    const after = (ms: number) => new Date(world.clock.now().getTime() + ms);
    const inForce = () => policies().getEffectivePolicy({});
    const hourMs = 3_600_000;
    const dueLate = () =>
      world.admin.query(
        `update timer set due_at = due_at + interval '1 hour' where kind = 'POLICY_ACTIVATION'`,
      );

    it('is in force from it, however late the timer comes', async () => {
      const version = await activate(await approvedOf('late'), hourMs);
      await dueLate();
      world.clock.advance(2 * hourMs);
      await world.runTimers();
      expect(await inForce()).toMatchObject({
        policyVersion: version.name,
        effectiveTime: version.effectiveTime,
      });
    });

    it('does not come back over a later one when its timer is late', async () => {
      const older = await activate(await approvedOf('older'), hourMs);
      await dueLate();
      world.clock.advance(hourMs + 1);
      const newer = await activate(await approvedOf('newer'));
      const before = await inForce();
      expect(before.policyVersion).toBe(newer.name);
      world.clock.advance(hourMs);
      await world.runTimers();
      expect(await inForce()).toEqual(before);
      expect(await policies().getPolicyVersion({ name: older.name })).toMatchObject({
        state: PolicyState.RETIRED,
        effectiveTime: older.effectiveTime,
      });
      expect(await world.saidOf(older.name)).toEqual(['PolicyValidated', 'PolicyApproved']);
      const { rows } = await world.admin.query(
        `select 1 from timer where kind = 'POLICY_ACTIVATION'`,
      );
      expect(rows).toEqual([]);
    });

    it('takes over from one of the same moment, the last that comes', async () => {
      const [first, second] = [await approvedOf('first'), await approvedOf('second')];
      await activate(first, hourMs);
      await dueLate();
      await activate(second, hourMs);
      world.clock.advance(hourMs);
      await world.runTimers();
      expect((await inForce()).policyVersion).toBe(second.name);
      world.clock.advance(hourMs);
      await world.runTimers();
      expect((await inForce()).policyVersion).toBe(first.name);
    });

    it('never begins before the one that it replaces, though the clock here is behind', async () => {
      const [fast, slow] = [await approvedOf('fast'), await approvedOf('slow')];
      const { effectiveTime } = await activate(fast);
      world.clock.advance(-5);
      expect(await activate(slow)).toMatchObject({ state: PolicyState.ACTIVE, effectiveTime });
      world.clock.advance(5);
    });
  });

  it('is refused with all complaints at once, and its draft stays', async () => {
    const { name } = await create('impossible', ({ credit, decision, rate }) => {
      if (credit?.classes[0]?.amountMax) credit.classes[0].amountMax.units = 1n;
      if (decision) decision.scoreAgeDaysMax = 30;
      if (rate) rate.lprPpm = 41_501n;
    });
    const refusal = (await refusalOf(validate(name))) as { violations: { field: string }[] };
    expect(refusal.violations.map(({ field }) => field)).toEqual([
      'content.credit.classes',
      'content.rate.lpr_ppm',
      'content.decision.score_age_days_max',
    ]);
    expect((await policies().getPolicyVersion({ name })).state).toBe(PolicyState.DRAFT);
  });

  it('reports who would change side on the decisions of before', async () => {
    const asked = { requestedAmount: { currencyCode: 'CNY', units: 50_000n, nanos: 0 } };
    const [a, b] = [await submittedOf(world, asked), await submittedOf(world, asked)];
    await world.score(a.name, { grade: 'B1', pdPpm: 10_000n });
    await world.score(b.name, { grade: 'D', pdPpm: 400_000n });
    const same = await create('same');
    const unchanged = (await validate(same.name)).replayReport;
    expect(unchanged).toMatchObject({ swappedInCount: 0, swappedOutCount: 0 });
    expect(unchanged?.sameCount).toBe(unchanged?.decisionCount);
    expect(unchanged?.expectedLossNow).toEqual(unchanged?.expectedLossThen);
    const strict = await create('strict', ({ credit }) => {
      for (const row of credit?.classes ?? []) if (row.class === 'B') row.refer = true;
    });
    const report = (await validate(strict.name)).replayReport;
    expect(report).toMatchObject({ swappedInCount: 0, swappedOutCount: 1 });
    expect(report?.decisionCount).toBe(unchanged?.decisionCount);
  });

  it('tells no bank, and no service, what other lenders decided before', async () => {
    const banker = world.bank().policies;
    const { name } = await create('reported');
    const answers = [
      await banker.validatePolicyVersion({ name, requestId: requestId() }),
      await banker.getPolicyVersion({ name }),
      await world.service().policies.getPolicyVersion({ name }),
    ];
    const { policyVersions } = await banker.listPolicyVersions({ parent: 'policies/credit' });
    expect(policyVersions.map((version) => version.name)).toContain(name);
    for (const version of [...answers, ...policyVersions]) {
      expect(version.replayReport).toBeUndefined();
    }
    const { replayReport } = await policies().getPolicyVersion({ name });
    expect(replayReport?.decisionCount).toBeGreaterThan(0);
    const listed = await policies().listPolicyVersions({ parent: 'policies/credit' });
    const own = listed.policyVersions.find((version) => version.name === name);
    expect(own?.replayReport).toEqual(replayReport);
  });

  it('never leaves two in force', async () => {
    await Promise.all([bringIntoForce(world, 'one'), bringIntoForce(world, 'two')]);
    const { rows } = await world.admin.query(
      `select count(*)::integer as count from policy_version where state = 'ACTIVE'`,
    );
    expect(rows[0].count).toBe(1);
  });
});
