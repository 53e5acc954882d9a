/** What holds for SQL and for the contract. */
import { basename, dirname } from 'node:path';
import { forbids, type Rule } from './rule.ts';
import { select, type Tree } from './tree.ts';

const migrations = ['packages/*/migrations/*', 'services/*/migrations/*'];
const clocks =
  /\bnow\s*\(\s*\)|\b(current_(timestamp|date|time)|localtime(stamp)?|(clock|statement|transaction)_timestamp|timeofday)\b/i;

/** `0001_seller.sql`, `0002_consent.sql`: each folder counts from one, and nothing leads back. */
function numberingBreaches(tree: Tree): readonly string[] {
  const { paths, empty } = select(tree, migrations);
  const folders = Map.groupBy(paths, (path) => dirname(path));
  const found = [...folders.values()].flatMap((files) =>
    files.toSorted().flatMap((path, index) => {
      const name = basename(path);
      if (!/^\d{4}_[a-z0-9]+(_[a-z0-9]+)*\.sql$/.test(name))
        return [`${path}: is not NNNN_name.sql`];
      if (/_(down|undo|revert|rollback)\.sql$/.test(name)) return [`${path}: leads back`];
      const number = String(index + 1).padStart(4, '0');
      return name.startsWith(number) ? [] : [`${path}: should be number ${number}`];
    }),
  );
  return [...empty, ...found];
}

export const storageAndContractRules: readonly Rule[] = [
  {
    says: 'migrations go forward only, numbered without gaps',
    breaches: numberingBreaches,
    planted: [
      ['services/party/migrations/0003_consent.sql', ''],
      ['services/party/migrations/0001_consent.sql', ''],
      ['services/party/migrations/0002_seller_down.sql', ''],
      ['services/party/migrations/2-consent.sql', ''],
      ['packages/events/migrations/0002_inbox.txt', ''],
    ],
  },
  forbids({
    says: 'the database has no clock: time is a parameter',
    files: migrations,
    words: clocks,
    planted: [
      [
        'services/party/migrations/0001_seller.sql',
        'create table a (at timestamptz default now());',
      ],
      ['services/party/migrations/0001_seller.sql', 'select CURRENT_TIMESTAMP;'],
      ['packages/events/migrations/0001_outbox.sql', 'select clock_timestamp();'],
    ],
  }),
  forbids({
    says: 'queries ask the database for no time',
    files: ['services/*/src/**/*.ts', 'packages/*/src/**/*.ts'],
    except: ['packages/api/src/**', '**/*.test.ts'],
    words:
      /\b(select|insert|update|delete|values|set|where)\b[^;`]*(?<![.{\w])(now\(\)\s*[,)`;:+-]|current_timestamp)|\b(clock|statement|transaction)_timestamp\b/i,
    planted: [
      ['services/party/src/storage/store.ts', 'sql(em, `update a set at = now(), b = 1`);'],
      ['packages/events/src/outbox.ts', 'sql(em, `delete from a where at < current_timestamp`);'],
    ],
  }),
  forbids({
    says: 'amounts and rates travel as whole numbers',
    files: ['proto/lianbao/**/*.proto'],
    words: /\b(double|float)\b/,
    planted: [
      ['proto/lianbao/party/v1/party_service.proto', 'message A {\n  repeated double rate = 1;\n}'],
      ['proto/lianbao/party/v1/party_service.proto', 'message A { map<string, float> rates = 1; }'],
    ],
  }),
];
