import { create, toBinary } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import { status } from '@grpc/grpc-js';
import {
  ListSellersRequestSchema,
  SellerService,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import type { Caller, Refusal, Tenant } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import type { AccessRule } from './access.ts';
import { bind, type Handlers } from './handlers.ts';
import { requestReader } from './request-reader.ts';
import { echoAccess } from './testing/echo-service.ts';
import { loopback, rawCall, tokenFor } from './testing/loopback.ts';

const say = '/lianbao.echo.v1.EchoService/Say';
const bytesOf = (value: string) =>
  toBinary(StringValueSchema, create(StringValueSchema, { value }));
const bearer = async () => ({ authorization: `Bearer ${await tokenFor()}` });

describe('a call is refused before its handler', () => {
  const refusedWith = async (
    call: Parameters<typeof rawCall>[2],
    options: Parameters<typeof loopback>[1] = {},
  ) => {
    const { server } = await loopback({}, options);
    return rawCall(server.address, say, { headers: await bearer(), ...call });
  };

  it('without a deadline', async () => {
    expect(await refusedWith({ deadlineMs: undefined })).toMatchObject({
      code: status.INVALID_ARGUMENT,
      info: { reason: 'FIELD_INVALID' },
      violations: [{ field: 'grpc-timeout', reason: 'deadline.required' }],
    });
  });

  it('without a token', async () => {
    expect(await refusedWith({ headers: {} })).toMatchObject({
      code: status.UNAUTHENTICATED,
      info: { reason: 'CREDENTIAL_INVALID', metadata: { cause: 'MISSING' } },
    });
  });

  it('with a token for another service', async () => {
    const authorization = `Bearer ${await tokenFor({ audience: ['party'] })}`;
    expect(await refusedWith({ headers: { authorization } })).toMatchObject({
      code: status.UNAUTHENTICATED,
      info: { reason: 'CREDENTIAL_INVALID', metadata: { cause: 'AUDIENCE' } },
    });
  });

  it('when the access table has no row for it', async () => {
    expect(await refusedWith({}, { access: {} })).toMatchObject({
      code: status.PERMISSION_DENIED,
      info: {
        reason: 'CALLER_NOT_ALLOWED',
        metadata: { cause: 'RPC', method: 'lianbao.echo.v1.EchoService/Say' },
      },
    });
  });

  it('from a caller of another kind, even when the bytes are broken', async () => {
    const access = { 'lianbao.echo.v1.EchoService/Say': { callers: ['BANK'] } } as const;
    expect(await refusedWith({ bytes: Buffer.of(0xff) }, { access })).toMatchObject({
      code: status.PERMISSION_DENIED,
    });
  });

  it('for what lies under another partner', async () => {
    const access = {
      'lianbao.echo.v1.EchoService/Say': { callers: ['PLATFORM'], own: 'value' },
    } as const;
    expect(
      await refusedWith({ bytes: bytesOf('platforms/pq/sellers/s') }, { access }),
    ).toMatchObject({
      code: status.PERMISSION_DENIED,
      info: { reason: 'CALLER_NOT_ALLOWED', metadata: { cause: 'NOT_OWN' } },
    });
  });

  it('for no name at all where one has to be its own', async () => {
    const access = {
      'lianbao.echo.v1.EchoService/Say': { callers: ['PLATFORM'], own: 'value' },
    } as const;
    expect(await refusedWith({ bytes: bytesOf('') }, { access })).toMatchObject({
      code: status.PERMISSION_DENIED,
    });
  });

  it.each([
    ['a NUL', bytesOf('a\0b'), { field: 'value', reason: 'string.characters' }],
    [
      'bytes that are not UTF-8',
      Buffer.of(10, 3, 0xed, 0xa0, 0x80),
      { field: 'value', reason: 'string.utf8' },
    ],
    ['a length past the end', Buffer.of(10, 9, 1), { field: '', reason: 'message.malformed' }],
    ['a tag of field 0', Buffer.of(0, 0), { field: '', reason: 'message.malformed' }],
  ])('with %s', async (_what, bytes, violation) => {
    expect(await refusedWith({ bytes })).toMatchObject({
      code: status.INVALID_ARGUMENT,
      info: { reason: 'FIELD_INVALID', domain: 'lianbao' },
      violations: [violation],
    });
  });

  it('with one byte more than 1 MiB', async () => {
    const value = 'x'.repeat(1_048_576 - 4);
    expect(bytesOf(value)).toHaveLength(1_048_576);
    expect(await refusedWith({ bytes: bytesOf(`${value}x`) })).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      info: { reason: 'QUOTA_EXCEEDED', metadata: { limit: '1048576 bytes a message' } },
    });
  });

  it('with one byte more than 4 MiB where batches are taken', async () => {
    const batch = { callers: ['PLATFORM'], batch: true } as const;
    const access = { 'lianbao.echo.v1.EchoService/Say': batch };
    const value = 'x'.repeat(4 * 1_048_576 - 4);
    expect(await refusedWith({ bytes: bytesOf(value) }, { access })).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      info: { reason: 'QUOTA_EXCEEDED', metadata: { limit: '4194304 bytes a message' } },
    });
  });
});

