/**
 * How long a connection's prepared statements keep their plans. PostgreSQL plans a statement once, for
 * the tables as they are then: on a new database for empty ones, with whatever index comes first, and
 * keeps to it until the tables are analysed, minutes later. So plans are dropped, often while the
 * connection is young, then each minute; to plan anew costs well under a millisecond a statement.
 */
export interface PlanAge {
  /** True when the plans are to be dropped now; the next time is counted from here. */
  isOver(): boolean;
}

export const dropPlans = 'discard plans';

const firstMs = 1_000;
const longestMs = 60_000;

export function planAge(nowMs: () => number = () => performance.now()): PlanAge {
  let lastMs = nowMs();
  let keptMs = firstMs;
  return {
    isOver: () => {
      if (nowMs() - lastMs < keptMs) return false;
      lastMs = nowMs();
      keptMs = Math.min(keptMs * 2, longestMs);
      return true;
    },
  };
}
