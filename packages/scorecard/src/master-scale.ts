/** Ten grades by PD: upper bounds doubling from 1,250 to 320,000 ppm, D above (scoring.md 6). */

export const grades = ['A1', 'A2', 'A3', 'B1', 'B2', 'B3', 'C1', 'C2', 'C3', 'D'] as const;
export type Grade = (typeof grades)[number];
export type CreditClass = 'A' | 'B' | 'C' | 'D';

/** Upper PD of each grade but D, in ppm; a PD on the bound has the better grade. */
export const pdPpmBounds: readonly number[] = [
  1_250, 2_500, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000,
];

export function gradeOf(pdPpm: number): Grade {
  const at = pdPpmBounds.findIndex((bound) => pdPpm <= bound);
  return grades[at] ?? 'D';
}

export const classOf = (grade: Grade): CreditClass => grade[0] as CreditClass;

export type GradeDistribution = Readonly<Record<Grade, number>>;

/** Rows in each grade, the empty ones too. */
export function gradeDistribution(rows: Iterable<Grade>): GradeDistribution {
  const counts = Object.fromEntries(grades.map((grade) => [grade, 0])) as Record<Grade, number>;
  for (const grade of rows) counts[grade] += 1;
  return counts;
}

export type GradeRow = {
  readonly grade: Grade;
  readonly class: CreditClass;
  /** Null: no bound. */
  readonly pdPpmMax: number | null;
};

/** As the artefact carries it. */
export const masterScale: readonly GradeRow[] = grades.map((grade, at) => ({
  grade,
  class: classOf(grade),
  pdPpmMax: pdPpmBounds[at] ?? null,
}));
