import { defineConfig } from 'vitest/config';
import { closingLineReporter } from './test/support/closing-line-reporter.ts';

export default defineConfig({
  test: {
    experimental: { viteModuleRunner: false },
    reporters: ['default', closingLineReporter],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          testTimeout: 20_000, // No test is slow; beside Kafka and PostgreSQL on two cores it may wait.
          include: [
            '{packages,services}/*/src/**/*.test.ts',
            'packages/api/generate/**/*.test.ts',
            'deploy/local/src/**/*.test.ts',
            'test/architecture/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/{integration,contract,e2e,faults,clients}/**/*.test.ts'],
          globalSetup: ['test/support/postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
