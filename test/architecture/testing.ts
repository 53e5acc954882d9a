/** What holds for tests. */
import { forbids, type Rule } from './rule.ts';

const tests = ['{packages,services,deploy}/**/*.test.ts', 'test/**/*.test.ts'];

/** Files in test/support that may wait between two looks at something outside this process. */
const pollers: readonly string[] = [
  'test/support/eventually.ts',
  'test/support/kafka-server.ts', // Until the broker answers.
];

const sleep =
  /new Promise\b[^;]*\bsetTimeout\b|promisify\(setTimeout\)|timers\/promises|Atomics\.wait/;

export const testRules: readonly Rule[] = [
  forbids({
    says: 'a test runs with all the others, never alone',
    files: tests,
    words: /\b(it|test|describe|suite)(\.\w+)*\.only\b/,
    planted: [
      ['packages/kernel/src/money.test.ts', `it.only('adds', () => {});`],
      ['test/integration/party/seller.test.ts', `describe.concurrent.only('a', () => {});`],
    ],
  }),
  forbids({
    says: 'no test uses a mock',
    files: tests,
    words: /\bvi\s*\.\s*(mock|doMock|unmock|hoisted|mocked|fn|spyOn|stubGlobal|stubEnv)\b/,
    planted: [
      ['packages/kernel/src/money.test.ts', `vi.mock('./ratio.ts');`],
      ['test/integration/party/seller.test.ts', 'const send = vi.fn();'],
    ],
  }),
  forbids({
    says: 'no test sleeps; polling stands in named places',
    files: [...tests, 'test/support/**/*.ts'],
    except: pollers,
    words: sleep,
    planted: [
      ['packages/kernel/src/money.test.ts', 'await new Promise((done) => setTimeout(done, 50));'],
      [
        'test/integration/party/seller.test.ts',
        `import { setTimeout } from 'node:timers/promises';`,
      ],
      ['test/support/database.ts', 'await new Promise((done) => {\n  setTimeout(done, 50)\n});'],
    ],
  }),
  forbids({
    says: 'no test leaves anything to chance that has no seed',
    files: tests,
    words: /\bMath\.random\b/,
    planted: [['packages/kernel/src/money.test.ts', 'const amount = Math.random();']],
  }),
];
