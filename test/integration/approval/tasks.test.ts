import { TaskState } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readyWorld, referredOf, refusalOf, requestId } from './cast.ts';
import { lenderName } from './names.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await readyWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.admin.query(`update lender_task set state = 'DONE'`); // Nothing left of other tests.
});

const tasks = (person?: string) => world.bank(person).tasks;
const lease = async (maxTasks = 1, leaseSeconds = 60) =>
  (await tasks().leaseTasks({ parent: lenderName, maxTasks, leaseSeconds })).tasks;

const holding = ({ name, leaseToken }: { name: string; leaseToken: string }) => ({
  name,
  leaseToken,
});

async function leasedOne() {
  await referredOf(world);
  const [task] = await lease();
  if (task === undefined) throw new Error('nothing to lease');
  return task;
}

it('gives two who lease at once different tasks', async () => {
  for (let count = 0; count < 6; count += 1) await referredOf(world);
  const [mine, yours] = await Promise.all([lease(3), lease(3)]);
  const names = [...mine, ...yours].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const rest = await lease(10);
  expect(names.length + rest.length).toBe(6);
});

it('gives a task back when its lease ends, and refuses the token of before', async () => {
  const task = await leasedOne();
  expect(task).toMatchObject({ state: TaskState.LEASED, attempt: 1 });
  expect(await lease()).toEqual([]);
  world.clock.advance(60_000);
  await world.runTimers();
  const [again] = await lease();
  expect(again).toMatchObject({ name: task.name, attempt: 2 });
  expect(again?.leaseToken).not.toBe(task.leaseToken);
  for (const act of [
    () => tasks().acknowledgeTask(holding(task)),
    () => tasks().extendTaskLease({ ...holding(task), leaseSeconds: 60 }),
    () => tasks().completeTask(holding(task)),
  ]) {
    expect(await refusalOf(act())).toMatchObject({
      kind: 'CONTENTION',
      reason: 'LEASE_LOST',
      facts: { task: task.name },
    });
  }
});

it('refuses a lease that is over even before its timer has run', async () => {
  const { name, leaseToken } = await leasedOne();
  world.clock.advance(60_000);
  expect(await refusalOf(tasks().acknowledgeTask({ name, leaseToken }))).toMatchObject({
    reason: 'LEASE_LOST',
  });
});

it('keeps an extended lease, and an acknowledged task for good', async () => {
  const { name, leaseToken } = await leasedOne();
  world.clock.advance(59_000);
  await tasks().extendTaskLease({ name, leaseToken, leaseSeconds: 60 });
  world.clock.advance(59_000);
  await world.runTimers();
  const stored = await tasks().acknowledgeTask({ name, leaseToken });
  expect(stored.state).toBe(TaskState.ACKNOWLEDGED);
  expect(await tasks().acknowledgeTask({ name, leaseToken })).toEqual(stored);
  world.clock.advance(3_600_000);
  await world.runTimers();
  expect(await lease()).toEqual([]);
  expect(await world.saidOf(name)).toEqual(['LenderTaskOpened', 'LenderTaskAcknowledged']);
});

it('tells an operator when the fifth lease ends by itself, not before', async () => {
  const { name } = await leasedOne();
  const alarms = () => world.logged.filter((line) => line.includes('leased again and again'));
  for (let ended = 1; ended <= 5; ended += 1) {
    expect(alarms()).toHaveLength(0);
    world.clock.advance(60_000);
    await world.runTimers();
    await lease();
  }
  expect(alarms()).toHaveLength(1);
  expect(alarms()[0]).toContain(name);
});

it('refuses to complete a task whose application still waits', async () => {
  const { name, leaseToken, target } = await leasedOne();
  expect(await refusalOf(tasks().completeTask({ name, leaseToken }))).toMatchObject({
    reason: 'STATE_NOT_ALLOWED',
  });
  const { applications } = world.platform();
  const { etag } = await applications.getApplication({ name: target });
  await applications.withdrawApplication({ name: target, etag, requestId: requestId() });
  const done = await tasks().completeTask({ name, leaseToken });
  expect(done.state).toBe(TaskState.CANCELLED);
});

it('marks a task past its time and keeps it, on the operator’s list too', async () => {
  await referredOf(world);
  world.clock.advance(48 * 3_600_000);
  await world.runTimers();
  const { tasks: overdue } = await world.operator().tasks.listTasks({
    parent: 'lenders/-',
    states: [TaskState.OPEN],
    overdueOnly: true,
  });
  expect(overdue).toHaveLength(1);
  expect(await world.saidOf(overdue[0]?.name ?? '')).toEqual([
    'LenderTaskOpened',
    'LenderTaskOverdue',
  ]);
  expect(await lease()).toHaveLength(1);
});

it('shows the token to its holder only', async () => {
  const { name, leaseToken } = await leasedOne();
  expect((await tasks().getTask({ name })).leaseToken).toBe(leaseToken);
  expect((await tasks('Bank Two').getTask({ name })).leaseToken).toBe('');
  expect((await world.operator().tasks.getTask({ name })).leaseToken).toBe('');
});

it('gives the same tasks for the same request id', async () => {
  await referredOf(world);
  await referredOf(world);
  const request = { parent: lenderName, maxTasks: 1, leaseSeconds: 60, requestId: requestId() };
  expect(await tasks().leaseTasks(request)).toEqual(await tasks().leaseTasks(request));
  expect(await lease(10)).toHaveLength(1);
});
