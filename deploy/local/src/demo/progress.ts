/** How far a long step is: a bar on a terminal, else a line now and then. */
export interface Progress {
  /** So many are done. */
  at(count: number): void;
  done(): void;
}

const barChars = 28;
const redrawMs = 100;
const lineEveryMs = 10_000;

/** Rate and time left go by the machine's own clock. */
export function progress(
  label: string,
  total: number,
  unit: string,
  output: NodeJS.WriteStream = process.stdout,
): Progress {
  const startMs = performance.now();
  let drawnMs = startMs;
  let last = 0;
  const draw = (count: number, end: string): void => {
    const seconds = (performance.now() - startMs) / 1000;
    const perSecond = seconds > 0 ? count / seconds : 0;
    const share = total === 0 ? 1 : count / total;
    const left =
      count === total || perSecond === 0 ? '' : `, ${timeLeft((total - count) / perSecond)} left`;
    const filled = Math.round(share * barChars);
    const bar = output.isTTY ? `[${'#'.repeat(filled)}${'.'.repeat(barChars - filled)}] ` : '';
    const line = `${label} ${bar}${Math.floor(share * 100)} %, ${whole(count)} of ${whole(total)} ${unit}, ${whole(Math.round(perSecond))}/s${left}`;
    output.write(output.isTTY ? `\r\u001B[K${line}${end}` : `${line}\n`);
  };
  return {
    at: (count) => {
      last = count;
      const now = performance.now();
      if (now - drawnMs < (output.isTTY ? redrawMs : lineEveryMs)) return;
      drawnMs = now;
      draw(count, '');
    },
    done: () => draw(last, '\n'),
  };
}

const timeLeft = (seconds: number): string =>
  seconds < 60
    ? `${Math.ceil(seconds)} s`
    : `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`;

/** 1087776 -> 1,087,776 */
export const whole = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
