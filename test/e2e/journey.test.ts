/**
 * The road of an application through all services and the public rpcs alone: to an offer, to a no, to a
 * person and back, and to each of its other ends.
 */
import { randomUUID } from 'node:crypto';
import {
  type Application,
  ApplicationState,
  DecisionMode,
  DecisionOutcome,
  OfferState,
  TaskState,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import type { FeedEvent } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lenderName, platformName } from '../../deploy/local/src/set-up.ts';
import { sellerNameOf } from '../../deploy/local/src/steps/sellers.ts';
import { heldBus } from '../contract/held-bus.ts';
import {
  leaseOf,
  newCustomer,
  newDecided,
  newDeclined,
  newDraft,
  offerOn,
  startWorld,
  type World,
  whenLeft,
} from '../contract/world.ts';
import { eventually } from '../support/eventually.ts';

const bus = heldBus();
let world: World;
beforeAll(async () => {
  world = await startWorld({ applicantCount: 6, bus });
});
afterAll(() => world?.system.stop());

const platform = () => world.system.market.platform(platformName);
const bank = () => world.system.market.bank(lenderName, 'banker', 'COMMITTEE');
const requestId = () => randomUUID();
const current = (name: string) => platform().applications.getApplication({ name });
const codes = (reasons: readonly { readonly code: string }[]) => reasons.map(({ code }) => code);
const fenOf = (money?: { units: bigint; nanos: number }) =>
  money === undefined ? 0n : money.units * 100n + BigInt(money.nanos / 10_000_000);

/** The next firm of the market that the machine says yes to. */
async function newApproved(): Promise<Application> {
  const firms = world.ready.applicants;
  while (firms.length > nextFirm) {
    const firm = firms[nextFirm] as (typeof firms)[number];
    nextFirm += 1;
    const application = await newDecided(world, { firm });
    if (application.state === ApplicationState.APPROVED) return application;
  }
  throw new Error('nobody else in this market is approved');
}
let nextFirm = 0;

const withdraw = async (name: string) => {
  const { etag } = await current(name);
  return platform().applications.withdrawApplication({ name, etag, requestId: requestId() });
};

describe('an application that the machine says yes to', () => {
  let approved: Application;
  beforeAll(async () => {
    approved = await newApproved();
  });

  it('has a priced offer within the limit, whose instalments pay back the principal', async () => {
    const decision = await platform().applications.getDecision({ name: approved.decision });
    expect(decision).toMatchObject({
      outcome: DecisionOutcome.APPROVED,
      mode: DecisionMode.AUTOMATIC,
      lender: lenderName,
    });
    const least = decision.limits.map(({ amount }) => fenOf(amount)).sort((a, b) => Number(a - b));
    expect(fenOf(decision.limit)).toBeLessThanOrEqual(least[0] as bigint);
    const { offers } = await platform().applications.listOffers({ parent: approved.name });
    const [offer, ...more] = offers;
    expect(more).toEqual([]);
    expect(offer?.state).toBe(OfferState.OPEN);
    expect(fenOf(offer?.principal)).toBeLessThanOrEqual(fenOf(decision.limit));
    const principal = offer?.instalments.reduce((sum, each) => sum + fenOf(each.principal), 0n);
    expect(principal).toBe(fenOf(offer?.principal));
    expect(offer?.instalments).toHaveLength(approved.termMonths);
    expect(offer?.annualRate?.value).toMatch(/^0\.\d{1,6}$/);
  });

  it('is explained in both languages, and comes out again from what was recorded', async () => {
    const { applications } = bank();
    const explanation = await platform().applications.explainDecision({ name: approved.decision });
    expect(explanation.summaryZh).toMatch(/\p{Script=Han}/u);
    expect(explanation.summaryEn).toMatch(/[a-z]/);
    expect(explanation.rules.length).toBeGreaterThan(10);
    const replayed = await applications.replayDecision({ name: approved.decision });
    expect(replayed).toMatchObject({ identical: true, differences: [] });
  });

  it('is told to platform and lender by events, in order for each subject', async () => {
    const seen = async ({ feed }: ReturnType<typeof bank>) => {
      const own: FeedEvent[] = [];
      for (let afterCursor = '', more = true; more; ) {
        const { events, lastCursor } = await feed.listEvents({ afterCursor, pageSize: 50 });
        own.push(...events.filter(({ subject }) => subject === approved.name));
        more = events.length > 0;
        afterCursor = lastCursor;
      }
      expect(own).toEqual(own.toSorted((a, b) => Number(a.sequence - b.sequence)));
      return own.map(({ event }) => event?.typeUrl.split('.').at(-1));
    };
    for (const clients of [platform(), bank()]) {
      const types = await eventually('the feed tells of the decision', async () => {
        const found = await seen(clients);
        return found.length === 2 ? found : undefined;
      });
      expect(types).toEqual(['ApplicationSubmitted', 'ApplicationDecided']);
    }
    const stranger = world.system.market.bank('lenders/x', 'stranger');
    expect((await stranger.feed.listEvents({ pageSize: 500 })).events).toEqual([]);
  });

  it('is refused to the same seller a second time while it is open', async () => {
    const firm = world.ready.applicants.find((each) => sellerNameOf(each) === approved.seller);
    if (firm === undefined) throw new Error('the seller is no applicant');
    const { name, etag } = await newDraft(world, { firm });
    const again = platform().applications.submitApplication({ name, etag, requestId: requestId() });
    await expect(again).rejects.toMatchObject({
      reason: 'APPLICATION_OPEN',
      facts: { existingName: approved.name },
    });
  });

  it('is withdrawn with its offer', async () => {
    expect((await withdraw(approved.name)).state).toBe(ApplicationState.WITHDRAWN);
    const { offers } = await platform().applications.listOffers({ parent: approved.name });
    expect(offers.map(({ state }) => state)).toEqual([OfferState.WITHDRAWN]);
  });
});

