import { deliveryOf, recordOf, topicName } from '@lianbao/events';
import { resourceUid, silentLog, silentMeter, type Tenant } from '@lianbao/kernel';
import { operateParked, partyDefaults } from '@lianbao/party';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close(/event parked/));

const tenant = 'local' as Tenant;
const key = resourceUid(tenant, 'policies/p');
const topic = topicName('policy');

const operate = (...words: readonly string[]) =>
  operateParked(
    {
      config: {
        ...partyDefaults,
        idempotencyDays: 7,
        databaseUrl: world.appUrl,
        keyRing: world.keyRing,
        tenants: [tenant],
      },
      clock: world.clock.now,
      log: silentLog,
      meter: silentMeter,
    },
    words,
  );

it('an event that cannot be handled is shown to operators, replayed, and skipped with a reason', async () => {
  const broken = deliveryOf({
    tenant,
    topic,
    key,
    epoch: 0n,
    sequence: 1n,
    type: 'lianbao.approval.v1.PolicyActivated',
    subject: 'policies/p/versions/v',
    time: world.clock.now(),
    correlationId: '',
    causationId: '',
    audience: [],
    traceparent: undefined,
    payload: Buffer.from('no message at all'),
  });
  await world.bus.send([recordOf(broken)]);
  const [line = ''] = await operate();
  expect(JSON.parse(line)).toMatchObject({
    tenant,
    group: 'party.policy',
    topic,
    key,
    eventId: broken.id,
    sequence: '1',
    kept: 1,
  });
  expect(await operate('replay', tenant, 'party.policy', topic, key)).toEqual(['PARKED']);
  const skip = ['skip', tenant, 'party.policy', topic, key, 'Ops'];
  await expect(operate(...skip)).rejects.toThrow(RangeError);
  expect(await operate(...skip, 'sent', 'in', 'error')).toEqual([`skipped ${broken.id}`]);
  expect(await operate(...skip, 'again')).toEqual(['nothing is parked there']);
  expect(await operate()).toEqual([]);
});
