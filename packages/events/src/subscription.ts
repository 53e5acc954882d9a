/** What a consumer hears and what it does about it. */
import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Delivery } from './delivery.ts';

export interface Handler {
  /** Full message name. */
  readonly type: string;
  handle(em: EntityManager, delivery: Delivery): Promise<void>;
}

export interface Subscription {
  /** `<service>.<purpose>` */
  readonly group: string;
  readonly topic: string;
  /** The first that fits is called. A type nobody here knows is counted and passed by. */
  readonly handlers: readonly Handler[];
  /** Of the whole group: how long an event may wait for others, where nobody waits for its effect. */
  readonly gatherMs?: number;
  /**
   * What handling one event writes or locks, handling an event of another key neither reads nor waits
   * for: those of a batch are handled side by side.
   */
  readonly independent?: boolean;
  /**
   * Called once a batch, before its handlers and in their transaction, with all events about to be
   * handled: locks or loads rows in one statement, or, without handlers, is itself the effect.
   */
  readonly prepare?: (em: EntityManager, deliveries: readonly Delivery[]) => Promise<void>;
}

/** Handles one message type. Bytes that are no such message park the aggregate. */
export const on = <D extends DescMessage>(
  schema: D,
  handle: (em: EntityManager, message: MessageShape<D>, delivery: Delivery) => Promise<void>,
): Handler => ({
  type: schema.typeName,
  handle: (em, delivery) => handle(em, fromBinary(schema, delivery.payload), delivery),
});

/**
 * Thrown by a handler when something it needs has not arrived: the event and all later ones of its
 * key are kept and tried again each second, the others flow on.
 */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}
