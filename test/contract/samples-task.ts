/** Requests about a lender's work that succeed. */
import { randomUUID } from 'node:crypto';
import { LenderTaskService } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { lenderName, platformName } from '../../deploy/local/src/set-up.ts';
import { on, type Sampler } from './sample.ts';
import { bank, leaseOf, newDecided, newLease, offerOn, type World } from './world.ts';

const requestId = () => randomUUID();

const applicationsOf = ({ system }: World) => system.market.platform(platformName).applications;

const withdrawal = async (world: World, name: string) => {
  const { etag } = await applicationsOf(world).getApplication({ name });
  await applicationsOf(world).withdrawApplication({ name, etag, requestId: requestId() });
};

const task = LenderTaskService.method;

export const taskSamples: readonly Sampler[] = [
  on(task.leaseTasks, async (world) => {
    const { name } = await newDecided(world);
    return {
      claims: bank,
      request: { parent: lenderName, maxTasks: 100, leaseSeconds: 3_600 },
      change: () => withdrawal(world, name),
    };
  }),
  on(task.acknowledgeTask, async (world) => {
    const { name, leaseToken, target } = await newLease(world);
    return {
      claims: bank,
      request: { name, leaseToken },
      change: () => withdrawal(world, target),
    };
  }),
  on(task.extendTaskLease, async (world) => {
    const { name, leaseToken, target } = await newLease(world);
    return {
      claims: bank,
      request: { name, leaseToken, leaseSeconds: 7_200 },
      change: () => withdrawal(world, target),
    };
  }),
  // Nothing changes a task that has ended.
  on(task.completeTask, async (world) => {
    const { name } = await newDecided(world);
    const lease = await leaseOf(world, name);
    await withdrawal(world, name);
    return { claims: bank, request: { name: lease.name, leaseToken: lease.leaseToken } };
  }),
  on(task.getTask, async (world) => ({
    claims: bank,
    request: { name: (await newLease(world)).name },
  })),
  on(task.listTasks, () => ({ claims: bank, request: { parent: lenderName, pageSize: 2 } })),
  on(task.submitOffer, async (world) => {
    const { name } = await newDecided(world);
    return {
      claims: bank,
      request: await offerOn(world, name, 40_000n),
      change: () => withdrawal(world, name),
    };
  }),
  // Of what was declined only another application can come.
  on(task.declineApplication, async (world) => {
    const { name, etag } = await newDecided(world);
    return {
      claims: bank,
      request: {
        name,
        reasonCodes: ['LENDER_JUDGEMENT'],
        note: 'Not known to the branch.',
        requestId: requestId(),
        etag,
      },
    };
  }),
];
