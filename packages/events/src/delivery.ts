/**
 * An event on the wire: the binary mode of CloudEvents. Headers are written and read in this file
 * only; `ce_epoch` and `ce_sequence` say where the event stands among those of its key.
 */
import { eventUid, type Tenant, type Uid } from '@lianbao/kernel';
import type { BusRecord } from './bus.ts';

export interface Delivery {
  readonly id: Uid;
  readonly topic: string;
  readonly key: Uid;
  readonly epoch: bigint;
  readonly sequence: bigint;
  /** Full message name. */
  readonly type: string;
  readonly source: string;
  /** Resource name. */
  readonly subject: string;
  readonly time: Date;
  readonly correlationId: string;
  readonly causationId: string;
  /** Partners who may see it; empty is internal. */
  readonly audience: readonly string[];
  readonly tenant: Tenant;
  readonly traceparent: string | undefined;
  readonly payload: Uint8Array;
}

/** The event as its outbox row has it. */
export type Emission = Omit<Delivery, 'id' | 'source'>;

/** Gives the event its id and its source. */
export function deliveryOf(event: Emission): Delivery {
  const { tenant, topic, key, epoch, sequence, type } = event;
  return {
    ...event,
    id: eventUid(tenant, topic, key, epoch, sequence),
    source: `/lianbao/${contextOf(type)}/${aggregateOf(topic)}/${key}`,
  };
}

const sequenceDigits = 20;

export function recordOf(delivery: Delivery): BusRecord {
  const { topic, key, type, traceparent } = delivery;
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: delivery.id,
    ce_type: type,
    ce_source: delivery.source,
    ce_subject: delivery.subject,
    ce_time: delivery.time.toISOString(),
    ce_partitionkey: key,
    ce_epoch: String(delivery.epoch),
    ce_sequence: String(delivery.sequence).padStart(sequenceDigits, '0'),
    ce_correlationid: delivery.correlationId,
    ce_causationid: delivery.causationId,
    ce_dataschema: `type.googleapis.com/${type}`,
    ce_audience: delivery.audience.join(','),
    ce_tenant: delivery.tenant,
    'content-type': 'application/protobuf',
  };
  if (traceparent !== undefined) headers.traceparent = traceparent;
  return { topic, key, headers, value: delivery.payload };
}

/** Of `lianbao.approval.v1.ApplicationSubmitted`: `approval`. */
const contextOf = (type: string): string => type.split('.')[1] ?? '';

/** Of `lianbao.application.v1`: `application`. */
const aggregateOf = (topic: string): string => topic.split('.')[1] ?? '';

/** The headers do not say which event it is. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const number = /^[0-9]{1,20}$/;
const text = /^[^\0]{0,2000}$/s;
const positionMax = 2n ** 63n - 1n;

/** Throws Unreadable naming the first header that is missing or not well-formed. */
export function readDelivery({ topic, key, headers, value }: BusRecord): Delivery {
  const read = (name: string, pattern: RegExp): string => {
    const found = headers[name];
    if (found === undefined || !pattern.test(found)) throw new Unreadable(`header ${name}`);
    return found;
  };
  const readNumber = (name: string): bigint => {
    const found = BigInt(read(name, number));
    if (found > positionMax) throw new Unreadable(`header ${name}`);
    return found;
  };
  const time = new Date(read('ce_time', text));
  if (Number.isNaN(time.getTime())) throw new Unreadable('header ce_time');
  if (read('ce_partitionkey', uuid) !== key) throw new Unreadable('header ce_partitionkey');
  const audience = read('ce_audience', text);
  return {
    id: read('ce_id', uuid) as Uid,
    topic,
    key: key as Uid,
    epoch: readNumber('ce_epoch'),
    sequence: readNumber('ce_sequence'),
    type: read('ce_type', text),
    source: read('ce_source', text),
    subject: read('ce_subject', text),
    time,
    correlationId: read('ce_correlationid', text),
    causationId: read('ce_causationid', text),
    audience: audience === '' ? [] : audience.split(','),
    tenant: read('ce_tenant', /^[^\0]{1,100}$/) as Tenant,
    traceparent: headers.traceparent,
    payload: value,
  };
}
