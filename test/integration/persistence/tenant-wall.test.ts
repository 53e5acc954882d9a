import { openDatabase, sql, transact } from '@lianbao/persistence';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { freshDatabase } from '../../support/database.ts';
import { addThing, here, openThings, Thing, there, thingNames } from './thing.ts';

describe('a row of another tenant', () => {
  it('is not seen, changed or deleted, by hand or by the ORM', async () => {
    const { database } = await openThings();
    await transact(database, there, (em) => addThing(em, 'theirs'));
    await transact(database, here, async (em) => {
      expect((await sql(em, 'select * from thing')).rows).toEqual([]);
      expect((await sql(em, 'update thing set size = 2')).affected).toBe(0);
      expect((await sql(em, 'delete from thing')).affected).toBe(0);
      expect(await em.find(Thing, { tenant: there })).toEqual([]);
      expect(await em.count(Thing)).toBe(0);
    });
    expect(await thingNames(database, there)).toEqual(['theirs']);
  });

  it('cannot be inserted, nor made by changing one of our own', async () => {
    const { database } = await openThings();
    await expect(
      transact(database, here, (em) =>
        sql(em, `insert into thing (tenant, name, size) values ('there', 'x', 1)`),
      ),
    ).rejects.toThrow('row-level security');
    await transact(database, here, (em) => addThing(em, 'ours'));
    await expect(
      transact(database, here, (em) => sql(em, `update thing set tenant = 'there'`)),
    ).rejects.toThrow('row-level security');
  });

  it('stays hidden on a connection that worked for it a moment ago', async () => {
    const { database } = await openThings(1);
    await transact(database, there, (em) => addThing(em, 'theirs'));
    expect(await thingNames(database, here)).toEqual([]);
    // Outside transact there is no tenant left: PostgreSQL has made the setting empty.
    expect(await database.orm.em.fork().execute('select name from thing')).toEqual([]);
  });

  it('does not get in the way of a row of the same name', async () => {
    const { database } = await openThings();
    await transact(database, there, (em) => addThing(em, 'x'));
    await transact(database, here, (em) => addThing(em, 'x'));
    expect(await thingNames(database, here)).toEqual(['x']);
  });
});

it('refuses an empty tenant', async () => {
  const { database } = await openThings();
  await expect(transact(database, '' as never, async () => 1)).rejects.toThrow('tenant');
});

// The whole list of tables that belong to no tenant.
const withoutTenant = ['migration'];
const wall = `(tenant = current_setting('app.tenant'::text))`;

interface Table {
  readonly name: string;
  readonly tenant: boolean;
  readonly forced: boolean;
  readonly policies: readonly string[];
  readonly other_keys: readonly string[];
}

describe.each(Object.keys(inject('postgres').templates))('in the catalogue of %s', (template) => {
  it('every table has the wall, keys led by the tenant, and an owner that is not the app', async () => {
    const tables = await tablesOf(template);
    expect(tables.length).toBeGreaterThan(2);
    for (const table of tables) {
      if (withoutTenant.includes(table.name)) continue;
      expect(table).toEqual({
        name: table.name,
        tenant: true,
        forced: true,
        policies: [`ALL PERMISSIVE ${wall} ${wall}`],
        other_keys: [],
      });
    }
  });

  it('no view and no function reads with its owner’s rights', async () => {
    const { adminUrl } = await freshDatabase(template);
    const database = await openDatabase({ url: adminUrl, entities: [], applicationName: 'test' });
    onTestFinished(() => database.close());
    const found = await database.orm.em.fork().execute(
      `select relname as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
          and not coalesce(reloptions::text like '%security_invoker=true%', false)
       union all
       select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`,
    );
    expect(found).toEqual([]);
  });
});

/** Of an index or a foreign key led by another column than the tenant, the name is in `other_keys`. */
async function tablesOf(template: string): Promise<readonly Table[]> {
  const { adminUrl } = await freshDatabase(template);
  const database = await openDatabase({ url: adminUrl, entities: [], applicationName: 'test' });
  onTestFinished(() => database.close());
  return database.orm.em.fork().execute<Table[]>(
    `select c.relname as name,
            a.attnum is not null as tenant,
            c.relrowsecurity and c.relforcerowsecurity as forced,
            array(select concat_ws(' ', p.cmd, p.permissive, p.qual, p.with_check)
                    from pg_policies p
                   where p.schemaname = 'public' and p.tablename = c.relname) as policies,
            array(select i.indexrelid::regclass::text from pg_index i
                    join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
                   where i.indrelid = c.oid and m.amname <> 'brin' and i.indkey[0] <> a.attnum
                  union all
                  select f.conname::text from pg_constraint f
                   where f.conrelid = c.oid and f.contype = 'f' and f.conkey[1] <> a.attnum
            ) as other_keys
       from pg_class c
       left join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant' and a.attnotnull
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      order by c.relname`,
  );
}
