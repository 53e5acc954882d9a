/**
 * Identity numbers. A firm or an individual business has a unified social credit code: 18 characters,
 * the last one a check character modulo 31 (GB 32100-2015). A natural person has a citizen identity
 * number: 17 digits with a date of birth, and a check character modulo 11 (GB 11643-1999, which uses
 * ISO/IEC 7064 MOD 11-2).
 */
import { dateOf } from '@lianbao/kernel';

/** Why a number is none; undefined when it is right. */
export type IdentityFault = 'LENGTH' | 'CHARACTERS' | 'DATE_OF_BIRTH' | 'CHECK_CHARACTER';

const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const creditWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
// Who registers (1 organs ... Y others), kind, six digits of the region, nine of the organisation.
const creditShape = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;

/** Checks a unified social credit code. */
export function creditCodeFault(number: string): IdentityFault | undefined {
  if (number.length !== 18) return 'LENGTH';
  if (!creditShape.test(number)) return 'CHARACTERS';
  return number[17] === creditCheckCharacter(number) ? undefined : 'CHECK_CHARACTER';
}

/** The check character of the first 17. */
export function creditCheckCharacter(number: string): string {
  const sum = creditWeights.reduce(
    (total, weight, place) => total + weight * creditAlphabet.indexOf(number[place] as string),
    0,
  );
  return creditAlphabet[(31 - (sum % 31)) % 31] as string;
}

const citizenWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const citizenChecks = '10X98765432';

/** Checks a citizen identity number; the year of birth is 1800 or later. */
export function citizenNumberFault(number: string): IdentityFault | undefined {
  if (number.length !== 18) return 'LENGTH';
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return 'CHARACTERS';
  const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)];
  const born = dateOf(Number(year), Number(month), Number(day));
  if (born === undefined || Number(year) < 1800) return 'DATE_OF_BIRTH';
  return number[17] === citizenCheckCharacter(number) ? undefined : 'CHECK_CHARACTER';
}

/** The check character of the first 17. */
export function citizenCheckCharacter(number: string): string {
  const sum = citizenWeights.reduce(
    (total, weight, place) => total + weight * Number(number[place]),
    0,
  );
  return citizenChecks[sum % 11] as string;
}
