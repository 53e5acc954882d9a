/** Ends every run with one plain line, `N passed, N failed`, for people and for `.ci/run`. */
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A file that cannot be loaded, a failed hook and an error outside the tests count as failures. */
export function totalsOf(
  modules: readonly TestModule[],
  unhandled: readonly SerializedError[],
): Totals {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const count = (state: string) => tests.filter((test) => test.result().state === state).length;
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  const suiteErrors = suites.flatMap((suite) => suite.errors());
  return {
    passed: count('passed'),
    failed: count('failed') + suiteErrors.length + unhandled.length,
    skipped: count('skipped') + count('pending'),
  };
}

export function closingLine({ passed, failed, skipped }: Totals): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

export const closingLineReporter: Reporter = {
  onTestRunEnd: (modules, unhandled) => {
    const totals = totalsOf(modules, unhandled);
    // Nothing that ran is nothing that was shown to work.
    if (totals.passed === 0) process.exitCode = 1;
    console.log(closingLine(totals));
  },
};
