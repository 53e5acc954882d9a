/** PCG32 (O'Neill 2014): seeded, the same stream on every machine. Nothing here draws from elsewhere. */

const multiplier = 6_364_136_223_846_793_005n;
const increment = 1_442_695_040_888_963_407n;
const twoTo32 = 4_294_967_296;

export interface Random {
  /** Whole, 0 to 2^32 - 1. */
  next(): number;
  /** Whole, 0 to bound - 1, without bias. */
  below(bound: number): number;
  /** In [0, 1), 32 bits. */
  unit(): number;
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
  return {
    next,
    below: (bound) => {
      const threshold = twoTo32 % bound;
      for (;;) {
        const drawn = next();
        if (drawn >= threshold) return drawn % bound;
      }
    },
    unit: () => next() / twoTo32,
  };
}
