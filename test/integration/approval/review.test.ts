import { EvidenceState } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { get, readyWorld, refusalOf, requestId, stateOf, submittedOf } from './cast.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await readyWorld();
});
afterAll(() => world.close());

const review = (name: string) =>
  world.platform().applications.requestManualReview({ name, requestId: requestId() });

async function declinedOf(seller?: string) {
  const { name } = await submittedOf(world, seller === undefined ? {} : { seller });
  await world.score(name, { grade: 'D', pdPpm: 400_000n });
  return get(world, name);
}

it('is a new application with the same inputs, at once with a person', async () => {
  const declined = await declinedOf();
  const asked = await review(declined.name);
  expect(asked).toMatchObject({
    reviewOf: declined.name,
    externalReference: '',
    inputsHash: declined.inputsHash,
    productVersion: declined.productVersion,
    requestedAmount: declined.requestedAmount,
  });
  expect(await stateOf(world, asked.name)).toBe('REFERRED');
  expect(asked.reasons.map(({ code }) => code)).toEqual(['REVIEW_ASKED']);
  expect(await world.saidOf(declined.name)).toEqual([
    'ApplicationSubmitted',
    'ApplicationDecided',
    'ApplicationClosed',
    'ManualReviewRequested',
  ]);
  expect(await world.saidOf(asked.name)).toEqual(['ApplicationSubmitted', 'ApplicationDecided']);
  const { tasks } = await world.bank().tasks.listTasks({ parent: 'lenders/l' });
  expect(tasks.filter(({ target }) => target === asked.name)).toHaveLength(1);
});

it('asked for twice is one, by whatever request', async () => {
  const { name } = await declinedOf();
  const [first, second] = await Promise.all([review(name), review(name)]);
  expect(second.name).toBe(first.name);
  expect((await review(name)).name).toBe(first.name);
});

it('brings a new score for the person, which declines nothing by itself', async () => {
  const { name } = await declinedOf();
  const asked = await review(name);
  await world.score(asked.name, { grade: 'D', pdPpm: 400_000n });
  const after = await get(world, asked.name);
  expect(await stateOf(world, asked.name)).toBe('REFERRED');
  expect(after.evidence[0]?.state).toBe(EvidenceState.LATE);
});

it('is refused of what was not declined, after fifteen days, and beside an open application', async () => {
  const submitted = await submittedOf(world);
  expect(await refusalOf(review(submitted.name))).toMatchObject({ reason: 'STATE_NOT_ALLOWED' });

  const seller = 'platforms/p/sellers/again';
  const declined = await declinedOf(seller);
  const open = await submittedOf(world, { seller });
  expect(await refusalOf(review(declined.name))).toMatchObject({
    reason: 'APPLICATION_OPEN',
    facts: { existingName: open.name },
  });

  const late = await declinedOf();
  world.clock.advance(15 * 86_400_000 + 1);
  expect(await refusalOf(review(late.name))).toMatchObject({ reason: 'STATE_NOT_ALLOWED' });
});

it('is refused of a review, which a person has answered', async () => {
  const { name } = await declinedOf();
  const asked = await review(name);
  await world.bank().tasks.declineApplication({
    name: asked.name,
    etag: asked.etag,
    reasonCodes: ['LENDER_JUDGEMENT'],
    note: 'as before',
    requestId: requestId(),
  });
  expect(await refusalOf(review(asked.name))).toMatchObject({
    reason: 'STATE_NOT_ALLOWED',
    facts: { state: 'REVIEWED' },
  });
});
