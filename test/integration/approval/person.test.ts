import {
  DecisionMode,
  DecisionOutcome,
  OfferState,
  RepaymentMethod,
  TaskState,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, readyWorld, referredOf, refusalOf, requestId, stateOf, submittedOf } from './cast.ts';
import { scoringConsent, verifiedSeller } from './fake-party.ts';
import { lenderName, yuan } from './names.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await readyWorld();
});
afterAll(() => world.close());

const terms = (parent: string, etag: string) => ({
  parent,
  etag,
  principal: yuan(80_000n),
  termMonths: 6,
  annualRate: { value: '0.12' },
  repaymentMethod: RepaymentMethod.BULLET,
  note: 'visited the warehouse',
  requestId: requestId(),
});

const taskOf = async (target: string) => {
  const { tasks } = await world.bank().tasks.listTasks({ parent: lenderName });
  return tasks.find((task) => task.target === target);
};

describe('a yes', () => {
  it('is refused once the seller was blocked, or took its consent back, since the submission', async () => {
    const { name, etag, seller } = await referredOf(world);
    const yes = () => world.bank().tasks.submitOffer(terms(name, etag));
    world.party.sellers.set(seller, { ...verifiedSeller(seller), state: 'BLOCKED' });
    expect(await refusalOf(yes())).toMatchObject({ reason: 'SELLER_BLOCKED' });
    world.party.sellers.delete(seller);
    world.party.deadConsents.add(seller);
    expect(await refusalOf(yes())).toMatchObject({
      reason: 'CONSENT_MISSING',
      facts: { cause: 'WITHDRAWN' },
    });
    expect(await stateOf(world, name)).toBe('REFERRED');
    // One given since is not the one that the application names; it does not harm that one either.
    world.party.moreConsents.set(`${seller}/consents/renewed`, scoringConsent('GRANTED'));
    expect(await refusalOf(yes())).toMatchObject({ reason: 'CONSENT_MISSING' });
    world.party.deadConsents.delete(seller);
    expect((await yes()).state).toBe(OfferState.OPEN);
  });

  it('is a numbered decision of the person, an offer and the end of the task, at once', async () => {
    const { name, etag } = await referredOf(world);
    const offer = await world.bank('Li Wei').tasks.submitOffer(terms(name, etag));
    expect(offer).toMatchObject({
      state: OfferState.OPEN,
      principal: yuan(80_000n),
      annualRate: { value: '0.12' },
      spreadBps: 785,
    });
    expect(await stateOf(world, name)).toBe('APPROVED');
    const { decisions } = await world.bank().applications.listDecisions({ parent: name });
    expect(
      decisions.map(({ number, mode, decider, outcome }) => [number, mode, decider, outcome]),
    ).toEqual([
      [2, DecisionMode.PERSON, 'li wei', DecisionOutcome.APPROVED],
      [1, DecisionMode.AUTOMATIC, 'policy-0', DecisionOutcome.REFERRED],
    ]);
    expect((await taskOf(name))?.state).toBe(TaskState.DONE);
    expect(await world.saidOf(name)).toEqual([
      'ApplicationSubmitted',
      'ApplicationDecided',
      'ApplicationDecided',
    ]);
  });

  it('is replaced by a newer one, never edited', async () => {
    const { name } = await submittedOf(world);
    await world.score(name);
    const approved = await get(world, name);
    const next = await world.bank().tasks.submitOffer(terms(name, approved.etag));
    const { offers } = await world.platform().applications.listOffers({ parent: name });
    expect(offers.map(({ state }) => state)).toEqual([OfferState.OPEN, OfferState.REPLACED]);
    expect(offers[1]?.replacedBy).toBe(next.name);
    expect(await world.saidOf(name)).toEqual([
      'ApplicationSubmitted',
      'ApplicationDecided',
      'OfferReplaced',
      'ApplicationDecided',
    ]);
    const { rows } = await world.admin.query(
      'select distinct amount_fen from exposure join application on uid = application_uid where name = $1',
      [name],
    );
    expect(rows).toEqual([{ amount_fen: '8000000' }]);
  });

  it('counts in the programme what is offered, less what it replaces', async () => {
    const used = async () => {
      const { rows } = await world.admin.query(
        'select sum(approved_fen) as sum from programme_use',
      );
      return BigInt(rows[0].sum);
    };
    const before = await used();
    const { name } = await submittedOf(world);
    await world.score(name);
    expect((await used()) - before).toBe(100_000_00n);
    await world.bank().tasks.submitOffer(terms(name, (await get(world, name)).etag));
    expect((await used()) - before).toBe(80_000_00n);
  });

  it('is refused on another revision than the present one', async () => {
    const { name, etag } = await referredOf(world);
    const stale = world.bank().tasks.submitOffer(terms(name, String(BigInt(etag) - 1n)));
    expect(await refusalOf(stale)).toMatchObject({ kind: 'CONTENTION', reason: 'ETAG_MISMATCH' });
  });

  it('is refused to another bank, to nobody’s level, above the cap and off the list', async () => {
    const { name, etag } = await referredOf(world);
    const others = world.bank('X', 'HEAD', 'lenders/other').tasks.submitOffer(terms(name, etag));
    expect(await refusalOf(others)).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
    const unknown = world
      .bank('X', 'HEAD', 'lenders/other')
      .tasks.submitOffer(terms(`${name}-none`, etag));
    expect(await refusalOf(unknown)).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
    const dear = world.bank().tasks.submitOffer({
      ...terms(name, etag),
      annualRate: { value: '0.24' },
    });
    expect(await refusalOf(dear)).toMatchObject({
      reason: 'RATE_OVER_CAP',
      facts: { cap: '24.0000 %' },
    });
    const large = world.bank('Officer', 'OFFICER').tasks.submitOffer({
      ...terms(name, etag),
      principal: yuan(100_001n),
    });
    expect(await refusalOf(large)).toMatchObject({ reason: 'AMOUNT_OUT_OF_RANGE' });
    const list = world.party.lenders.get(lenderName);
    world.party.lenders.set(lenderName, { capitalFen: 1n, whitelist: [] });
    const delisted = await refusalOf(world.bank().tasks.submitOffer(terms(name, etag)));
    if (list !== undefined) world.party.lenders.set(lenderName, list);
    expect(delisted).toMatchObject({ reason: 'PLATFORM_NOT_WHITELISTED' });
    expect(await stateOf(world, name)).toBe('REFERRED');
  });

  it('waits for a score that has not come, and takes the one that came late', async () => {
    const { name } = await submittedOf(world);
    world.clock.advance(20_000);
    await world.runTimers();
    const early = world.bank().tasks.submitOffer(terms(name, (await get(world, name)).etag));
    expect(await refusalOf(early)).toMatchObject({ reason: 'SCORE_MISSING' });
    await world.score(name);
    await world.bank().tasks.submitOffer(terms(name, (await get(world, name)).etag));
    expect(await stateOf(world, name)).toBe('APPROVED');
  });

  it('may be a committee’s where the score was refused for want of data', async () => {
    const { name } = await submittedOf(world);
    await world.refuseScore(name, ['RECORDS_TOO_THIN']);
    const { etag } = await get(world, name);
    const head = world.bank('Head', 'HEAD').tasks.submitOffer(terms(name, etag));
    expect(await refusalOf(head)).toMatchObject({
      kind: 'FORBIDDEN',
      reason: 'AUTHORITY_EXCEEDED',
    });
    await world.bank('Committee', 'COMMITTEE').tasks.submitOffer(terms(name, etag));
    expect(await stateOf(world, name)).toBe('APPROVED');
  });

  it('does not rest on a score of more than five days', async () => {
    const { name, etag } = await referredOf(world);
    world.clock.advance(6 * 86_400_000);
    expect(await refusalOf(world.bank().tasks.submitOffer(terms(name, etag)))).toMatchObject({
      reason: 'SCORE_EXPIRED',
    });
  });
});

