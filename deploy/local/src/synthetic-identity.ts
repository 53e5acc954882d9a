/**
 * Identity numbers of firms that do not exist: well-formed, with the right check character, and of
 * the region 000000, which no authority gives out.
 */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** The unified social credit code (GB 32100) of synthetic firm number n. */
export function creditCodeOf(n: number): string {
  const body = `91000000${String(n).padStart(9, '0')}`;
  const sum = weights.reduce(
    (total, weight, place) => total + weight * alphabet.indexOf(body[place] as string),
    0,
  );
  return body + alphabet[(31 - (sum % 31)) % 31];
}
