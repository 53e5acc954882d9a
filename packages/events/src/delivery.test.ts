import { resourceUid, type Tenant } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import { deliveryOf, readDelivery, recordOf, Unreadable } from './delivery.ts';

const tenant = 'local' as Tenant;

const delivery = deliveryOf({
  tenant,
  topic: 'lianbao.application.v1',
  key: resourceUid(tenant, 'platforms/p/applications/a'),
  epoch: 1n,
  sequence: 12n,
  type: 'lianbao.approval.v1.ApplicationSubmitted',
  subject: 'platforms/p/applications/a',
  time: new Date('2020-02-21T01:00:00.123Z'),
  correlationId: 'platforms/p/applications/a',
  causationId: 'c',
  audience: ['platforms/p', 'lenders/l'],
  traceparent: undefined,
  payload: new Uint8Array([1, 2]),
});

const record = recordOf(delivery);
const changed = (headers: Record<string, string | undefined>) => ({
  ...record,
  headers: Object.fromEntries(
    Object.entries({ ...record.headers, ...headers }).filter(([, text]) => text !== undefined),
  ) as Record<string, string>,
});

describe('readDelivery', () => {
  it('reads what recordOf wrote', () => {
    expect(readDelivery(record)).toEqual(delivery);
  });

  it('names context and aggregate in the source', () => {
    expect(delivery.source).toBe(`/lianbao/approval/application/${delivery.key}`);
  });

  it('reads an empty audience as internal', () => {
    expect(readDelivery(changed({ ce_audience: '' })).audience).toEqual([]);
  });

  it.each([
    ['no id', { ce_id: undefined }],
    ['an id that is no uuid', { ce_id: 'seven' }],
    ['no epoch', { ce_epoch: undefined }],
    ['a sequence that is no number', { ce_sequence: '-1' }],
    ['a sequence beyond a bigint column', { ce_sequence: '09223372036854775808' }],
    ['a time that is none', { ce_time: 'yesterday' }],
    ['no tenant', { ce_tenant: '' }],
    ['a NUL, which PostgreSQL cannot store', { ce_subject: 'a\0b' }],
    ['a key that differs from the record', { ce_partitionkey: delivery.id }],
  ])('refuses %s', (_, headers) => {
    expect(() => readDelivery(changed(headers))).toThrow(Unreadable);
  });
});
