import {
  DecisionMode,
  DecisionOutcome,
  EvidenceState,
  OfferState,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { ActorKind } from '@lianbao/api/lianbao/kernel/v1/kernel_pb';
import type { CalendarDate } from '@lianbao/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, readyWorld, referredOf, stateOf, submittedOf } from './cast.ts';
import { verifiedSeller } from './fake-party.ts';
import { yuan } from './names.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await readyWorld();
});
afterAll(() => world.close());

const codesOf = async (name: string) => (await get(world, name)).reasons.map(({ code }) => code);
const applications = () => world.platform().applications;

describe('approved', () => {
  it('makes a priced offer, said in the transaction of the decision', async () => {
    const { name } = await submittedOf(world);
    await world.score(name);
    const application = await get(world, name);
    expect(await stateOf(world, name)).toBe('APPROVED');
    expect(await world.saidOf(name)).toEqual(['ApplicationSubmitted', 'ApplicationDecided']);
    const { offers } = await applications().listOffers({ parent: name });
    expect(offers).toHaveLength(1);
    expect(offers[0]).toMatchObject({
      state: OfferState.OPEN,
      principal: yuan(100_000n),
      // LPR 4.15 %, funding 1.5 %, loss 0.4 % x 75 %, class A 1 %.
      annualRate: { value: '0.0695' },
      spreadBps: 280,
      lprMonth: '2020-01',
    });
    expect(offers[0]?.instalments).toHaveLength(12);
    expect(await applications().getOffer({ name: offers[0]?.name ?? '' })).toEqual(offers[0]);
    const decision = await applications().getDecision({ name: application.decision });
    expect(decision).toMatchObject({
      outcome: DecisionOutcome.APPROVED,
      mode: DecisionMode.AUTOMATIC,
      decider: 'policy-0',
      bindingLimit: 'REQUESTED',
      limit: yuan(100_000n),
      expectedLoss: yuan(300n),
      modelVersion: 'scoreModels/s/versions/1',
    });
    expect(application.evidence).toHaveLength(1);
    expect(application.evidence[0]).toMatchObject({
      state: EvidenceState.ARRIVED,
      summary: { case: 'score', value: { grade: 'A2', pdPpm: 4_000n } },
    });
    expect(decision.evidenceHashes).toEqual([application.evidence[0]?.contentHash]);
  });

  it('shows the lender its book and the platform none of it', async () => {
    const { name } = await submittedOf(world);
    await world.score(name);
    const decision = { name: `${name}/decisions/1` };
    const codes = (limits: readonly { code: string }[]) => limits.map(({ code }) => code);
    const toPlatform = await applications().explainDecision(decision);
    const toBank = await world.bank().applications.explainDecision(decision);
    expect(codes(toPlatform.decision?.limits ?? [])).toEqual([
      'REQUESTED',
      'PRODUCT',
      'CLASS_CAP',
      'SCORING',
    ]);
    expect(codes(toBank.decision?.limits ?? [])).toContain('CONNECTED');
    const connected = (rules: typeof toBank.rules) =>
      rules.find(({ rule }) => rule === 'limit.connected')?.value;
    expect(connected(toPlatform.rules)).toBe('');
    expect(connected(toBank.rules)).not.toBe('');
    expect(toPlatform.summaryEn).toMatch(/^Approved automatically\. 100,000\.00 yuan/);
    expect(toPlatform.summaryZh).toMatch(/自动审批结果：已批准/);
    expect(toPlatform.price.map(({ code }) => code)).toEqual([
      'LPR',
      'FUNDING_AND_COST',
      'EXPECTED_LOSS',
      'CLASS_SPREAD',
      'ROUNDING',
    ]);
  });

  it('ends with its offer, and gives the exposure back', async () => {
    const seller = 'platforms/p/sellers/expiring';
    const { name } = await submittedOf(world, { seller });
    await world.score(name);
    const exposures = async () => {
      const text = 'select count(*)::integer as count from exposure where key like $1';
      const { rows } = await world.admin.query(text, [`%${seller}`]);
      return rows[0].count;
    };
    expect(await exposures()).toBe(2);
    const { expireTime } = await get(world, name);
    world.clock.advance(7 * 86_400_000 - 1);
    await world.runTimers();
    expect(await stateOf(world, name)).toBe('APPROVED');
    world.clock.advance(1);
    await world.runTimers();
    expect(expireTime).toBeDefined();
    expect(await stateOf(world, name)).toBe('EXPIRED');
    expect(await exposures()).toBe(0);
    expect(await world.saidOf(name)).toEqual([
      'ApplicationSubmitted',
      'ApplicationDecided',
      'OfferExpired',
      'ApplicationClosed',
    ]);
    const { offers } = await applications().listOffers({ parent: name });
    expect(offers[0]?.state).toBe(OfferState.EXPIRED);
  });
});