describe('an application that the machine says no to', () => {
  it('says why in both languages, and goes to a person when the seller asks', async () => {
    const declined = await newDeclined(world);
    expect(declined.state).toBe(ApplicationState.DECLINED);
    expect(codes(declined.reasons)).toContain('PURPOSE_EXCLUDED');
    for (const { textZh, textEn, hintZh, hintEn } of declined.reasons) {
      expect([textZh, hintZh].join('')).toMatch(/\p{Script=Han}/u);
      expect([textEn, hintEn].join('')).toMatch(/[a-z]/);
    }
    const { applications } = platform();
    const review = await applications.requestManualReview({
      ...{ name: declined.name, requestId: requestId() },
    });
    expect(review).toMatchObject({ state: ApplicationState.REFERRED, reviewOf: declined.name });
    const task = await leaseOf(world, review.name);
    expect(codes(task.reasons)).toContain('REVIEW_ASKED');
  });
});

describe('an application that needs a person', () => {
  it('becomes an offer by a person on the revision that it saw, and the next offer replaces it', async () => {
    const { name } = await newDecided(world);
    const task = await leaseOf(world, name);
    const { leaseToken } = task;
    await bank().tasks.acknowledgeTask({ name: task.name, leaseToken });
    const offerOf = (yuan: bigint) => offerOn(world, name, yuan);
    const stale = bank().tasks.submitOffer({ ...(await offerOf(40_000n)), etag: '1' });
    await expect(stale).rejects.toMatchObject({ reason: 'ETAG_MISMATCH' });
    const first = await bank().tasks.submitOffer(await offerOf(40_000n));
    expect((await current(name)).state).toBe(ApplicationState.APPROVED);
    expect((await bank().tasks.getTask({ name: task.name })).state).toBe(TaskState.DONE);
    const second = await bank().tasks.submitOffer(await offerOf(50_000n));
    const { offers } = await platform().applications.listOffers({ parent: name });
    const states = Object.fromEntries(offers.map((offer) => [offer.name, offer.state]));
    expect(states).toEqual({
      [first.name]: OfferState.REPLACED,
      [second.name]: OfferState.OPEN,
    });
  });

  it('is declined by a person with a code', async () => {
    const { name, etag } = await newDecided(world);
    const declined = await bank().tasks.declineApplication({
      ...{ name, etag, reasonCodes: ['LENDER_JUDGEMENT'], note: 'No.', requestId: requestId() },
    });
    expect(declined.state).toBe(ApplicationState.DECLINED);
    expect(codes(declined.reasons)).toEqual(['LENDER_JUDGEMENT']);
  });

  it('comes first when its seller is on the green list, and is checked like any other', async () => {
    await bank().tasks.leaseTasks({ parent: lenderName, maxTasks: 100, leaseSeconds: 3_600 });
    const plain = await newDecided(world);
    const green = await newDecided(world, { firm: await newGreenCustomer() });
    expect(codes(green.reasons)).toEqual(codes(plain.reasons));
    expect(green).toMatchObject({ green: true, state: ApplicationState.REFERRED });
    const { tasks } = await bank().tasks.leaseTasks({
      ...{ parent: lenderName, maxTasks: 1, leaseSeconds: 3_600 },
    });
    expect(tasks.map(({ target }) => target)).toEqual([green.name]);
  });

  async function newGreenCustomer() {
    const firm = await newCustomer(world);
    const name = sellerNameOf(firm);
    const { sellers: proposing } = world.system.market.operator('proposer');
    const { sellers: approving } = world.system.market.operator('approver');
    const { etag } = await proposing.getSeller({ name });
    const proposed = await proposing.proposeGreenListing({
      name,
      etag,
      listDocument: {
        ...{ location: 'urn:list', sha256: 'a'.repeat(64), mediaType: 'application/pdf' },
        sizeBytes: 1n,
      },
      until: { year: 2027, month: 1, day: 1 },
      requestId: requestId(),
    });
    await approving.approveGreenListing({ name, etag: proposed.etag, requestId: requestId() });
    return firm;
  }
});

