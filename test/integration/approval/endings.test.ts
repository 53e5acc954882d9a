/** Applications that end without a decision, or after it by the will of the seller. */
import { EvidenceState } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  draftOf,
  get,
  readyWorld,
  referredOf,
  refusalOf,
  requestId,
  stateOf,
  submittedOf,
} from './cast.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await readyWorld();
});
afterAll(() => world.close());

const applications = () => world.platform().applications;

describe('withdrawn', () => {
  it.each(['DRAFT', 'SUBMITTED', 'REFERRED', 'APPROVED'])('from %s, for ever', async (state) => {
    const made = {
      DRAFT: () => draftOf(world),
      SUBMITTED: () => submittedOf(world),
      REFERRED: () => referredOf(world),
      APPROVED: async () => {
        const { name } = await submittedOf(world);
        await world.score(name);
        return get(world, name);
      },
    }[state];
    const { name, etag } = (await made?.()) ?? { name: '', etag: '' };
    const withdrawn = await applications().withdrawApplication({
      name,
      etag,
      requestId: requestId(),
    });
    expect(withdrawn.name).toBe(name);
    expect(await stateOf(world, name)).toBe('WITHDRAWN');
    expect((await world.saidOf(name)).at(-1)).toBe('ApplicationClosed');
    const again = applications().withdrawApplication({
      ...{ name, etag: withdrawn.etag, requestId: requestId() },
    });
    expect(await refusalOf(again)).toMatchObject({ reason: 'STATE_NOT_ALLOWED' });
    if (state === 'SUBMITTED') {
      await world.score(name);
      expect(await stateOf(world, name)).toBe('WITHDRAWN');
      expect((await get(world, name)).evidence[0]?.state).toBe(EvidenceState.LATE);
    }
    if (state === 'REFERRED') {
      const { tasks } = await world.bank().tasks.listTasks({ parent: 'lenders/l' });
      const task = tasks.find(({ target }) => target === name);
      expect(await world.saidOf(task?.name ?? '')).toEqual([
        'LenderTaskOpened',
        'LenderTaskCancelled',
      ]);
    }
  });
});

it('ends a draft that nobody submitted after ten days', async () => {
  const { name, etag } = await draftOf(world);
  world.clock.advance(10 * 86_400_000);
  const late = applications().submitApplication({ name, etag, requestId: requestId() });
  expect(await refusalOf(late)).toMatchObject({
    reason: 'STATE_NOT_ALLOWED',
    facts: { state: 'EXPIRED' },
  });
  await world.runTimers();
  expect(await stateOf(world, name)).toBe('EXPIRED');
  expect(await world.saidOf(name)).toEqual(['ApplicationClosed']);
});
