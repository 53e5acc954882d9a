import { resourceUid, type Tenant } from '@lianbao/kernel';
import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Applications } from '../application/ports.ts';
import { type Application, platformOf } from '../domain/application.ts';
import { refusals } from '../domain/refusals.ts';
import {
  type ApplicationRow,
  applicationOf,
  applicationValues,
  insertApplication,
  updateApplication,
  updateValues,
} from './application-row.ts';
import { orNull, pageStart, slicedBy, uniqueIndexOf } from './columns.ts';
import { type ProductColumns, productOfColumns } from './product-row.ts';

/** `changed` is told of every application that was written. */
export function applicationsOn(
  em: EntityManager,
  tenant: Tenant,
  changed: (uid: string) => void,
): Applications {
  const one = async (text: string, values: readonly unknown[]) => {
    const { rows } = await sql<ApplicationRow>(em, text, values);
    return rows[0] && applicationOf(rows[0]);
  };

  return {
    application: (name) =>
      one('select * from application where uid = $1', [resourceUid(tenant, name)]),

    lockApplication: (uid) => one('select * from application where uid = $1 for update', [uid]),

    lockToDecide: async (uids) => {
      await sql(em, 'select lock_to_decide($1)', [uids]);
    },

    applications: async ({ parent, states, seller, createTimeMin }, slice) => {
      const start = pageStart(slice);
      const column = parent.startsWith('platforms/') ? 'platform' : 'lender';
      const { rows } = await sql<ApplicationRow>(
        em,
        `select * from application
          where ${column} = $1
            and (cardinality($2::text[]) = 0 or state = any ($2))
            and ($3::text is null or seller = $3)
            and ($4::timestamptz is null or created_at >= $4)
            and ($5::timestamptz is null or (created_at, uid) < ($5, $6::uuid))
          order by created_at desc, uid desc limit $7`,
        [
          parent,
          states,
          orNull(seller),
          orNull(createTimeMin),
          orNull(start?.createdAt),
          orNull(start?.uid),
          slice.size + 1,
        ],
      );
      return slicedBy(rows.map(applicationOf), slice.size);
    },

    submissionGround: async (name) => {
      const { rows } = await sql<ApplicationRow & GroundColumns>(
        em,
        `select a.*, to_jsonb(p) as product_row, l.capital_fen, l.whitelist
           from application as a
           left join product_version as p on p.product = a.product and p.state = 'APPROVED'
           left join lender_view as l on l.name = a.lender
          where a.uid = $1`,
        [resourceUid(tenant, name)],
      );
      const [row] = rows;
      const product = row?.product_row;
      const whitelist = row?.whitelist;
      return {
        application: row && applicationOf(row),
        product: product ? productOfColumns(product) : undefined,
        lender: whitelist ? { capitalFen: BigInt(row.capital_fen ?? 0), whitelist } : undefined,
      };
    },

    addApplication: async (application) => {
      const { rows } = await sql(em, insertApplication, applicationValues(application));
      if (rows.length > 0) return undefined;
      const existing = await one(
        `select * from application
          where uid = $1 or (platform = $2 and external_reference = $3)
          order by uid = $1 desc limit 1`,
        [application.uid, platformOf(application.name), orNull(application.externalReference)],
      );
      if (existing === undefined) throw alreadyOpen(application);
      return existing;
    },

    saveApplication: async (from, to) => {
      const written = await conditionalWrite(to, () =>
        sql(em, updateApplication, updateValues(from, to)),
      );
      if (written.rows.length === 0) throw lostRace(from);
      changed(from.uid);
    },

    openApplication: async (legalPersonKey, product) => {
      const { rows } = await sql<{ name: string }>(
        em,
        `select name from application where legal_person_key = $1 and product = $2
           and state in ('SUBMITTED', 'REFERRED', 'APPROVED')`,
        [legalPersonKey, product],
      );
      return rows[0];
    },
  };
}

interface GroundColumns {
  readonly product_row: ProductColumns | null;
  readonly capital_fen: string | null;
  readonly whitelist: string[] | null;
}

/** Somebody opened another application between our look and our write. */
export async function conditionalWrite<T>(to: Application, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (uniqueIndexOf(error) === 'application_open') throw alreadyOpen(to);
    throw error;
  }
}

const alreadyOpen = ({ product }: Application) => refusals.APPLICATION_OPEN({ product });

export const lostRace = ({ name, revision }: Application) =>
  refusals.ETAG_MISMATCH({ name, currentRevision: String(revision + 1n) });
