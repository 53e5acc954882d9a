import { createHmac } from 'node:crypto';
import pg from 'pg';

const serviceName = /^[a-z][a-z0-9_]{0,40}$/;
const alreadyThere = new Set(['42710', '42P04']); // duplicate_object, duplicate_database

export interface ServiceDatabase {
  readonly ownerUrl: string;
  readonly appUrl: string;
}

/**
 * Makes the database `<service>` with its roles `<service>_owner`, which migrates, and `<service>_app`,
 * which runs and owns nothing, or finds them. Nobody else may connect to it.
 */
export async function createServiceDatabase(
  adminUrl: string,
  service: string,
): Promise<ServiceDatabase> {
  if (!serviceName.test(service)) throw new Error(`"${service}" cannot name a database`);
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`select pg_advisory_lock(hashtextextended('lianbao databases', 0))`);
    const [owner, app] = [`${service}_owner`, `${service}_app`];
    for (const role of [owner, app]) {
      await unlessThere(admin, `create role ${role}`);
      await admin.query(
        `alter role ${role} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls` +
          passwordClause(admin, role),
      );
    }
    await unlessThere(
      admin,
      `create database ${service} owner ${owner} template template0 encoding 'UTF8'
         locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`,
    );
    await admin.query(`revoke all on database ${service} from public`);
    await admin.query(`grant connect on database ${service} to ${app}`);
    return {
      ownerUrl: urlFor(adminUrl, admin, owner, service),
      appUrl: urlFor(adminUrl, admin, app, service),
    };
  } finally {
    await admin.end();
  }
}

async function unlessThere(admin: pg.Client, statement: string): Promise<void> {
  try {
    await admin.query(statement);
  } catch (error) {
    if (!alreadyThere.has(String((error as { code?: unknown }).code))) throw error;
  }
}

// Where the administrator has a password, each role has one of its own that follows from it.
const passwordOf = (admin: pg.Client, role: string): string | undefined =>
  typeof admin.password === 'string' && admin.password !== ''
    ? createHmac('sha256', admin.password).update(role).digest('hex')
    : undefined;

function passwordClause(admin: pg.Client, role: string): string {
  const password = passwordOf(admin, role);
  return password === undefined ? '' : ` password '${password}'`;
}

const urlParts = /^(\w+:\/\/)(?:[^@/]*@)?([^/?]*)(?:\/[^?]*)?(\?.*)?$/;

/** The administrator's URL, for another user and database. */
function urlFor(adminUrl: string, admin: pg.Client, user: string, database: string): string {
  const [, scheme, place, query = ''] = urlParts.exec(adminUrl) ?? [];
  if (scheme === undefined)
    throw new Error('the URL of the administrator is not one of a database');
  const password = passwordOf(admin, user);
  const login = password === undefined ? user : `${user}:${password}`;
  return `${scheme}${login}@${place}/${database}${query}`;
}
