/** What a batch of events does, once each, in the transaction that takes it in. */
import { withTrace } from '@lianbao/kernel';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Delivery } from './delivery.ts';
import { placeOf } from './plan.ts';
import type { Subscription } from './subscription.ts';
import { isAftermath } from './transient.ts';

export type Effect = (em: EntityManager, deliveries: readonly Delivery[]) => Promise<void>;

/** What must be prepared first, then the handlers: in order, but side by side where events are independent. */
export function effectOf(subscriptions: readonly Subscription[]): Effect {
  const byTopic = new Map(subscriptions.map((subscription) => [subscription.topic, subscription]));

  const handle = async (em: EntityManager, delivery: Delivery): Promise<void> => {
    const handlers = byTopic.get(delivery.topic)?.handlers ?? [];
    const handler = handlers.find(({ type }) => type === delivery.type);
    if (handler === undefined) return;
    await withTrace(delivery.traceparent, () => handler.handle(em, delivery));
  };

  const inOrder = async (em: EntityManager, lane: readonly Delivery[]): Promise<void> => {
    for (const delivery of lane) await handle(em, delivery);
  };

  const laneOf = (delivery: Delivery): string =>
    byTopic.get(delivery.topic)?.independent ? placeOf(delivery) : '';

  return async (em, deliveries) => {
    for (const { topic, prepare } of subscriptions) {
      const ofTopic = prepare && deliveries.filter((delivery) => delivery.topic === topic);
      if (prepare && ofTopic && ofTopic.length > 0) await prepare(em, ofTopic);
    }
    const lanes = [...Map.groupBy(deliveries, laneOf).values()];
    const ended = await Promise.allSettled(lanes.map((lane) => inOrder(em, lane)));
    const errors = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    if (errors.length > 0) throw errors.find((error) => !isAftermath(error)) ?? errors[0];
  };
}
