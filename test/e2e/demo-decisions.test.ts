/** The demo's road on a small synthetic market: all are decided, and a second run decides the same. */
import type { CalendarDate } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { decisionsJson } from '../../deploy/local/src/demo/decisions-file.ts';
import { gradeCounts } from '../../deploy/local/src/demo/figures.ts';
import { reportData } from '../../deploy/local/src/demo/report-data.ts';
import { reportDecisions } from '../../deploy/local/src/demo/report-decisions.ts';
import { reportExplanation } from '../../deploy/local/src/demo/report-explanation.ts';
import { reportModel } from '../../deploy/local/src/demo/report-model.ts';
import { explainOne, runDemo } from '../../deploy/local/src/demo/run-demo.ts';
import { DemoSession } from '../../deploy/local/src/demo/session.ts';
import { syntheticMarket } from '../../deploy/local/src/market/synthetic-market.ts';

const asOf = '2020-02-21' as CalendarDate;
const seed = 7;
const applicantCount = 12;
const startAt = new Date('2020-02-21T01:00:00Z');
const quiet = () => ({ at: () => undefined, done: () => undefined });

async function demo() {
  const session = new DemoSession();
  try {
    const data = syntheticMarket({
      ...{ seed, asOf, labelledCount: 60, applicantCount, invoicesPerFirm: 60 },
    });
    const opened = await session.open({ startAt, kafka: undefined });
    const run = await runDemo(opened, data, quiet);
    const decided = run.decided.result;
    const explained = await explainOne(opened.market, decided);
    return {
      json: decisionsJson(run, { seconds: 1, memoryPeakBytes: 1 }),
      lines: [
        ...reportData(data, { folder: undefined, bus: opened.bus, seed }),
        ...reportModel(run.model.result, gradeCounts(decided)),
        ...reportDecisions(decided),
        ...(explained === undefined ? [] : reportExplanation(explained)),
      ],
      warnings: session.warnings,
    };
  } finally {
    await session.stop();
  }
}

it('decides every application, and the same way again', async () => {
  const [first, second] = await Promise.all([demo(), demo()]);
  const { decisions, figures } = first.json;

  expect(decisions).toHaveLength(applicantCount);
  expect(JSON.stringify(second.json.decisions)).toBe(JSON.stringify(decisions));
  expect(decisions.map(({ application }) => application)).toEqual(
    decisions.map(({ application }) => application).toSorted(),
  );
  for (const { outcome, reasons, limit, amount, annual_rate } of decisions) {
    const isApproved = outcome === 'APPROVED';
    expect(reasons.length > 0).toBe(!isApproved);
    expect(amount).toEqual(isApproved ? limit : null);
    expect(annual_rate).toEqual(isApproved ? expect.stringMatching(/^0\.\d{1,4}$/) : null);
  }
  const { approved, declined, referred } = figures as unknown as Record<string, number>;
  expect((approved ?? 0) + (declined ?? 0) + (referred ?? 0)).toBe(applicantCount);
  expect(figures.auc_shuffled).toBeGreaterThan(0.3);
  expect(figures.auc_shuffled).toBeLessThan(0.7);

  const report = first.lines.join('\n');
  expect(report).toContain('synthetic  everything: 72 firms');
  expect(report).toContain(`decided ${applicantCount}: approved ${approved}`);
  expect(report).toContain('decided again from what was recorded: identical');
  expect(first.warnings).toEqual([]);
});
