/**
 * Two small sets whose regressions are printed in the literature, for tests. Columns that raise the odds are
 * given with their sign turned, since the cone wants coefficients of at most 0.
 */

interface PublishedData {
  readonly columns: readonly Float64Array[];
  readonly bad: Uint8Array;
}

const numbers = (text: string): Float64Array => Float64Array.from(text.trim().split(/\s+/), Number);

/** Vaso-constriction in the skin: -ln(volume), -ln(rate). Finney 1947; Pregibon 1981; SAS/STAT, PROC LOGISTIC. */
export const vasoConstriction: PublishedData = {
  columns: [
    numbers(`
    3.7 3.5 1.25 0.75 0.8 0.7 0.6 1.1 0.9 0.9 0.8 0.55 0.6 1.4 0.75 2.3 3.2 0.85 1.7 1.8 0.4
    0.95 1.35 1.5 1.6 0.6 1.8 0.95 1.9 1.6 2.7 2.35 1.1 1.1 1.2 0.8 0.95 0.75 1.3
    `),
    numbers(`
    0.825 1.09 2.5 1.5 3.2 3.5 0.75 1.7 0.75 0.45 0.57 2.75 3 2.33 3.75 1.64 1.6 1.415 1.06 1.8
    2 1.36 1.35 1.36 1.78 1.5 1.5 1.9 0.95 0.4 0.75 0.03 1.83 2.2 2 3.33 1.9 1.9 1.625
    `),
  ].map((column) => column.map((x) => -Math.log(x))),
  bad: Uint8Array.from(
    numbers(`
    1 1 1 1 1 1 0 0 0 0 0 0 0 1 1 1 1 1 0 1 0 0 0 0 1 0 1 0 1 0 1 0 0 1 1 1 0 0 1
    `),
  ),
};

/** Endometrial cancer: -NV, PI, EH; NV parts the classes. Heinze and Schemper 2002; Agresti 2015. */
export const endometrial: PublishedData = {
  columns: [
    numbers(`
    0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
    0 1 1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 0 0 1 1 0 1 0
    `).map((x) => -x),
    numbers(`
    13 16 8 34 20 5 17 10 26 17 8 7 20 10 18 16 18 8 29 12 20 38 22 7 25 15 7 28 11 19 10 10 18
    14 21 11 17 25 16 19 15 33 24 48 12 19 2 22 40 5 0 21 15 29 15 12 3 20 23 12 22 42 15 13 14
    19 12 13 10 12 49 6 5 17 11 21 5 19 33
    `),
    numbers(`
    1.64 2.26 3.14 2.68 1.28 2.31 1.8 1.68 1.56 2.31 2.01 1.89 3.15 1.23 1.27 1.76 2 2.64 0.88
    1.27 1.37 0.97 1.14 0.88 0.91 0.58 0.97 1.5 1.33 2.37 1.82 3.13 1.31 1.92 1.64 2.01 1.88
    1.93 2.11 1.29 1.72 0.75 1.92 1.84 1.11 1.61 1.18 1.44 1.18 0.93 1.17 1.19 1.06 2.02 2.29
    2.33 2.9 1.7 1.41 2.25 1.54 1.97 1.75 2.16 2.57 1.37 3.61 2.04 2.17 1.69 0.27 1.84 1.3 0.96
    1.01 0.98 0.35 1.02 0.85
    `),
  ],
  bad: Uint8Array.from(
    numbers(`
    0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1
    1 1 1 1 1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 1
    `),
  ),
};
