/** `--json FILE`: decisions, which two runs on the same data write alike, and figures, which hold times. */
import { writeFileSync } from 'node:fs';
import { byApplication, decimalYuan, decisionRow } from './decision-row.ts';
import { loanFigures, outcomeFigures, outcomeName, outcomes, waiting } from './figures.ts';
import type { DemoRun } from './run-demo.ts';

export interface MachineFigures {
  readonly seconds: number;
  readonly memoryPeakBytes: number;
}

export function writeDecisions(path: string, run: DemoRun, machine: MachineFigures): void {
  writeFileSync(path, `${JSON.stringify(decisionsJson(run, machine), undefined, 2)}\n`);
}

export function decisionsJson({ imported, model, decided }: DemoRun, machine: MachineFigures) {
  const all = decided.result;
  const decisions = all
    .map(({ application, decision, offer }) => decisionRow(application, decision, offer))
    .sort(byApplication);
  const loans = loanFigures(all);
  const { p50Ms, p95Ms, p99Ms } = waiting(all);
  const count = imported.result.accepted + imported.result.duplicate;
  const report = model.result.report;
  return {
    decisions,
    figures: {
      decided: all.length,
      ...Object.fromEntries(
        outcomes.map((outcome) => [
          outcomeName(outcome).toLowerCase(),
          outcomeFigures(all, outcome).count,
        ]),
      ),
      offered: decimalYuan(loans.offered),
      expected_loss: decimalYuan(loans.expectedLoss),
      auc: Number(report?.aucPpm ?? 0n) / 1_000_000,
      auc_deviation: Number(report?.aucDeviationPpm ?? 0n) / 1_000_000,
      auc_shuffled: Number(report?.shuffledAucPpm ?? 0n) / 1_000_000,
      invoices: count,
      invoices_per_second: Math.round(count / imported.seconds),
      training_seconds: rounded(model.seconds),
      applications_per_second: rounded(all.length / decided.seconds),
      submit_to_decided_ms: { p50: p50Ms, p95: p95Ms, p99: p99Ms },
      seconds: rounded(machine.seconds),
      memory_peak_bytes: machine.memoryPeakBytes,
    },
  };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
