import { expect, it } from 'vitest';
import type { BusRecord } from './bus.ts';
import { intake } from './intake.ts';

const record = (key: string): BusRecord => ({
  topic: 't',
  key,
  headers: {},
  value: new Uint8Array(),
});
const keys = (records: readonly BusRecord[]) => records.map(({ key }) => key).join('');

it('takes together what arrives while a batch is in hand', async () => {
  const taken: string[] = [];
  const gate = Promise.withResolvers<void>();
  const into = intake(async (records) => {
    taken.push(keys(records));
    await gate.promise;
  });
  const first = into.add([record('a')]);
  await Promise.resolve().then(() => Promise.resolve());
  const others = [into.add([record('b'), record('c')]), into.add([record('d')])];
  gate.resolve();
  await Promise.all([first, ...others]);
  expect(taken).toEqual(['a', 'bcd']);
});

it('rejects all of a batch that is not taken, and goes on with the next', async () => {
  let broken = true;
  const into = intake(async () => {
    if (broken) throw new Error('database away');
  });
  const [first, second] = await Promise.allSettled([
    into.add([record('a')]),
    into.add([record('b')]),
  ]);
  expect([first.status, second.status]).toEqual(['rejected', 'rejected']);
  broken = false;
  await expect(into.add([record('a')])).resolves.toBeUndefined();
});

it('makes no batch of more than 500 records but of one addition', async () => {
  const sizes: number[] = [];
  const into = intake(async (records) => void sizes.push(records.length));
  const of = (count: number) => into.add(Array.from({ length: count }, () => record('a')));
  await Promise.all([of(300), of(200), of(1), of(600)]);
  expect(sizes).toEqual([500, 1, 600]);
});

it('lets records wait for others when told to', async () => {
  const taken: string[] = [];
  const into = intake(async (records) => void taken.push(keys(records)), 20);
  const first = into.add([record('a')]);
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([first, into.add([record('b')])]);
  expect(taken).toEqual(['ab']);
});
