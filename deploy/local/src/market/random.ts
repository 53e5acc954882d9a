/** PCG32 (O'Neill 2014): seeded, the same stream on every machine. The synthetic market draws from it alone. */
const multiplier = 6_364_136_223_846_793_005n;
const increment = 1_442_695_040_888_963_407n;

export interface Random {
  /** In [0, 1), in steps of 2^-32. */
  unit(): number;
  /** Whole, 0 to bound - 1. */
  below(bound: number): number;
  /** About standard normal, within -6 to 6: twelve uniform draws less six, so plain sums only. */
  normal(): number;
}

export function seededRandom(seed: number): Random {
  let state = 0n;
  const step = (): void => {
    state = BigInt.asUintN(64, state * multiplier + increment);
  };
  const next = (): number => {
    const old = state;
    step();
    const shifted = Number(BigInt.asUintN(32, ((old >> 18n) ^ old) >> 27n));
    const turn = Number(old >> 59n);
    return ((shifted >>> turn) | (shifted << (-turn & 31))) >>> 0;
  };
  step();
  state = BigInt.asUintN(64, state + BigInt(seed));
  step();
  const unit = () => next() / 2 ** 32;
  return {
    unit,
    below: (bound) => Math.floor(unit() * bound),
    normal: () => {
      let sum = -6;
      for (let draw = 0; draw < 12; draw += 1) sum += unit();
      return sum;
    },
  };
}
