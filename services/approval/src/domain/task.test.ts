import type { Uid } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import {
  acknowledged,
  dueTimeOf,
  leased,
  leaseEnded,
  leaseExtended,
  openTask,
  requireLease,
} from './task.ts';
import { policy } from './testing/facts.ts';

const now = new Date('2020-02-21T01:00:00Z');
const at = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const open = openTask(
  {
    uid: 'u' as Uid,
    name: 'lenders/l/tasks/t',
    lender: 'lenders/l',
    kind: 'UNDERWRITE',
    target: 'platforms/p/applications/a',
    dueTime: at(48 * 3_600),
    green: false,
  },
  now,
);
const held = leased(open, { token: '1.x', holder: 'li', expireTime: at(60) }, now);
const lost = expect.objectContaining({ reason: 'LEASE_LOST' });

it('gives a green seller eight hours instead of forty-eight', () => {
  expect(dueTimeOf(policy, false, now)).toEqual(at(48 * 3_600));
  expect(dueTimeOf(policy, true, now)).toEqual(at(8 * 3_600));
});

it('holds a lease to its last moment, and only by its own token', () => {
  expect(requireLease(held, '1.x', at(59.999))).toMatchObject({ token: '1.x' });
  expect(() => requireLease(held, '1.x', at(60))).toThrow(lost);
  expect(() => requireLease(held, '0.x', now)).toThrow(lost);
  expect(leaseEnded(held, at(59.999))).toBeUndefined();
  expect(leaseEnded(held, at(60))).toMatchObject({ state: 'OPEN', attempt: 1 });
});

it('refuses the token of before once somebody else has leased it', () => {
  const again = leased(held, { token: '2.y', holder: 'wang', expireTime: at(120) }, at(61));
  expect(again.attempt).toBe(2);
  expect(() => acknowledged(again, '1.x', at(62))).toThrow(lost);
});

it('ends the lease with the acknowledgement, which said twice is one', () => {
  const stored = acknowledged(held, '1.x', now);
  expect(stored.state).toBe('ACKNOWLEDGED');
  expect(acknowledged(stored, '1.x', at(10_000))).toBe(stored);
  expect(leaseEnded(stored, at(10_000))).toBeUndefined();
});

it('counts an extension from now', () => {
  expect(leaseExtended(held, '1.x', 100, at(50)).lease?.expireTime).toEqual(at(150));
});
