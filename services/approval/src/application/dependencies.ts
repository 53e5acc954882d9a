import type { Clock, Log, Meter } from '@lianbao/kernel';
import type { Changes, PartyPort, Store } from './ports.ts';
import type { WatchLimits } from './watch-application.ts';

export interface Dependencies {
  readonly store: Store;
  readonly party: PartyPort;
  readonly changes: Changes;
  readonly watchLimits: WatchLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** Part of a lease that nobody can guess. */
  readonly newToken: () => string;
  /** Lets other work go on before more of a long computation is done. */
  readonly breathe: () => Promise<void>;
}
