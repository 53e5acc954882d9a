import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  BlockSellerRequestSchema,
  ListSellersRequestSchema,
  SellerSchema,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { sha256 } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { actOf } from './act.ts';
import { callBy } from './testing/call.ts';

const method = 'lianbao.party.v1.SellerService/BlockSeller';
const call = callBy({}, method, BlockSellerRequestSchema, SellerSchema);
const fields = { name: 'platforms/p/sellers/s', reason: 'fraud', etag: '3' };
const requestId = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
const request = (changed: object = {}) =>
  create(BlockSellerRequestSchema, { ...fields, requestId, ...changed });
const act = (changed: object = {}) => actOf(call, request(changed), (name: string) => ({ name }));

it('carries request id, etag, caller and method', () => {
  expect(act()).toMatchObject({
    caller: call.caller,
    method,
    requestId,
    etag: '3',
    validateOnly: false,
    signal: call.signal,
  });
});

it('has no request id and no etag where none came', () => {
  expect(act({ requestId: '', etag: '' })).toMatchObject({ requestId: undefined, etag: undefined });
  const list = callBy({}, 'x', ListSellersRequestSchema, SellerSchema);
  const reading = actOf(list, create(ListSellersRequestSchema), () => ({}));
  expect(reading).toMatchObject({ requestId: undefined, etag: undefined, validateOnly: false });
});

it('takes two spellings of a request id as one', () => {
  expect(act({ requestId: requestId.toUpperCase() }).requestId).toBe(requestId);
});

it('has the fingerprint of the request without its id', () => {
  const bare = toBinary(BlockSellerRequestSchema, create(BlockSellerRequestSchema, fields));
  expect(act().fingerprint).toBe(sha256(bare));
});

it('has one fingerprint whatever the order on the wire, and another for other content', () => {
  const name = Buffer.from([10, 1, 97]);
  const reason = Buffer.from([18, 1, 98]);
  const read = (...parts: Buffer[]) => fromBinary(BlockSellerRequestSchema, Buffer.concat(parts));
  const fingerprint = (message: ReturnType<typeof read>) =>
    actOf(call, message, () => ({})).fingerprint;
  expect(fingerprint(read(name, reason))).toBe(fingerprint(read(reason, name)));
  expect(act({ reason: 'other' }).fingerprint).not.toBe(act().fingerprint);
});

it('counts fields that this version does not know', () => {
  const known = toBinary(BlockSellerRequestSchema, request());
  const unknown = Buffer.concat([known, Buffer.from([0xa2, 0x06, 1, 120])]); // Field 100.
  const message = fromBinary(BlockSellerRequestSchema, unknown);
  expect(actOf(call, message, () => ({})).fingerprint).not.toBe(act().fingerprint);
});

it('leaves the request as it was', () => {
  const message = request();
  actOf(call, message, () => ({}));
  expect(message.requestId).toBe(requestId);
});

it("encodes the use case's result as the answer", () => {
  const bytes = act().encode('platforms/p/sellers/s');
  expect(fromBinary(SellerSchema, bytes).name).toBe('platforms/p/sellers/s');
});
