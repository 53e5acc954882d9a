import { expect, it } from 'vitest';
import type { Tenant } from './brand.ts';
import { eventUid, madeUid, resourceUid } from './uid.ts';

const tenant = 'market' as Tenant;

it('is a UUID of version 5 that never changes for the same thing', () => {
  // Stored and sent: a change here would rename everything that exists.
  expect(resourceUid(tenant, 'platforms/p')).toBe(resourceUid(tenant, 'platforms/p'));
  expect([
    resourceUid(tenant, 'platforms/p'),
    eventUid(tenant, 'loan', 'k', 1n, 2n),
    madeUid(tenant, 'platforms/p/applications/a', 'guarantee-hold', 1),
  ]).toMatchInlineSnapshot(`
    [
      "7607de9a-b212-5d5b-842e-91ea11d285cd",
      "9a555187-52f1-5858-aab3-ed89041620b1",
      "411193d2-8eee-5f4f-95d0-e8a7f85a6fbf",
    ]
  `);
});

it('differs with every part that names the thing', () => {
  const uids = [
    resourceUid(tenant, 'platforms/p'),
    resourceUid('other' as Tenant, 'platforms/p'),
    resourceUid(tenant, 'platforms/q'),
    eventUid(tenant, 'loan', 'k', 1n, 2n),
    eventUid(tenant, 'loan', 'k', 2n, 2n),
    eventUid(tenant, 'loan', 'k', 1n, 3n),
    eventUid(tenant, 'loan', 'l', 1n, 2n),
    eventUid(tenant, 'group', 'k', 1n, 2n),
    madeUid(tenant, 'platforms/p', 'cause', 1),
    madeUid(tenant, 'platforms/p', 'cause', 2),
    madeUid(tenant, 'platforms/p', 'reason', 1),
  ];
  expect(new Set(uids).size).toBe(uids.length);
  for (const uid of uids) {
    expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
