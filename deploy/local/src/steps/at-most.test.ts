import { expect, it } from 'vitest';
import { atMost } from './at-most.ts';
import { SendWindow } from './send-window.ts';

const turn = () => Promise.resolve();

it('works on so many at a time, and on all', async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await atMost(3, [1, 2, 3, 4, 5, 6, 7], async (item) => {
    running += 1;
    most = Math.max(most, running);
    await turn();
    running -= 1;
    done.push(item);
  });
  expect(most).toBe(3);
  expect(done).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

it('takes nothing more after an error, and throws it once all that runs has ended', async () => {
  const taken: number[] = [];
  const work = atMost(2, [1, 2, 3, 4], async (item) => {
    taken.push(item);
    await turn();
    if (item === 1) throw new Error('the first');
  });
  await expect(work).rejects.toThrow('the first');
  expect(taken).toEqual([1, 2]);
});

it('lets two messages be under way, the third after an answer', async () => {
  const window = new SendWindow(2);
  const sent: number[] = [];
  const sending = (async () => {
    for (const message of [1, 2, 3]) {
      await window.enter();
      sent.push(message);
    }
  })();
  await turn();
  await turn();
  await turn();
  expect(sent).toEqual([1, 2]);
  window.leave();
  await sending;
  expect(sent).toEqual([1, 2, 3]);
});
