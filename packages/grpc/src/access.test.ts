import { create } from '@bufbuild/protobuf';
import { BadRequestSchema } from '@lianbao/api/google/rpc/error_details_pb';
import { Health } from '@lianbao/api/grpc/health/v1/health_pb';
import { ServerReflectionRequestSchema } from '@lianbao/api/grpc/reflection/v1/reflection_pb';
import {
  CreateSellerRequestSchema,
  GetSellerRequestSchema,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import type { Caller, CallerKind, Tenant } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { allOwn, compareAccess, ownNames } from './access.ts';

const open = { callers: ['PLATFORM'] } as const;
const by = (kind: CallerKind, partner: string): Caller => ({
  tenant: 'local' as Tenant,
  kind,
  partner,
  person: partner,
  level: undefined,
});

it('compares the table with the services, both ways', () => {
  const access = {
    'grpc.health.v1.Health/Check': { ...open, own: 'service' },
    'grpc.health.v1.Health/List': { ...open, own: 'service' },
    'grpc.health.v1.Health/Cheque': open,
  };
  expect(compareAccess(access, [Health])).toEqual([
    'grpc.health.v1.Health/Watch has no row',
    'grpc.health.v1.Health/List has no field service',
    'grpc.health.v1.Health/Cheque is not a method',
  ]);
});

it('complains of a request id or etag that the request cannot carry', () => {
  const rule = { ...open, requestId: 'REQUIRED', etag: 'REQUIRED' } as const;
  const names = ['Check', 'List', 'Watch'].map((name) => `grpc.health.v1.Health/${name}`);
  const access = {
    ...Object.fromEntries(names.map((name) => [name, open])),
    [String(names[0])]: rule,
  };
  expect(compareAccess(access, [Health])).toEqual([
    'grpc.health.v1.Health/Check has no field request_id',
    'grpc.health.v1.Health/Check has no field etag',
  ]);
});

it.each<[string, Caller, boolean]>([
  ['platforms/p', by('PLATFORM', 'platforms/p'), true],
  ['platforms/p/sellers/s', by('PLATFORM', 'platforms/p'), true],
  ['platforms/pq', by('PLATFORM', 'platforms/p'), false],
  ['platforms/-/sellers/s', by('PLATFORM', 'platforms/p'), false],
  ['lenders/p/loans/l', by('PLATFORM', 'platforms/p'), false],
  ['platforms/p', by('OPERATOR', ''), false],
])('%s is own: %o', (name, caller, own) => {
  expect(allOwn([name], caller)).toBe(own);
});

it('reads a name that stands alone, for platforms and banks only', () => {
  const names = ownNames({ ...open, own: 'name' }, GetSellerRequestSchema);
  const message = create(GetSellerRequestSchema, { name: 'platforms/p/sellers/s' });
  expect(names(message, 'PLATFORM')).toEqual(['platforms/p/sellers/s']);
  expect(names(message, 'BANK')).toEqual(['platforms/p/sellers/s']);
  expect(names(message, 'OPERATOR')).toBeUndefined();
  expect(names(message, 'SERVICE')).toBeUndefined();
});

it('reads another field for each kind of caller', () => {
  const own = { PLATFORM: 'parent', SERVICE: 'seller_id' };
  const names = ownNames({ ...open, own }, CreateSellerRequestSchema);
  const message = create(CreateSellerRequestSchema, { parent: 'platforms/p', sellerId: 's' });
  expect(names(message, 'PLATFORM')).toEqual(['platforms/p']);
  expect(names(message, 'SERVICE')).toEqual(['s']);
  expect(names(message, 'BANK')).toBeUndefined();
});

it('reads every name of a list, and one empty name where there is none', () => {
  const names = ownNames({ ...open, own: 'field_violations.field' }, BadRequestSchema);
  const message = create(BadRequestSchema, { fieldViolations: [{ field: 'a' }, { field: 'b' }] });
  expect(names(message, 'PLATFORM')).toEqual(['a', 'b']);
  expect(names(create(BadRequestSchema), 'PLATFORM')).toEqual(['']);
});

it('reads a choice, and one empty name where another is chosen', () => {
  const own = 'file_containing_extension.containing_type';
  const names = ownNames({ ...open, own }, ServerReflectionRequestSchema);
  const chosen = create(ServerReflectionRequestSchema, {
    messageRequest: { case: 'fileContainingExtension', value: { containingType: 'platforms/p' } },
  });
  const other = create(ServerReflectionRequestSchema, {
    messageRequest: { case: 'listServices', value: '' },
  });
  expect(names(chosen, 'PLATFORM')).toEqual(['platforms/p']);
  expect(names(other, 'PLATFORM')).toEqual(['']);
});

it('refuses to be made for a field that is not there', () => {
  expect(() => ownNames({ ...open, own: 'parent.name' }, GetSellerRequestSchema)).toThrow(
    TypeError,
  );
});