describe('declined', () => {
  it('names the cut-off and the reasons of the score, and is closed', async () => {
    const { name } = await submittedOf(world);
    await world.score(name, { grade: 'D', pdPpm: 400_000n, limit: 0n });
    const application = await get(world, name);
    expect(await stateOf(world, name)).toBe('DECLINED');
    expect(application.reasons.map(({ code }) => code)).toEqual([
      'SCORE_BELOW_CUTOFF',
      'SALES_FALLING',
    ]);
    expect(application.reasons[1]).toMatchObject({
      textZh: '近期销售额明显下滑',
      hintEn: 'Apply again when sales are stable',
    });
    expect(await world.saidOf(name)).toEqual([
      'ApplicationSubmitted',
      'ApplicationDecided',
      'ApplicationClosed',
    ]);
    expect((await applications().listOffers({ parent: name })).offers).toEqual([]);
  });

  it('when the score was refused with a no', async () => {
    const { name } = await submittedOf(world);
    await world.refuseScore(name, ['CONSENT_MISSING']);
    expect(await codesOf(name)).toEqual(['CONSENT_INSUFFICIENT']);
    expect(await stateOf(world, name)).toBe('DECLINED');
  });

  it('on the ground of a refusal, not by its name', async () => {
    const [no, want, unsaid] = [
      await submittedOf(world),
      await submittedOf(world),
      await submittedOf(world),
    ];
    await world.refuseScore(no.name, ['OF_A_LATER_RELEASE'], 'RISK');
    expect(await stateOf(world, no.name)).toBe('DECLINED');
    expect(await codesOf(no.name)).toEqual(['SCORE_BELOW_CUTOFF']);
    await world.refuseScore(want.name, ['OF_A_LATER_RELEASE'], 'DATA');
    await world.refuseScore(unsaid.name, ['OF_A_LATER_RELEASE'], 'UNSPECIFIED');
    for (const { name } of [want, unsaid]) expect(await stateOf(world, name)).toBe('REFERRED');
  });
});

describe('referred', () => {
  it('opens a task for the lender, on class C and on a want of data', async () => {
    const { name } = await referredOf(world);
    expect(await stateOf(world, name)).toBe('REFERRED');
    expect(await codesOf(name)).toEqual(['CLASS_REFERRED']);
    const { pendingActions } = await get(world, name);
    expect(pendingActions).toMatchObject([{ code: 'UNDERWRITE', actorKind: ActorKind.LENDER }]);
    const { tasks } = await world.bank().tasks.listTasks({ parent: 'lenders/l' });
    const task = tasks.find(({ target }) => target === name);
    expect(task).toMatchObject({ targetEtag: '3', green: false, leaseToken: '' });
    expect(await world.saidOf(task?.name ?? '')).toEqual(['LenderTaskOpened']);

    const thin = await submittedOf(world);
    await world.refuseScore(thin.name, ['RECORDS_TOO_THIN', 'RECORDS_STALE']);
    expect(await codesOf(thin.name)).toEqual(['RECORDS_TOO_THIN', 'RECORDS_STALE']);
    expect(await stateOf(world, thin.name)).toBe('REFERRED');
  });

  it('at the deadline, naming what is missing; what comes late is shown and decides nothing', async () => {
    const { name } = await submittedOf(world);
    world.clock.advance(19_999);
    await world.runTimers();
    expect(await stateOf(world, name)).toBe('SUBMITTED');
    world.clock.advance(1);
    await world.runTimers();
    expect(await stateOf(world, name)).toBe('REFERRED');
    const referred = await get(world, name);
    expect(referred.reasons[0]).toMatchObject({
      code: 'EVIDENCE_MISSING',
      textEn: 'Evidence that is needed did not arrive in time (评分 score)',
    });
    expect(referred.evidence[0]?.state).toBe(EvidenceState.AWAITED);
    const taskOf = async () => {
      const { tasks } = await world.bank().tasks.listTasks({ parent: 'lenders/l' });
      return tasks.find(({ target }) => target === name);
    };
    const before = await taskOf();

    await world.score(name);
    const after = await get(world, name);
    expect(await stateOf(world, name)).toBe('REFERRED');
    expect(after.evidence[0]).toMatchObject({ state: EvidenceState.LATE });
    expect(after.decision).toBe(referred.decision);
    expect(BigInt(after.etag)).toBe(BigInt(referred.etag) + 1n);
    const task = await taskOf();
    expect(task?.etag).toBe(String(BigInt(before?.etag ?? 0) + 1n));
    expect(task?.targetEtag).toBe(after.etag);
    expect(await world.saidOf(name)).toEqual(['ApplicationSubmitted', 'ApplicationDecided']);
  });

  it('leaves evidence of another round, or said twice, without effect', async () => {
    const { name } = await submittedOf(world);
    await world.score(name, { round: 2 });
    expect(await stateOf(world, name)).toBe('SUBMITTED');
    await world.score(name);
    const decided = await get(world, name);
    await world.score(name, { grade: 'D' });
    await world.refuseScore(name, ['SELLER_BLOCKED']);
    expect(await get(world, name)).toEqual(decided);
  });
});

it('puts a green seller first, and decides by the same facts', async () => {
  const plain = await referredOf(world);
  const seller = 'platforms/p/sellers/green';
  world.party.sellers.set(seller, {
    ...verifiedSeller(seller),
    greenUntil: '2020-12-31' as CalendarDate,
  });
  const green = await referredOf(world, { seller });
  const { tasks } = await world
    .bank()
    .tasks.leaseTasks({ parent: 'lenders/l', maxTasks: 1, leaseSeconds: 60 });
  expect(tasks).toMatchObject([{ target: green.name, green: true }]);
  const [task] = tasks;
  const seconds = (task?.dueTime?.seconds ?? 0n) - (task?.createTime?.seconds ?? 0n);
  expect(seconds).toBe(8n * 3_600n);
  expect(await codesOf(green.name)).toEqual(await codesOf(plain.name));
  const { rows } = await world.admin.query(
    'select facts from decision join application on uid = application_uid where name = $1',
    [green.name],
  );
  expect(rows[0].facts).not.toMatch(/green"/);
});
