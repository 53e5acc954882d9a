import { expect, it } from 'vitest';
import { topicName, topics } from './topics.ts';

it('gives every topic 24 partitions and no end', () => {
  expect(topics.map(({ name }) => name)).toContain(topicName('lender-task'));
  for (const { partitions, settings } of topics) {
    expect(partitions).toBe(24);
    expect(settings).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '-1' });
  }
});
