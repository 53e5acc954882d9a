import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimalOfPpm, percentOfPpm, ppmOfDecimal, ppmUpToBps } from './rate.ts';

it.each([
  [0n, 0n],
  [1n, 100n],
  [100n, 100n],
  [101n, 200n],
  [-100n, -100n],
  [-150n, -100n],
])('takes %i ppm up to the basis point of %i ppm', (ppm, expected) => {
  expect(ppmUpToBps(ppm)).toBe(expected);
});

it.each([
  ['0.072', 72_000n],
  ['0.000001', 1n],
  ['1', 1_000_000n],
  ['-0.5', -500_000n],
  ['999999999999.999999', 999_999_999_999_999_999n],
])('reads %s as %i ppm', (text, ppm) => {
  expect(ppmOfDecimal(text)).toBe(ppm);
});

it.each([
  '',
  '.5',
  '5.',
  '0.0000001',
  '1e3',
  '+1',
  ' 1',
  '1 ',
  '1,5',
  '1000000000000',
  '0x1',
  '--1',
])('does not read "%s" as a decimal of at most six places', (text) => {
  expect(ppmOfDecimal(text)).toBeUndefined();
});

it.each([
  [72_000n, '0.072'],
  [1_000_000n, '1'],
  [1n, '0.000001'],
  [-500_000n, '-0.5'],
  [0n, '0'],
])('writes %i ppm as %s', (ppm, text) => {
  expect(decimalOfPpm(ppm)).toBe(text);
});

it('reads back what it writes', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 17n), 10n ** 17n), (ppm) => {
      expect(ppmOfDecimal(decimalOfPpm(ppm))).toBe(ppm);
    }),
    { seed: 42 },
  );
});

it.each([
  [94_822n, '9.4822 %'],
  [1n, '0.0001 %'],
  [-94_822n, '-9.4822 %'],
  [1_000_000n, '100.0000 %'],
])('shows %i ppm as %s', (ppm, text) => {
  expect(percentOfPpm(ppm)).toBe(text);
});