it('takes a message of exactly 1 MiB, and of just under 4 where batches are taken', async () => {
  const batch = { callers: ['PLATFORM'], batch: true } as const;
  const lengthOf = { say: async ({ value }: { value: string }) => ({ value: `${value.length}` }) };
  const { client } = await loopback(lengthOf);
  const one = 1_048_576 - 4;
  expect((await client.say({ value: 'x'.repeat(one) })).value).toBe(String(one));
  const access = { ...echoAccess, 'lianbao.echo.v1.EchoService/Say': batch };
  const { client: batches } = await loopback(lengthOf, { access });
  const four = 4 * 1_048_576 - 5;
  expect((await batches.say({ value: 'x'.repeat(four) })).value).toBe(String(four));
});

it('lists every violation at once, with the field as in the proto file and the id of the rule', async () => {
  const listSellers = async () => ({});
  const handlers = Object.fromEntries(SellerService.methods.map((m) => [m.localName, listSellers]));
  const { server } = await loopback(
    {},
    {
      bindings: [bind(SellerService, handlers as unknown as Handlers<typeof SellerService>)],
      access: { 'lianbao.party.v1.SellerService/ListSellers': { callers: ['PLATFORM'] } },
    },
  );
  const request = create(ListSellersRequestSchema, { parent: 'nowhere', pageSize: -1 });
  const error = await rawCall(server.address, '/lianbao.party.v1.SellerService/ListSellers', {
    headers: await bearer(),
    bytes: toBinary(ListSellersRequestSchema, request),
  });
  expect(error).toMatchObject({
    code: status.INVALID_ARGUMENT,
    info: { reason: 'FIELD_INVALID' },
    violations: [
      { field: 'parent', reason: 'string.pattern' },
      { field: 'page_size', reason: 'int32.gte' },
    ],
  });
});

describe('request id and etag', () => {
  const method = SellerService.method.blockSeller;
  const document = {
    location: 's3://lianbao/ruling',
    sha256: 'a'.repeat(64),
    mediaType: 'application/pdf',
    sizeBytes: 1n,
  };
  const whole = {
    name: 'platforms/p/sellers/s',
    reason: 'fraud',
    document,
    requestId: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
    etag: '3',
  };
  const operator: Caller = {
    tenant: 'local' as Tenant,
    kind: 'OPERATOR',
    partner: '',
    person: 'zhang san',
    level: undefined,
  };
  const violations = (changed: object, rule: Partial<AccessRule> = {}, position?: number) => {
    const read = requestReader(method, { callers: ['OPERATOR'], ...rule });
    const bytes = toBinary(method.input, create(method.input, { ...whole, ...changed }));
    try {
      read(bytes, operator, position);
      return [];
    } catch (error) {
      return (error as Refusal).violations.map(({ field, reason }) => `${field}: ${reason}`);
    }
  };

  it('are taken as they should be', () => {
    expect(violations({}, { requestId: 'REQUIRED', etag: 'REQUIRED' })).toEqual([]);
  });

  it('are missed where the access table requires them, each once', () => {
    const rule = { requestId: 'REQUIRED', etag: 'REQUIRED' } as const;
    expect(violations({ requestId: '', etag: '' }, rule)).toEqual([
      'request_id: string.uuid_empty',
      'etag: required',
    ]);
    expect(violations({ etag: '' })).toEqual([]);
  });

  it('has to be a UUID of version 4', () => {
    expect(violations({ requestId: '6ba7b810-9dad-11d1-80b4-00c04fd430c8' })).toEqual([
      'request_id: request_id.uuid_v4',
    ]);
    expect(violations({ requestId: 'x' })).toEqual(['request_id: string.uuid']);
  });

  it('are refused together with all else that is wrong', () => {
    expect(violations({ reason: '', etag: '' }, { etag: 'REQUIRED' })).toEqual([
      'reason: string.min_len',
      'etag: required',
    ]);
  });

  it('of a streamed message come with its position', () => {
    const read = requestReader(method, { callers: ['OPERATOR'] });
    const bytes = toBinary(method.input, create(method.input, { ...whole, reason: '' }));
    expect(() => read(bytes, operator, 7)).toThrow(
      expect.objectContaining({ facts: { position: '7' } }),
    );
  });
});