describe('an application that is withdrawn', () => {
  it('ends as a draft, and its submission comes too late', async () => {
    const { name } = await newDraft(world);
    const { state, etag } = await withdraw(name);
    expect(state).toBe(ApplicationState.WITHDRAWN);
    const late = platform().applications.submitApplication({ name, etag, requestId: requestId() });
    await expect(late).rejects.toMatchObject({ reason: 'STATE_NOT_ALLOWED' });
  });

  it('ends while it waits for its score, which then changes nothing', async () => {
    const { name, etag } = await newDraft(world);
    bus.hold();
    try {
      await platform().applications.submitApplication({ name, etag, requestId: requestId() });
      expect((await withdraw(name)).state).toBe(ApplicationState.WITHDRAWN);
    } finally {
      bus.release();
    }
    const told = await eventually('the score has arrived', async () => {
      const { evidence, state } = await current(name);
      return evidence.some(({ arriveTime }) => arriveTime !== undefined) ? { state } : undefined;
    });
    expect(told.state).toBe(ApplicationState.WITHDRAWN);
  });

  it('takes its task from the people of the bank', async () => {
    const { name } = await newDecided(world);
    const task = await leaseOf(world, name);
    expect((await withdraw(name)).state).toBe(ApplicationState.WITHDRAWN);
    const { state } = await bank().tasks.getTask({ name: task.name });
    expect(state).toBe(TaskState.CANCELLED);
  });
});

// From here on time passes, and in the end scoring is gone.

describe('an application whose time is over', () => {
  const days = 86_400_000;

  it('expires: an offer after seven days, a draft after ten', async () => {
    const draft = await newDraft(world);
    const offered = await newApproved();
    world.system.advance(7 * days);
    const expired = await whenLeft(world, offered.name, ApplicationState.APPROVED);
    expect(expired.state).toBe(ApplicationState.EXPIRED);
    const { offers } = await platform().applications.listOffers({ parent: offered.name });
    expect(offers.map(({ state }) => state)).toEqual([OfferState.EXPIRED]);
    expect((await current(draft.name)).state).toBe(ApplicationState.DRAFT);
    world.system.advance(3 * days);
    const ended = await whenLeft(world, draft.name, ApplicationState.DRAFT);
    expect(ended.state).toBe(ApplicationState.EXPIRED);
  });

  it('goes to a person at the deadline of its evidence when scoring is down', async () => {
    const { name, etag } = await newDraft(world);
    await world.system.stopService('scoring');
    await platform().applications.submitApplication({ name, etag, requestId: requestId() });
    world.system.advance(19_999);
    expect((await current(name)).state).toBe(ApplicationState.SUBMITTED);
    world.system.advance(1);
    const referred = await whenLeft(world, name, ApplicationState.SUBMITTED);
    expect(referred.state).toBe(ApplicationState.REFERRED);
    expect(codes(referred.reasons)).toEqual(['EVIDENCE_MISSING']);
    const [action] = referred.pendingActions;
    expect(action).toMatchObject({ actor: lenderName, target: name });

    const { etag: seen } = await current(name);
    const tooEarly = bank().tasks.submitOffer(await offerOn(world, name, 40_000n));
    await expect(tooEarly).rejects.toMatchObject({ reason: 'SCORE_MISSING' });
    const declined = await bank().tasks.declineApplication({
      ...{ name, etag: seen, reasonCodes: ['LENDER_JUDGEMENT'], note: 'No.' },
      requestId: requestId(),
    });
    expect(declined.state).toBe(ApplicationState.DECLINED);
  });
});
