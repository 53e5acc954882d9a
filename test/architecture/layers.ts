/** Who imports whom, from the inside of a service outwards. */
import { importsOnly, type Rule } from './rule.ts';
import { sciencePackages, serviceNames } from './structure.ts';

const tests = ['**/*.test.ts'];

const science = sciencePackages.map((name) => `@lianbao/${name}`);
const isRelative = (target: string) => /^(packages|services|deploy|test)\//.test(target);

/** `services/party` of `services/party/src/app.ts`. */
const ownFolder = (path: string) => path.split('/').slice(0, 2).join('/');

/** The package that an import names: `@lianbao/api` of `@lianbao/api/google/type/money_pb`. */
export const packageOf = (target: string): string =>
  target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');

const hiddenBy: Readonly<Record<string, readonly string[]>> = {
  '@grpc/grpc-js': ['packages/grpc/'],
  jose: ['packages/grpc/'],
  kafkajs: ['packages/events/'],
  pg: ['packages/persistence/', 'packages/events/'],
  pino: ['packages/runtime/'],
  'prom-client': ['packages/runtime/'],
};

export const layerRules: readonly Rule[] = [
  importsOnly({
    says: 'the domain imports its own files, the kernel and the science packages, nothing else',
    files: ['services/*/src/domain/**/*.ts'],
    except: tests,
    allows: (target, path) =>
      target.startsWith(`${ownFolder(path)}/src/domain/`) ||
      ['@lianbao/kernel', ...science].includes(target),
    planted: [
      ['services/party/src/domain/seller.ts', `import { sql } from '@lianbao/persistence';`],
      ['services/party/src/domain/seller.ts', `import { store } from '../storage/store.ts';`],
      ['services/party/src/domain/seller.ts', `import { createHash } from 'node:crypto';`],
    ],
  }),
  importsOnly({
    says: 'use cases know the domain and their own ports, not the wire, the ORM or the broker',
    files: ['services/*/src/application/**/*.ts'],
    except: tests,
    allows: (target, path) =>
      target.startsWith(`${ownFolder(path)}/src/domain/`) ||
      target.startsWith(`${ownFolder(path)}/src/application/`) ||
      ['@lianbao/kernel', ...science].includes(target),
    planted: [
      ['services/party/src/application/create-seller.ts', `import '@lianbao/api/policy-0';`],
      ['services/party/src/application/create-seller.ts', `import { a } from '../rpc/convert.ts';`],
      ['services/party/src/application/create-seller.ts', `await import('@lianbao/events');`],
    ],
  }),
  importsOnly({
    says: 'adapters do not know the composition root, and nothing imports main.ts',
    files: ['services/*/src/**/*.ts'],
    except: tests,
    allows: (target, path) =>
      !/\/src\/main\.ts$/.test(target) &&
      (/\/src\/main\.ts$/.test(path) || !/\/src\/app\.ts$/.test(target)),
    planted: [
      ['services/party/src/rpc/seller-service.ts', `import { createParty } from '../app.ts';`],
      ['services/party/src/app.ts', `import './main.ts';`],
    ],
  }),
  importsOnly({
    says: 'services meet through proto only',
    files: ['services/*/**/*.ts', 'packages/*/src/**/*.ts'],
    allows: (target) => !serviceNames.map((name) => `@lianbao/${name}`).includes(packageOf(target)),
    planted: [
      [
        'services/party/src/clients/scoring.ts',
        `import { createScoring } from '@lianbao/scoring';`,
      ],
      ['packages/events/src/outbox.ts', `export { createParty } from '@lianbao/party';`],
    ],
  }),
  importsOnly({
    says: 'relative imports stay inside their own package',
    files: ['services/*/**/*.ts', 'packages/*/**/*.ts'],
    allows: (target, path) =>
      !(isRelative(target) || target.startsWith('..')) || ownFolder(target) === ownFolder(path),
    planted: [
      [
        'services/party/src/rpc/seller-service.ts',
        `import '../../../../packages/kernel/src/money.ts';`,
      ],
      ['packages/events/src/outbox.ts', `import '../../../../outside.ts';`],
    ],
  }),
  importsOnly({
    says: 'the kernel and the science packages import nothing of ours but the kernel',
    files: ['kernel', ...sciencePackages].map((name) => `packages/${name}/src/**/*.ts`),
    except: tests,
    allows: (target) => !target.startsWith('@lianbao/') || target === '@lianbao/kernel',
    planted: [
      ['packages/scorecard/src/card.ts', `import { createLog } from '@lianbao/runtime';`],
      ['packages/kernel/src/money.ts', `import '@lianbao/api/google/type/money_pb';`],
    ],
  }),
  importsOnly({
    says: 'one package hides each dependency',
    files: ['services/*/src/**/*.ts', 'packages/*/src/**/*.ts'],
    except: tests,
    allows: (target, path) =>
      hiddenBy[packageOf(target)]?.some((folder) => path.startsWith(folder)) ?? true,
    planted: Object.keys(hiddenBy).map((name) => [
      'services/party/src/app.ts',
      `import { it } from '${name}';`,
    ]),
  }),
  importsOnly({
    says: 'the ORM stays in persistence, events and the storage and events of a service',
    files: ['services/*/src/**/*.ts', 'packages/*/src/**/*.ts'],
    except: tests,
    allows: (target, path) =>
      !target.startsWith('@mikro-orm/') ||
      /^(packages\/(persistence|events)\/|services\/[^/]+\/src\/(storage|events)\/)/.test(path),
    planted: [
      ['services/party/src/rpc/seller-service.ts', `import { p } from '@mikro-orm/core';`],
      ['packages/runtime/src/log.ts', `import { p } from '@mikro-orm/postgresql';`],
    ],
  }),
];
