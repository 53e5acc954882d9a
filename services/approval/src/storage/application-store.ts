import { resourceUid, type Tenant } from '@lianbao/kernel';
import { byCreateTime, type Database, pageStart, slicedBy, sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Applications, SubmissionGround } from '../application/ports.ts';
import { type Application, platformOf } from '../domain/application.ts';
import { refusals } from '../domain/refusals.ts';
import {
  type ApplicationRow,
  applicationOf,
  applicationValues,
  firstFree,
  insertApplication,
  updateApplication,
  updateValues,
} from './application-row.ts';
import { orNull, uniqueIndexOf } from './columns.ts';
import type { ActiveColumns, PolicyReader } from './policy-store.ts';
import { type ProductColumns, productOfColumns } from './product-row.ts';

/** `changed` is told of every application that was written. */
export function applicationsOn(
  em: EntityManager,
  tenant: Tenant,
  policies: PolicyReader,
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
      return slicedBy(rows.map(applicationOf), slice.size, byCreateTime);
    },

    draftGround: async (product) => {
      const { rows } = await sql<ActiveColumns & { product_row: ProductColumns | null }>(
        em,
        `select to_jsonb(p) as product_row, ${activePolicy}
           from (values (1)) as one
           left join product_version as p on p.product = $1 and p.state = 'APPROVED'
           left join policy_version as active on active.state = 'ACTIVE'`,
        [product],
      );
      const [row] = rows as [ActiveColumns & { product_row: ProductColumns | null }];
      const { product_row: found } = row;
      return {
        product: found === null ? undefined : productOfColumns(found),
        policy: await policies.inForce(row),
      };
    },

    lockDraft: async (uid, { legalPersonKey, product }) => {
      const { rows } = await sql<ApplicationRow & ActiveColumns & { open_name: string | null }>(
        em,
        `select a.*, ${activePolicy}, (select name from application
             where legal_person_key = $2 and product = $3 and ${isOpen}) as open_name
           from application as a left join policy_version as active on active.state = 'ACTIVE'
          where a.uid = $1 for update of a`,
        [uid, orNull(legalPersonKey), product],
      );
      const [row] = rows;
      const name = row?.open_name;
      return {
        application: row && applicationOf(row),
        open: name ? { name } : undefined,
        policy: await policies.inForce(row ?? { active_version: null, active_hash: null }),
      };
    },

    saveSubmission: async (from, to, evidence) => {
      const written = await conditionalWrite(to, () =>
        sql(em, updateWithEvidence, [...updateValues(from, to), to.round, evidence]),
      );
      if (written.rows.length === 0) throw lostRace(from);
      changed(from.uid);
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
        sql(em, updateApplication(), updateValues(from, to)),
      );
      if (written.rows.length === 0) throw lostRace(from);
      changed(from.uid);
    },

    openApplication: async (legalPersonKey, product) => {
      const { rows } = await sql<{ name: string }>(
        em,
        `select name from application where legal_person_key = $1 and product = $2
           and ${isOpen}`,
        [legalPersonKey, product],
      );
      return rows[0];
    },
  };
}

const activePolicy = `active.name as active_version, active.content_hash as active_hash,
  active.effective_at`;

const isOpen = `state in ('SUBMITTED', 'REFERRED', 'APPROVED')`;

const updateWithEvidence = `with changed as (${updateApplication()}), awaited as (
    insert into evidence (application_uid, round, kind, state)
    select uid, $${firstFree}::integer, kind, 'AWAITED'
      from changed, unnest($${firstFree + 1}::text[]) as wanted (kind))
  select uid from changed`;

type GroundRow = ApplicationRow & {
  readonly uid: string | null;
  readonly product_row: ProductColumns | null;
  readonly capital_fen: string | null;
  readonly whitelist: string[] | null;
};

/** Outside a transaction: one statement that sets its tenant itself. */
export async function submissionGround(
  { orm }: Database,
  tenant: Tenant,
  name: string,
): Promise<SubmissionGround> {
  const em = orm.em.fork({ disableContextResolution: true });
  const [row] = await em.execute<GroundRow[]>(
    `select (g.locked).*, g.product_row, g.capital_fen, g.whitelist
       from submission_ground(?, ?) as g`,
    [tenant, resourceUid(tenant, name)],
  );
  if (row === undefined || row.uid === null) {
    return { application: undefined, product: undefined, lender: undefined };
  }
  const { product_row: product, whitelist, capital_fen: capital } = row;
  return {
    application: applicationOf(row),
    product: product === null ? undefined : productOfColumns(product),
    lender: whitelist === null ? undefined : { capitalFen: BigInt(capital ?? 0), whitelist },
  };
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
