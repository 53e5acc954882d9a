/** Cholesky's factor L of a symmetric positive definite A = L L', rows one after another, and what it gives. */

/** Solves A x = b. A pivot lost to rounding is lifted: a step stays a descent and the line search judges it. */
export function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array {
  const lifted = factored(matrix, right.length, (pivot) => Math.max(pivot, 1e-12));
  return solveFactored(lifted, right);
}

/** Below this share of its own diagonal a pivot is rounding, and its column a sum of those before it. */
const pivotShareMin = 1e-10;

/** The factor, undefined where a column is a combination of others. */
export function factorOf(matrix: Float64Array, size: number): Float64Array | undefined {
  let isSingular = false;
  const factor = factored(matrix, size, (pivot, diagonal) => {
    if (pivot > pivotShareMin * diagonal) return pivot;
    isSingular = true;
    return 1;
  });
  return isSingular ? undefined : factor;
}

function factored(
  matrix: Float64Array,
  n: number,
  checked: (pivot: number, diagonal: number) => number,
): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * n + j] as number;
      for (let k = 0; k < j; k += 1) sum -= (l[i * n + k] as number) * (l[j * n + k] as number);
      if (i !== j) l[i * n + j] = sum / (l[j * n + j] as number);
      else l[i * n + i] = Math.sqrt(checked(sum, matrix[i * n + i] as number));
    }
  }
  return l;
}

/** Solves L x = b in place of b. */
export function solveLower(l: Float64Array, x: Float64Array): void {
  const n = x.length;
  for (let i = 0; i < n; i += 1) {
    let sum = x[i] as number;
    for (let k = 0; k < i; k += 1) sum -= (l[i * n + k] as number) * (x[k] as number);
    x[i] = sum / (l[i * n + i] as number);
  }
}

/** Solves L L' x = b. */
export function solveFactored(l: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const x = right.slice();
  solveLower(l, x);
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = x[i] as number;
    for (let k = i + 1; k < n; k += 1) sum -= (l[k * n + i] as number) * (x[k] as number);
    x[i] = sum / (l[i * n + i] as number);
  }
  return x;
}

/** The inverse of L L', rows one after another. */
export function inverseOf(l: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let at = 0; at < size; at += 1) {
    inverse.set(solveFactored(l, new Float64Array(size).fill(1, at, at + 1)), at * size);
  }
  return inverse;
}
