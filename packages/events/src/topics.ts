/**
 * The topics: one an aggregate, all made from this list. Partitions are never added later, because
 * that would break the order by key; nothing is compacted and nothing ends, because both would make
 * gaps in sequences.
 */
const aggregates = [
  'seller',
  'consent',
  'partner',
  'trading-record',
  'score',
  'score-model',
  'application',
  'lender-task',
  'policy',
] as const;

export type Aggregate = (typeof aggregates)[number];

export interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** `lianbao.<aggregate>.v1` */
export const topicName = (aggregate: Aggregate): string => `lianbao.${aggregate}.v1`;

const partitions = 24;

export const topics: readonly Topic[] = aggregates.map((aggregate) => ({
  name: topicName(aggregate),
  partitions,
  settings: { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' },
}));
