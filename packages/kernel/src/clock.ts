/** Time is an argument. Only `main.ts` owns the machine's clock; a demo or a test owns a stepped one. */
export type Clock = () => Date;

export interface SteppedClock {
  readonly now: Clock;
  readonly advance: (milliseconds: number) => void;
}

/** A clock that stands still until it is told to move. */
export function steppedClock(start: Date): SteppedClock {
  let at = start.getTime();
  return {
    now: () => instant(at),
    advance: (milliseconds) => {
      at += milliseconds;
    },
  };
}

/** A clock that runs like `source`, from another moment on. */
export function shiftedClock(source: Clock, start: Date): Clock {
  const offset = start.getTime() - source().getTime();
  return () => instant(source().getTime() + offset);
}

const instant = (milliseconds: number): Date => new Date(milliseconds);
