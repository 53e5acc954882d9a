import { expect, it } from 'vitest';
import { sleeper } from './sleep.ts';

const hour = 3_600_000;

it('wakes at once when woken', async () => {
  const { sleep, wake } = sleeper();
  const sleeping = sleep(hour);
  wake();
  expect(await sleeping).toBe(true);
});

it('does not fall asleep when it was woken before, once', async () => {
  const { sleep, wake } = sleeper();
  wake();
  wake();
  expect(await sleep(hour)).toBe(true);
  expect(await sleep(0)).toBe(false);
});
