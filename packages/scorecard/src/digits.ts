/** Trained numbers keep twelve significant digits, so that they survive printing (scoring.md 1). */
export function twelveDigits(x: number): number {
  return x === 0 ? 0 : Number(x.toPrecision(12));
}

/** Halves away from zero, so that a card and its mirror image round alike. */
export function roundHalfAway(x: number): number {
  const rounded = x < 0 ? -Math.floor(0.5 - x) : Math.floor(x + 0.5);
  return rounded === 0 ? 0 : rounded;
}
