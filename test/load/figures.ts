/** All that a run has measured; `--json` writes it as it is. */
import type { EchoFloor } from './echo-floor.ts';
import type { Knee } from './knee.ts';
import type { Machine } from './machine.ts';
import type { Imported } from './population.ts';
import type { RowFloor } from './row-floor.ts';
import type { Writes } from './row-writes.ts';
import type { StartTimes } from './start-time.ts';
import type { Step } from './step.ts';

export interface Figures {
  readonly machine: Machine;
  readonly kafka: boolean;
  readonly bus: string;
  readonly starts: StartTimes;
  readonly imported: Imported;
  readonly steps: readonly Step[];
  readonly knee: Knee | undefined;
  readonly writesPerDecision: Writes;
  readonly memory: { readonly rssMaxMb: number; readonly heapMb: number };
  readonly echo: EchoFloor;
  readonly rows: RowFloor;
}
