/**
 * Rates and ratios that decide are whole numbers: ppm (millionths) or bps (ten-thousandths) a year.
 * On the wire they are decimal fractions of at most six places: "0.072" is 72,000 ppm.
 */
import { ceilDivide } from './ratio.ts';

export const ppmPerOne = 1_000_000n;
export const bpsPerOne = 10_000n;
export const ppmPerBps = 100n;

/** Up to the next whole basis point, in ppm. */
export const ppmUpToBps = (ppm: bigint): bigint => ceilDivide(ppm, ppmPerBps) * ppmPerBps;

/** "0.072" -> 72000n. Undefined when it is not a decimal of at most six places. */
export function ppmOfDecimal(text: string): bigint | undefined {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole, places = ''] = match;
  const ppm = BigInt(whole as string) * ppmPerOne + BigInt(places.padEnd(6, '0'));
  return sign === '-' ? -ppm : ppm;
}

/** 72000n -> "0.072". */
export function decimalOfPpm(ppm: bigint): string {
  const size = ppm < 0n ? -ppm : ppm;
  const places = String(size % ppmPerOne)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${ppm < 0n ? '-' : ''}${size / ppmPerOne}${places === '' ? '' : `.${places}`}`;
}

/** 94822n -> "9.4822 %": four decimals of a per cent. */
export function percentOfPpm(ppm: bigint): string {
  const size = ppm < 0n ? -ppm : ppm;
  return `${ppm < 0n ? '-' : ''}${size / 10_000n}.${String(size % 10_000n).padStart(4, '0')} %`;
}
