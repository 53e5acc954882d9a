/** Every event of the system comes by here, for the feeds of those who may see it. */
import { type Subscription, topics } from '@lianbao/events';
import { feed } from '../storage/feed-store.ts';

const gatherMs = 100; // Partners read the feed by asking for it now and then.

/** Without handlers: the batch as a whole is the effect. */
export const feedEvents: readonly Subscription[] = topics.map(({ name: topic }) => ({
  group: 'party.feed',
  topic,
  gatherMs,
  handlers: [],
  prepare: feed,
}));
