import { DecisionOutcome, OfferState } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { get, setUpProduct, stateOf, submittedOf } from './cast.ts';
import { openWorld, type World, yuan } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await setUpProduct(world);
});
afterAll(() => world.close());

it('approves a good application with a priced offer, in one transaction with its event', async () => {
  const { name } = await submittedOf(world);
  await world.score(name);
  const application = await get(world, name);
  expect(await stateOf(world, name)).toBe('APPROVED');
  expect(await world.saidOf(name)).toEqual(['ApplicationSubmitted', 'ApplicationDecided']);
  const { offers } = await world.platform().applications.listOffers({ parent: name });
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
  const decision = await world.platform().applications.getDecision({ name: application.decision });
  expect(decision).toMatchObject({
    outcome: DecisionOutcome.APPROVED,
    decider: 'policy-0',
    bindingLimit: 'REQUESTED',
    limit: yuan(100_000n),
    expectedLoss: yuan(300n),
  });
});
