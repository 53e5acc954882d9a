/** What the package.json files may name. */
import { eachFile, type Rule } from './rule.ts';
import { below, belowServices } from './structure.ts';

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function dependenciesOf(text: string): readonly (readonly [name: string, version: string])[] {
  const manifest: Manifest = JSON.parse(text);
  return [
    manifest.dependencies,
    manifest.devDependencies,
    manifest.optionalDependencies,
    manifest.peerDependencies,
  ].flatMap((kind) => Object.entries(kind ?? {}));
}

const oursIn = (text: string): readonly string[] =>
  dependenciesOf(text)
    .map(([name]) => name)
    .filter((name) => name.startsWith('@lianbao/'))
    .map((name) => name.slice('@lianbao/'.length));

const folderOf = (path: string): string => path.split('/')[1] ?? '';

const manifest = (name: string, dependencies: Record<string, string>) =>
  JSON.stringify({ name: `@lianbao/${name}`, dependencies });

export const dependencyRules: readonly Rule[] = [
  eachFile({
    says: 'a package depends only on what is below it',
    files: ['packages/*/package.json'],
    find: (path, text) => {
      const allowed = below[folderOf(path)];
      if (allowed === undefined) return ['has no place in the order of packages'];
      return oursIn(text)
        .filter((name) => !allowed.includes(name))
        .map((name) => `depends on ${name}`);
    },
    planted: [
      ['packages/kernel/package.json', manifest('kernel', { '@lianbao/runtime': 'workspace:*' })],
      ['packages/commerce/package.json', manifest('commerce', {})],
    ],
  }),
  eachFile({
    says: 'a service depends on packages, never on a service',
    files: ['services/*/package.json'],
    find: (_, text) =>
      oursIn(text)
        .filter((name) => !belowServices.includes(name))
        .map((name) => `depends on ${name}`),
    planted: [
      ['services/party/package.json', manifest('party', { '@lianbao/scoring': 'workspace:*' })],
    ],
  }),
  eachFile({
    says: 'a package is named after its folder',
    files: ['packages/*/package.json', 'services/*/package.json'],
    find: (path, text) => {
      const { name }: Manifest = JSON.parse(text);
      return name === `@lianbao/${folderOf(path)}` ? [] : [`is named ${name}`];
    },
    planted: [['packages/kernel/package.json', manifest('core', {})]],
  }),
  eachFile({
    says: 'versions stand in the catalog, once',
    files: ['package.json', '{packages,services,deploy}/*/package.json', 'test/package.json'],
    find: (_, text) =>
      dependenciesOf(text)
        .filter(([, version]) => version !== 'catalog:' && version !== 'workspace:*')
        .map(([name, version]) => `${name} at ${version}`),
    planted: [
      ['packages/kernel/package.json', manifest('kernel', { uuid: '14.0.3' })],
      ['package.json', manifest('root', { vitest: '^5' })],
    ],
  }),
];
