/** How the model did on firms that it had not seen, and what the central tendency does to grades. */
import type { ScoreModelVersion } from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { percentOfPpm } from '@lianbao/kernel';

const share = (ppm: bigint): string => (Number(ppm) / 1_000_000).toFixed(3);

export function reportModel(
  { name, report, centralTendencyPpm, maker, validator, promoter }: ScoreModelVersion,
  applicantGrades: ReadonlyMap<string, number>,
): string[] {
  if (report === undefined) return [`${name} has no report`];
  const { goodCount, badCount, aucPpm, aucDeviationPpm, ksPpm, brierPpm, grades } = report;
  const used = new Set(report.points.map(({ feature }) => feature));
  const row = (cells: readonly string[]) =>
    `  ${cells[0]?.padEnd(6)}${cells
      .slice(1)
      .map((cell) => cell.padStart(22))
      .join('')}`;
  return [
    `${name}: trained by ${maker}, validated by ${validator}, promoted by ${promoter}`,
    `on ${goodCount + badCount} firms (${badCount} bad), ${used.size} features; five folds, each scored by a model that had not seen it:`,
    `AUC ${share(aucPpm)} (deviation ${share(aucDeviationPpm)} between folds), KS ${share(ksPpm)}, Brier ${share(brierPpm)}; AUC with shuffled labels ${share(report.shuffledAucPpm)}`,
    `grades, with PDs shifted to the central tendency of ${percentOfPpm(centralTendencyPpm)} and without:`,
    row(['grade', 'labelled, unshifted', 'labelled, shifted', 'applicants, shifted']),
    ...grades
      .map(({ grade, count, countUnshifted }) => [
        grade,
        String(countUnshifted),
        String(count),
        String(applicantGrades.get(grade) ?? 0),
      ])
      .map(row),
  ];
}