describe('a no', () => {
  const decline = (name: string, etag: string, reasonCodes: string[]) =>
    world.bank().tasks.declineApplication({
      name,
      etag,
      reasonCodes,
      note: 'does not fit',
      requestId: requestId(),
    });

  it('carries the person’s codes in order and ends the application and its task', async () => {
    const { name, etag } = await referredOf(world);
    const declined = await decline(name, etag, ['FRAUD_SUSPECTED', 'LENDER_JUDGEMENT']);
    expect(declined.reasons.map(({ textEn }) => textEn)).toEqual([
      'Some information could not be confirmed',
      "Declined by the lender's own judgement",
    ]);
    expect(declined.evidence).toHaveLength(1);
    expect((await taskOf(name))?.state).toBe(TaskState.DONE);
    expect((await world.saidOf(name)).slice(-2)).toEqual([
      'ApplicationDecided',
      'ApplicationClosed',
    ]);
    expect(await refusalOf(decline(name, declined.etag, ['LENDER_JUDGEMENT']))).toMatchObject({
      reason: 'STATE_NOT_ALLOWED',
    });
  });

  it('needs codes of the catalogue', async () => {
    const { name, etag } = await referredOf(world);
    expect(await refusalOf(decline(name, etag, ['LENDER_JUDGEMENT', 'NO_SUCH']))).toMatchObject({
      reason: 'FIELD_INVALID',
      violations: [{ field: 'reason_codes[1]' }],
    });
  });
});
