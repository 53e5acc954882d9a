import { expect, it } from 'vitest';
import { occasionally } from './occasional.ts';

it('writes the first of a key, then one in each interval with the number of those left out', () => {
  const clock = { ms: 0 };
  const say = occasionally(1_000, () => clock.ms);
  const written: string[] = [];
  const at = (ms: number, key: string) => {
    clock.ms = ms;
    say(key, (unsaid) => written.push(`${key} at ${ms}, ${unsaid} unsaid`));
  };
  at(0, 'a');
  at(1, 'a');
  at(1, 'b');
  at(999, 'a');
  at(1_000, 'a');
  at(1_001, 'a');
  at(5_000, 'a');
  expect(written).toEqual([
    'a at 0, 0 unsaid',
    'b at 1, 0 unsaid',
    'a at 1000, 2 unsaid',
    'a at 5000, 1 unsaid',
  ]);
});
