import type { DescMessage } from '@bufbuild/protobuf';
import {
  ConsentService,
  EventFeedService,
  PartnerService,
  SellerService,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { compareAccess } from '@lianbao/grpc';
import { Refusal } from '@lianbao/kernel';
import { partyAccess } from '@lianbao/party';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acts } from './acts.ts';
import { requestId } from './cast.ts';
import { hostileCopies } from './hostile-fields.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close()); // Fails when anything ended in INTERNAL.

const services = [PartnerService, SellerService, ConsentService, EventFeedService];

it('gives every rpc of party a row of access, and no other', () => {
  expect(compareAccess(partyAccess, services)).toEqual([]);
});

const inputOf = (rpc: string): DescMessage => {
  const method = services.flatMap(({ methods }) => methods).find(({ name }) => name === rpc);
  if (method === undefined) throw new Error(`no rpc ${rpc}`);
  return method.input;
};

describe.each(Object.entries(acts))('%s', (rpc, prepare) => {
  it('refuses what is hostile field by field with a reason, and stores no answer', async () => {
    const act = await prepare(world);
    const before = await answers();
    const outcomes = await Promise.all(
      hostileCopies(inputOf(rpc), act.request).map(async ({ path, request }) => {
        const fresh = path === 'request_id' ? {} : { requestId: requestId() };
        const error: unknown = await act.send({ ...request, ...fresh }).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        return { path, error };
      }),
    );
    const refused = outcomes.filter(({ error }) => error !== undefined);
    expect(refused.filter(({ error }) => !(error instanceof Refusal))).toEqual([]);
    expect(refused.length).toBeGreaterThan(10);
    expect(await answers()).toBe(before + outcomes.length - refused.length);
    for (const { path, error } of refused) {
      if (!(error instanceof Refusal) || error.reason !== 'FIELD_INVALID') continue;
      const fields = error.violations.map(({ field }) => field);
      expect(fields.some((field) => field.startsWith(path) || path.startsWith(field))).toBe(true);
    }
  });
});

async function answers(): Promise<number> {
  const { rows } = await world.admin.query('select count(*)::integer as count from idempotency');
  return rows[0].count;
}
