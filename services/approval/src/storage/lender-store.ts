import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { LenderView } from '../application/ports.ts';

export const lendersOn = (em: EntityManager): LenderView => ({
  saveLender: async (name, { capitalFen, whitelist }) => {
    await sql(
      em,
      `insert into lender_view (name, capital_fen, whitelist) values ($1, $2, $3)
       on conflict (tenant, name)
         do update set capital_fen = excluded.capital_fen, whitelist = excluded.whitelist`,
      [name, capitalFen, whitelist],
    );
  },

  listPlatform: async (name, platform, listed) => {
    await sql(
      em,
      `update lender_view set whitelist = array_remove(whitelist, $2)
         || case when $3 then array[$2] else '{}' end
        where name = $1`,
      [name, platform, listed],
    );
  },

  lenderView: async (name) => {
    const { rows } = await sql<{ capital_fen: string; whitelist: string[] }>(
      em,
      'select capital_fen, whitelist from lender_view where name = $1',
      [name],
    );
    const [row] = rows;
    return row && { capitalFen: BigInt(row.capital_fen), whitelist: row.whitelist };
  },
});
