import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@lianbao/kernel';
import {
  createServiceDatabase,
  type Migrations,
  migrate,
  openDatabase,
  persistenceMigrations,
  requireSchema,
  SchemaTooOld,
  type ServiceDatabase,
} from '@lianbao/persistence';
import { startPostgres } from '@lianbao/persistence/launcher';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';

interface Fresh extends ServiceDatabase {
  readonly service: string;
}

async function newService(): Promise<Fresh> {
  const { adminUrl } = inject('postgres');
  const service = `made_${randomBytes(4).toString('hex')}`;
  const urls = await createServiceDatabase(adminUrl, service);
  onTestFinished(async () => {
    const admin = await connect(adminUrl);
    await admin.query(`drop database ${service} with (force)`);
    await admin.query(`drop role ${service}_owner`);
    await admin.query(`drop role ${service}_app`);
  });
  return { ...urls, service };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  onTestFinished(() => client.end());
  await client.connect();
  return client;
}

function files(contents: Readonly<Record<string, string>>): Migrations {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text);
  return { owner: 'test', folder };
}

const run = ({ ownerUrl, service }: Fresh, ...sets: readonly Migrations[]) =>
  migrate({ ownerUrl, appRole: `${service}_app`, sets, log: silentLog });

describe('migrate', () => {
  it('called three times at once applies each file once, and nothing later', async () => {
    const fresh = await newService();
    const set = files({
      '0001_a.sql': 'create table a (x int)',
      '0002_b.sql': 'create table b (x int); insert into b values (1)',
    });
    const applied = await Promise.all([run(fresh, set), run(fresh, set), run(fresh, set)]);
    expect(applied.flat()).toEqual(['test/0001_a.sql', 'test/0002_b.sql']);
    expect(await run(fresh, set)).toEqual([]);
    const owner = await connect(fresh.ownerUrl);
    expect((await owner.query('select x from b')).rows).toEqual([{ x: 1 }]);
  });

  it('refuses a file that was changed after it ran', async () => {
    const fresh = await newService();
    const set = files({ '0001_a.sql': 'create table a (x int)' });
    await run(fresh, set);
    writeFileSync(join(set.folder, '0001_a.sql'), 'create table a (y int)');
    await expect(run(fresh, set)).rejects.toThrow('test/0001_a.sql was changed');
  });

  it('keeps what went well before a file that fails, and nothing of that file', async () => {
    const fresh = await newService();
    const set = files({
      '0001_a.sql': 'create table a (x int)',
      '0002_b.sql': 'create table b (x int); select 1 / 0',
    });
    await expect(run(fresh, set)).rejects.toThrow('test/0002_b.sql failed: division by zero');
    writeFileSync(join(set.folder, '0002_b.sql'), 'create table b (x int)');
    expect(await run(fresh, set)).toEqual(['test/0002_b.sql']);
  });

  it.each([
    ['a gap', { '0001_a.sql': '', '0003_c.sql': '' }],
    ['a number twice', { '0001_a.sql': '', '0001_b.sql': '' }],
    ['a name that does not fit', { '1-a.sql': '' }],
  ])('refuses %s', async (_, contents) => {
    const fresh = await newService();
    await expect(run(fresh, files(contents))).rejects.toThrow('should be number');
  });

  it('gives up soon on a table that somebody holds', async () => {
    const fresh = await newService();
    const set = files({ '0001_a.sql': 'create table a (x int)' });
    await run(fresh, set);
    const holder = await connect(fresh.ownerUrl);
    await holder.query('begin; lock table a in access share mode');
    writeFileSync(join(set.folder, '0002_b.sql'), 'alter table a add y int');
    await expect(run(fresh, set)).rejects.toThrow('lock timeout');
  });
});

describe('requireSchema', () => {
  it('refuses a schema that is older, and names what is missing', async () => {
    const fresh = await newService();
    const database = await openDatabase({
      url: fresh.appUrl,
      entities: [],
      applicationName: 'test',
    });
    onTestFinished(() => database.close());
    const set = files({ '0001_a.sql': 'create table a (x int)' });
    const open = () =>
      openDatabase({ url: fresh.appUrl, entities: [], applicationName: 'test', schema: [set] });
    await expect(requireSchema(database, [set])).rejects.toThrow(SchemaTooOld);
    await expect(open()).rejects.toThrow(SchemaTooOld);
    await run(fresh, set);
    await requireSchema(database, [set]);
    await (await open()).close();
    writeFileSync(join(set.folder, '0002_b.sql'), '');
    await expect(requireSchema(database, [set])).rejects.toMatchObject({
      missing: ['test/0002_b.sql'],
    });
  });

  it('takes one that is newer', async () => {
    const fresh = await newService();
    const set = files({ '0001_a.sql': '', '0002_b.sql': '' });
    await run(fresh, set);
    rmSync(join(set.folder, '0002_b.sql'));
    expect(await run(fresh, set)).toEqual([]);
    const database = await openDatabase({
      url: fresh.appUrl,
      entities: [],
      applicationName: 'test',
    });
    onTestFinished(() => database.close());
    await requireSchema(database, [set]);
  });
});

