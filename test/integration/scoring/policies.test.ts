import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PolicyActivatedSchema } from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import { expect, it } from 'vitest';
import { send } from './models.ts';
import { policyOf } from './ready.ts';
import { invoice } from './records.ts';
import { openWorld, seller } from './world.ts';

it('takes of policies in force from the same moment the one that came last, also a former one', async () => {
  const world = await openWorld();
  await send(world, seller, [invoice({ id: '1', date: '2020-02-11' })]); // Ten days old.
  const since = new Date('2020-02-20T00:00:00Z');
  const activate = (mark: string, recordAgeDaysMax: number) => {
    const content = policyOf();
    if (content.credit !== undefined) content.credit.recordAgeDaysMax = recordAgeDaysMax;
    return world.tell({
      topic: 'policy',
      subject: 'policies/credit',
      schema: PolicyActivatedSchema,
      message: {
        policyVersion: `policies/credit/versions/${mark}`,
        contentHash: mark.repeat(64),
        effectiveTime: timestampFromDate(since),
        content,
      },
    });
  };
  const isStale = async () => {
    const { missing } = await world.platform.records.getTradingCoverage({ seller });
    return missing.some(({ cause }) => cause === 'RECORDS_STALE');
  };
  expect(await isStale()).toBe(false);
  await activate('a', 9);
  expect(await isStale()).toBe(true);
  await activate('b', 10);
  expect(await isStale()).toBe(false);
  await activate('a', 9);
  expect(await isStale()).toBe(true);
});
