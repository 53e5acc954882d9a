/** Where waiting times break away: the highest rate that still holds. */
import { holds, type Step } from './step.ts';

const growth = 1.5;
const halvings = 2;
const perSecondMax = 5_000;

export interface Knee {
  /** Undefined when already the first rate was too much. */
  readonly perSecond: number | undefined;
  readonly steps: readonly Step[];
}

/** Raises the rate by half until it breaks, then halves the gap twice. `run` is given whole rates. */
export async function findKnee(
  from: Step,
  run: (perSecond: number) => Promise<Step>,
): Promise<Knee> {
  if (!holds(from)) return { perSecond: undefined, steps: [] };
  const steps: Step[] = [];
  let good = from.perSecond;
  let bad: number | undefined;
  const attempt = async (perSecond: number): Promise<void> => {
    const step = await run(perSecond);
    steps.push(step);
    if (holds(step)) good = perSecond;
    else bad = perSecond;
  };
  while (bad === undefined && good < perSecondMax) await attempt(Math.round(good * growth));
  for (let left = halvings; left > 0 && bad !== undefined; left -= 1) {
    await attempt(Math.round((good + bad) / 2));
  }
  return { perSecond: good, steps };
}