describe('the app’s role', () => {
  it('owns nothing', async () => {
    const fresh = await newService();
    await run(fresh, persistenceMigrations);
    const app = await connect(fresh.appUrl);
    const owned = await app.query(
      `select relname from pg_class where relowner = current_user::regrole
       union all select datname from pg_database where datdba = current_user::regrole
       union all select proname from pg_proc where proowner = current_user::regrole`,
    );
    expect(owned.rows).toEqual([]);
    const { rows } = await app.query(
      `select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles
        where rolname in (current_user, $1)`,
      [`${fresh.service}_owner`],
    );
    const powerless = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreatedb: false,
      rolcreaterole: false,
    };
    expect(rows).toEqual([powerless, powerless]);
  });

  it.each([
    ['create a table', 'create table mine (x int)'],
    ['create a temporary table', 'create temporary table mine (x int)'],
    ['create a schema', 'create schema mine'],
    ['alter a table', 'alter table timer add mine int'],
    ['disable the wall', 'alter table timer disable row level security'],
    ['take the wall’s force away', 'alter table timer no force row level security'],
    ['drop the policy', 'drop policy tenant_wall on timer'],
    ['add a policy', 'create policy mine on timer using (true)'],
    ['truncate a table', 'truncate timer'],
    ['forge the list of migrations', `insert into migration values ('x', 'x', 1)`],
    ['become the owner', 'set role current_owner'],
    [
      'hang a trigger on a table',
      'create trigger t before insert on timer for each row execute function suppress_redundant_updates_trigger()',
    ],
  ])('cannot %s', async (_, statement) => {
    const fresh = await newService();
    await run(fresh, persistenceMigrations);
    const app = await connect(fresh.appUrl);
    await expect(
      app.query(statement.replace('current_owner', `${fresh.service}_owner`)),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('adds to a table that is append only, and can neither alter nor take what is there', async () => {
    const fresh = await newService();
    const set = files({
      '0001_a.sql': `create table "Trail" (x int); create table a (x int);
        comment on table "Trail" is 'append only: who did what'`,
    });
    await run(fresh, set);
    await run(fresh, set); // The rights are given anew each time.
    const app = await connect(fresh.appUrl);
    await app.query('insert into "Trail" values (1); insert into a values (1)');
    await app.query('update a set x = 2; delete from a');
    for (const statement of ['update "Trail" set x = 2', 'delete from "Trail"']) {
      await expect(app.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
    expect((await app.query('select x from "Trail"')).rows).toEqual([{ x: 1 }]);
  });

  it('cannot enter another service’s database', async () => {
    const [one, two] = [await newService(), await newService()];
    const client = new pg.Client({
      connectionString: one.appUrl.replace(`/${one.service}?`, `/${two.service}?`),
    });
    await expect(client.connect()).rejects.toMatchObject({ code: '42501' });
  });
});

describe('createServiceDatabase', () => {
  it('finds what it made, also when three ask at once', async () => {
    const fresh = await newService();
    const { adminUrl } = inject('postgres');
    const again = await Promise.all(
      [1, 2, 3].map(() => createServiceDatabase(adminUrl, fresh.service)),
    );
    expect(new Set(again.map(({ appUrl }) => appUrl))).toEqual(new Set([fresh.appUrl]));
  });

  it('gives each role a password of its own where the administrator has one', async () => {
    const home = mkdtempSync(join(tmpdir(), 'launcher-'));
    chmodSync(home, 0o755);
    const [data, hba] = [join(home, 'data'), join(home, 'hba.conf')];
    writeFileSync(hba, 'local all all scram-sha-256\n');
    onTestFinished(() => rmSync(home, { recursive: true }));
    const trusting = await startPostgres(data, { fsync: 'off' });
    const admin = new pg.Client({ connectionString: trusting.url('postgres') });
    await admin.connect();
    await admin.query(`alter role postgres password 'secret'`);
    await admin.end();
    await trusting.stop();
    const strict = await startPostgres(data, { fsync: 'off', hba_file: hba });
    onTestFinished(() => strict.stop());
    const adminUrl = strict.url('postgres').replace('postgres@', 'postgres:secret@');
    for (const urls of [
      await createServiceDatabase(adminUrl, 'party'),
      await createServiceDatabase(adminUrl, 'party'),
    ]) {
      const [app, owner] = [await connect(urls.appUrl), await connect(urls.ownerUrl)];
      expect((await app.query('select current_user as me')).rows).toEqual([{ me: 'party_app' }]);
      expect((await owner.query('select current_user as me')).rows).toEqual([
        { me: 'party_owner' },
      ]);
    }
    await expect(connect(strict.url('party', 'party_app'))).rejects.toThrow('password');
  });

  it.each(['Party', 'a-b', 'a;b', '1a', ''])('refuses the name "%s"', async (name) => {
    await expect(createServiceDatabase(inject('postgres').adminUrl, name)).rejects.toThrow('name');
  });
});
