import { create } from '@bufbuild/protobuf';
import {
  ListSellersRequestSchema,
  ListSellersResponseSchema,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { expect, it } from 'vitest';
import { readPage } from './page.ts';
import { callBy } from './testing/call.ts';

const now = new Date('2026-03-02T01:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const dayMs = 86_400_000;
const call = callBy(
  {},
  'lianbao.party.v1.SellerService/ListSellers',
  ListSellersRequestSchema,
  ListSellersResponseSchema,
);
const request = (fields: object = {}) =>
  create(ListSellersRequestSchema, { parent: 'platforms/p', ...fields });
const token = () => readPage(call, request(), now).nextToken('platforms/p/sellers/s');
const refused = expect.objectContaining({ kind: 'INVALID', reason: 'PAGE_TOKEN_INVALID' });

it.each([
  [0, 50],
  [1, 1],
  [500, 500],
  [501, 500],
])('reads a page size of %d as %d', (pageSize, size) => {
  expect(readPage(call, request({ pageSize }), now)).toMatchObject({ size, after: undefined });
});

it('refuses a negative page size', () => {
  expect(() => readPage(call, request({ pageSize: -1 }), now)).toThrow(
    expect.objectContaining({ reason: 'FIELD_INVALID' }),
  );
});

it('goes on after the last key, with another page size too', () => {
  const page = readPage(call, request({ pageToken: token(), pageSize: 7 }), now);
  expect(page).toMatchObject({ size: 7, after: 'platforms/p/sellers/s' });
});

it('takes a token for exactly 24 hours', () => {
  const again = request({ pageToken: token() });
  expect(readPage(call, again, later(dayMs)).after).toBe('platforms/p/sellers/s');
  expect(() => readPage(call, again, later(dayMs + 1))).toThrow(refused);
  expect(() => readPage(call, again, later(-1))).toThrow(refused);
});

it('refuses a token of another filter, caller or rpc', () => {
  const pageToken = token();
  const other = callBy({ partner: 'platforms/q' }, call.method, call.input, call.output);
  const tenant = callBy({ tenant: 'other' }, call.method, call.input, call.output);
  const rpc = callBy({}, 'lianbao.party.v1.SellerService/Other', call.input, call.output);
  expect(() => readPage(call, request({ parent: 'platforms/q', pageToken }), now)).toThrow(refused);
  for (const each of [other, tenant, rpc]) {
    expect(() => readPage(each, request({ pageToken }), now)).toThrow(refused);
  }
});

it.each(['x', 'bnVsbA', 'e30', 'WzEsMiwzXQ', '💥'])('refuses %j as a token', (pageToken) => {
  expect(() => readPage(call, request({ pageToken }), now)).toThrow(refused);
});
