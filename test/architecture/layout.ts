/** Names of files and folders, and where they stand. */
import { basename, dirname } from 'node:path';
import { eachFile, type Rule } from './rule.ts';
import { serviceFiles, serviceFolders, serviceNames, testFolders, topLevel } from './structure.ts';
import { standingServices, type Tree } from './tree.ts';

const nobodyDecided = /^(utils?|helpers?|commons?|shared|types|lib|misc|docs)$/;
const kebabFile = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|bench|config))?\.(ts|sh)$/;
const kebabFolder = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const ours = ['{packages,services,deploy,test}/**/*'];
const generated = ['packages/api/src/**'];

const foldersOf = (path: string): readonly string[] => dirname(path).split('/');

function topLevelBreaches(tree: Tree): readonly string[] {
  const present = new Set([...tree.keys()].map((path) => path.split('/')[0] ?? ''));
  const unknown = [...present].filter((name) => !name.startsWith('.') && !topLevel.includes(name));
  const missing = topLevel.filter((name) => !present.has(name));
  return [
    ...unknown.map((name) => `${name}: does not belong there`),
    ...missing.map((name) => `${name}: is missing`),
  ];
}

export const layoutRules: readonly Rule[] = [
  {
    says: 'the top level is exactly what was agreed',
    breaches: topLevelBreaches,
    planted: [
      ['scripts/build.ts', ''],
      ['NOTES.md', ''],
      ['README.md', undefined],
      ['deploy', undefined],
    ],
  },
  {
    says: 'a service has its README, app, main, config and migrations',
    breaches: (tree) =>
      standingServices(tree).flatMap((name) => {
        const has = (path: string) => tree.has(`services/${name}/${path}`);
        const missing = serviceFiles.filter((path) => !has(path));
        if (!hasMigrations(tree, name)) {
          missing.push('migrations');
        }
        return missing.map((path) => `services/${name}/${path}: is missing`);
      }),
    planted: [
      ['services/party/README.md', undefined],
      ['services/party/src/config.ts', undefined],
    ],
  },
  eachFile({
    says: 'a service has the folders of its anatomy and no others',
    files: ['services/*/src/**/*'],
    find: (path) => {
      const [, , , folder = '', deeper] = path.split('/');
      const known =
        deeper === undefined
          ? /^(main|app|config)(\.test)?\.ts$/.test(folder)
          : serviceFolders.includes(folder);
      return known ? [] : ['has no place in the anatomy of a service'];
    },
    planted: [
      ['services/party/src/models/seller.ts', ''],
      ['services/party/src/server.ts', ''],
    ],
  }),
  eachFile({
    says: 'services are the contexts of the architecture',
    files: ['services/*/package.json'],
    find: (path) =>
      serviceNames.includes(path.split('/')[1] ?? '') ? [] : ['is no bounded context'],
    planted: [['services/billing/package.json', '{"name":"@lianbao/billing"}']],
  }),
  eachFile({
    says: 'tests of more than one unit stand in the agreed folders of test',
    files: ['test/*/**/*'],
    find: (path) => (testFolders.includes(path.split('/')[1] ?? '') ? [] : ['has no place']),
    planted: [['test/unit/seller.test.ts', '']],
  }),
  eachFile({
    says: 'no folder or file has a name that says nobody decided where things belong',
    files: ours,
    except: generated,
    find: (path) =>
      [...foldersOf(path), basename(path).split('.')[0] ?? '']
        .filter((name) => nobodyDecided.test(name))
        .map((name) => `is named ${name}`),
    planted: [
      ['packages/kernel/src/utils/money.ts', ''],
      ['test/support/helpers.ts', ''],
      ['packages/events/docs/relay.md', ''],
    ],
  }),
  eachFile({
    says: 'files and folders are in kebab case',
    files: ours,
    except: [...generated, 'test/clients/**/*.py'],
    find: (path) => [
      ...foldersOf(path).filter((name) => !kebabFolder.test(name)),
      ...(/\.(ts|sh)$/.test(path) && !kebabFile.test(basename(path)) ? [basename(path)] : []),
    ],
    planted: [
      ['packages/kernel/src/moneyColumns.ts', ''],
      ['packages/kernel/src/Money/sum.ts', ''],
      ['test/support/run_kafka.sh', ''],
    ],
  }),
];

const hasMigrations = (tree: Tree, name: string): boolean =>
  [...tree.keys()].some((path) => path.startsWith(`services/${name}/migrations/`));
