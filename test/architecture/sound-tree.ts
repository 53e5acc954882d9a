/** The smallest repository that keeps every rule. Breaches are planted in it. */
import { below, serviceFiles, topLevel } from './structure.ts';
import type { Tree } from './tree.ts';

const manifest = (name: string, ...ours: readonly string[]) =>
  JSON.stringify({
    name: `@lianbao/${name}`,
    dependencies: Object.fromEntries(ours.map((other) => [`@lianbao/${other}`, 'workspace:*'])),
    devDependencies: { vitest: 'catalog:' },
  });

const packageFiles = Object.entries(below).flatMap(([name, ours]): [string, string][] => [
  [`packages/${name}/package.json`, manifest(name, ...ours)],
  [`packages/${name}/src/index.ts`, `export { ${name.replace('-', '')} } from './${name}.ts';\n`],
]);

const folders = ['proto', 'services', 'packages', 'deploy', 'test'];

export const soundTree: Tree = new Map([
  ...topLevel
    .filter((name) => !folders.includes(name))
    .map((name): [string, string] => [name, '{}']),
  ['.ci/run', ''],
  ['.gitignore', ''],
  [
    'proto/lianbao/party/v1/party_service.proto',
    'message Seller {\n  string name = 1; // no double\n}\n',
  ],
  ...packageFiles,
  ['packages/kernel/src/money.ts', '// Date.now() is not used.\nexport const at = new Date(0);\n'],
  ['packages/kernel/src/money.test.ts', `it('adds', () => {});\n`],
  ['packages/scorecard/src/card.ts', `import { Money } from '@lianbao/kernel';\n`],
  ['packages/loan-math/src/plan.ts', ''],
  ['packages/runtime/src/life-cycle.ts', 'process.exit(0);\n'],
  ['packages/runtime/src/log.ts', `import { pino } from 'pino';\n`],
  ['packages/events/src/outbox.ts', `import { Kafka } from 'kafkajs';\n`],
  [
    'packages/events/migrations/0001_outbox.sql',
    '-- now() is not used.\ncreate table outbox ();\n',
  ],
  ...serviceFiles.map((path): [string, string] => [`services/party/${path}`, '']),
  ['services/party/package.json', manifest('party', 'kernel', 'events')],
  [
    'services/party/src/main.ts',
    `import { createParty } from './app.ts';\nprocess.exitCode = 0;\n`,
  ],
  ['services/party/src/domain/seller.ts', `import { Money } from '@lianbao/kernel';\n`],
  ['services/party/src/application/create-seller.ts', `import { s } from '../domain/seller.ts';\n`],
  ['services/party/src/rpc/seller-service.ts', `import '@lianbao/api/google/type/money_pb';\n`],
  ['services/party/src/storage/store.ts', `import { p } from '@mikro-orm/core';\n`],
  ['services/party/migrations/0001_seller.sql', 'create table seller ();\n'],
  ['deploy/local/package.json', manifest('local', 'party')],
  ['deploy/local/src/start.ts', `import { createParty } from '@lianbao/party';\n`],
  ['test/package.json', manifest('test', 'party')],
  ['test/integration/party/seller.test.ts', `import { createParty } from '@lianbao/party';\n`],
  ['test/support/database.ts', `setTimeout(() => process.kill(1), 1_000);\n`],
]);
