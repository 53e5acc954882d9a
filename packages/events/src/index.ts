export { type Background, type BackgroundOptions, background } from './background.ts';
export type { Bus, BusRecord, Take } from './bus.ts';
export { type Consumers, type ConsumersOptions, consumers } from './consumers.ts';
export { type CreateTopicsOptions, createTopics } from './create-topics.ts';
export { type Delivery, deliveryOf, readDelivery, recordOf, Unreadable } from './delivery.ts';
export { countPending, forgetInboxIds, raiseEpoch } from './housekeeping.ts';
export type { InboxOptions, Resumed } from './inbox.ts';
export { type KafkaBusOptions, kafkaBus } from './kafka-bus.ts';
export { localBus } from './local-bus.ts';
export { eventsMigrations } from './migrations.ts';
export {
  listParked,
  type Parked,
  type ParkedKey,
  replayParked,
  type Skip,
  skipParked,
} from './parked.ts';
export { type ParkedCommandOptions, parkedCommand } from './parked-command.ts';
export { causedBy, type Outgoing, publish, recordChange } from './publish.ts';
export { type Relay, type RelayOptions, relay } from './relay.ts';
export { type Handler, NotYet, on, type Subscription } from './subscription.ts';
export { type Aggregate, type Topic, topicName, topics } from './topics.ts';
export { dismissUnreadable, listUnreadable, type UnreadableRecord } from './unreadable.ts';
