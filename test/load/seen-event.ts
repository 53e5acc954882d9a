/** Listens to the bus as any other service would, without a database: an event is seen when it is said. */
import { type Bus, readDelivery, topicName } from '@lianbao/events';
import { nowMs } from './clock.ts';

const stages = {
  'lianbao.approval.v1.ApplicationSubmitted': 'SUBMITTED',
  'lianbao.scoring.v1.ScoreComputed': 'SCORED',
  'lianbao.scoring.v1.ScoreRefused': 'SCORED',
  'lianbao.approval.v1.ApplicationDecided': 'DECIDED',
} as const;

export type Stage = (typeof stages)[keyof typeof stages];

export interface SeenEvent {
  readonly application: string;
  readonly stage: Stage;
  /** Monotonic, when it came over the bus. */
  readonly seenMs: number;
  /** Since 1970, as the event itself says. */
  readonly saidMs: number;
}

export interface Listener {
  /** What came since the last time. */
  take(): SeenEvent[];
}

/** To be called before the bus starts. */
export function seenOn(bus: Bus): Listener {
  let seen: SeenEvent[] = [];
  bus.subscribe('bench', [topicName('application'), topicName('score')], async (records) => {
    const seenMs = nowMs();
    for (const record of records) {
      const { type, correlationId, time } = readDelivery(record);
      const stage = stages[type as keyof typeof stages];
      if (stage === undefined) continue;
      seen.push({ application: correlationId, stage, seenMs, saidMs: time.getTime() });
    }
  });
  return {
    take: () => {
      const taken = seen;
      seen = [];
      return taken;
    },
  };
}
