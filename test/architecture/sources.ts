/** What must not stand in sources, wherever they are. */
import { eachFile, forbids, type Rule } from './rule.ts';
import { longFiles, sciencePackages } from './structure.ts';

const tests = ['**/*.test.ts'];
const generated = ['packages/api/src/**'];
const everySource = ['{packages,services,deploy}/**/*.ts', 'test/**/*.ts'];
const mainLinesMax = 40;
const linesMax = 300;

const linesOf = (text: string): number => text.replace(/\n$/, '').split('\n').length;

const pureFolders = ['kernel', ...sciencePackages].map((name) => `packages/${name}/src/**/*.ts`);

export const sourceRules: readonly Rule[] = [
  forbids({
    says: 'the domain, the kernel and the science take time and chance as arguments',
    files: ['services/*/src/domain/**/*.ts', ...pureFolders],
    except: tests,
    words:
      /new Date\(\s*\)|\bDate\(\s*\)|\bDate\.now\b|\bMath\.random\b|\bperformance\.now\b|\bcrypto\.(random|getRandom)|\bTemporal\.Now\b/,
    planted: [
      ['services/party/src/domain/seller.ts', 'export const at = new Date();'],
      ['services/party/src/domain/seller.ts', 'export const at = Date.now();'],
      ['packages/kernel/src/money.ts', 'export const odd = Math.random();'],
      ['packages/loan-math/src/plan.ts', 'export const at = performance.now();'],
      ['packages/scorecard/src/card.ts', 'export const uid = crypto.randomUUID();'],
    ],
  }),
  forbids({
    says: 'the process is touched in main.ts, the life cycle and the launcher, nowhere else',
    files: ['services/*/src/**/*.ts', 'packages/*/src/**/*.ts'],
    except: [
      ...tests,
      'services/*/src/main.ts',
      'packages/runtime/src/life-cycle.ts',
      'packages/persistence/src/launcher.ts',
      'packages/persistence/src/postgres-*.ts', // Parts of the launcher.
    ],
    words: /(?<![.\w])process\.|globalThis|['"](node:)?process['"]/,
    planted: [
      ['services/party/src/config.ts', 'export const url = process.env.DATABASE_URL;'],
      ['services/party/src/domain/seller.ts', 'export const started = process.uptime();'],
      ['packages/kernel/src/money.ts', 'export const uptime = process.uptime();'],
      ['packages/events/src/outbox.ts', `import { env } from 'node:process';`],
    ],
  }),
  forbids({
    says: 'modules export by name, one by one',
    files: [...everySource],
    // Vitest wants a default export of its global setup.
    except: [...generated, 'test/support/postgres.ts', 'test/architecture/*.ts'],
    words: /\bexport\s+(default\b|\*)/,
    planted: [
      ['packages/kernel/src/index.ts', `export * from './money.ts';`],
      ['services/party/src/app.ts', 'export default 1;'],
    ],
  }),
  eachFile({
    says: 'only packages have an index',
    files: [...everySource],
    except: [...generated, 'packages/*/src/index.ts'],
    find: (path) => (/\/index\.ts$/.test(path) ? ['is an index'] : []),
    planted: [['services/party/src/domain/index.ts', `export { x } from './seller.ts';`]],
  }),
  eachFile({
    says: 'main.ts has at most 40 lines',
    files: ['services/*/src/main.ts'],
    find: (_, text) => (linesOf(text) > mainLinesMax ? [`has ${linesOf(text)} lines`] : []),
    planted: [['services/party/src/main.ts', '\n'.repeat(mainLinesMax + 1)]],
  }),
  eachFile({
    says: 'a file has at most 300 lines',
    files: ['{packages,services,deploy}/**/*.{ts,sql,sh}', 'test/**/*.{ts,sh,py}'],
    except: [...generated],
    find: (path, text) => {
      const long = linesOf(text) > linesMax;
      if (long === longFiles.includes(path)) return [];
      return [long ? `has ${linesOf(text)} lines` : 'is short enough to leave the list'];
    },
    planted: [
      ['packages/kernel/src/money.ts', '\n'.repeat(linesMax + 1)],
      ['test/integration/party/seller.test.ts', '\n'.repeat(linesMax + 1)],
    ],
  }),
  eachFile({
    says: 'no comment switches the type checker off',
    files: [...everySource],
    except: [...generated, 'test/architecture/*.ts'],
    find: (_, text) => /@ts-(ignore|nocheck)/.exec(text) ?? [],
    planted: [['packages/kernel/src/money.ts', '// @ts-ignore\nexport const odd = 1;']],
  }),
];
