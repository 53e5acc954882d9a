/**
 * Writes what happened into the outbox, in the transaction of the change itself. One row serves the
 * event and the audit trail, so both say the same.
 */
import { createHash } from 'node:crypto';
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  canonicalJson,
  currentTraceparent,
  type Json,
  type Origin,
  type Uid,
} from '@lianbao/kernel';
import { afterCommit, sqlUnawaited } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Delivery } from './delivery.ts';
import { wakeRelays } from './wake.ts';

export interface Outgoing<D extends DescMessage> {
  readonly topic: string;
  readonly key: Uid;
  /** Resource name. */
  readonly subject: string;
  readonly schema: D;
  readonly message: MessageInitShape<D>;
  /** Partner names; empty is internal. */
  readonly audience: readonly string[];
}

/** The origin of what a handler of `delivery` publishes. */
export const causedBy = (delivery: Delivery, actor: string, time: Date): Origin => ({
  time,
  actor,
  cause: delivery.type,
  causationId: delivery.id,
  correlationId: delivery.correlationId,
});

/** Kafka refuses records over 1 MiB, headers included. */
const payloadBytesMax = 900_000;

/** Gives each event the next sequence of its (topic, key), in the order given; refuses a payload over 900,000 bytes. */
export async function publish<const Types extends readonly DescMessage[]>(
  em: EntityManager,
  origin: Origin,
  ...events: { readonly [Index in keyof Types]: Outgoing<Types[Index]> }
): Promise<void> {
  if (events.length === 0) return;
  const payloads = events.map(payloadOf);
  sqlUnawaited(em, publishing, [
    events.map(({ topic }) => topic),
    events.map(({ key }) => key),
    events.map(({ schema }) => schema.typeName),
    events.map(({ subject }) => subject),
    events.map(({ audience }) => audience.join(',')),
    payloads,
    payloads.map(digest),
    ...originColumns(origin),
  ]);
  afterCommit(em, () => wakeRelays(em));
}

function payloadOf<D extends DescMessage>({ schema, message, subject }: Outgoing<D>): Buffer {
  const bytes = toBinary(schema, create(schema, message));
  if (bytes.length > payloadBytesMax) {
    throw new RangeError(`${schema.typeName} of ${subject} has ${bytes.length} bytes`);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Writes an audit row of a change that is no event. Of the content only the SHA-256 is kept. */
export async function recordChange(
  em: EntityManager,
  origin: Origin,
  change: { readonly key: Uid; readonly subject: string; readonly content: Json },
): Promise<void> {
  sqlUnawaited(
    em,
    `insert into outbox (key, subject, audience, content_sha256,
       time, actor, cause, causation_id, correlation_id, traceparent)
     values ($1, $2, '', $3, $4, $5, $6, $7, $8, $9)`,
    [change.key, change.subject, digest(canonicalJson(change.content)), ...originColumns(origin)],
  );
}

const digest = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest();

const originColumns = ({ time, actor, cause, causationId, correlationId }: Origin) => [
  time,
  actor,
  cause,
  causationId,
  correlationId,
  currentTraceparent() ?? '',
];

// Heads are locked in the order of (topic, key), before a row of the outbox takes its number: of one
// aggregate, numbers rise with the sequence. The shard is four bits of the uid, itself a hash.
const publishing = `
  with event as (
    select * from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bytea[])
      with ordinality as event (topic, key, type, subject, audience, payload, content_sha256, place)
  ), head as (
    insert into outbox_head (topic, key, sequence)
    select topic, key, count(*) from event group by topic, key order by topic, key
    on conflict (tenant, topic, key)
      do update set sequence = outbox_head.sequence + excluded.sequence
    returning topic, key, sequence
  ), written as (
    insert into outbox (topic, key, epoch, sequence, type, subject, audience, payload, content_sha256,
      time, actor, cause, causation_id, correlation_id, traceparent)
    select topic, key, coalesce((select epoch from outbox_epoch), 0),
      head.sequence + 1 - row_number() over (partition by topic, key order by place desc),
      type, subject, audience, payload, content_sha256, $8, $9, $10, $11, $12, $13
      from event join head using (topic, key) order by place
    returning number, key
  )
  insert into outbox_pending (number, shard)
  select number, get_byte(uuid_send(key), 15) & 15 from written`;
