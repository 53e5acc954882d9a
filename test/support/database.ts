import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

export interface FreshDatabase {
  readonly name: string;
  /** For `openDatabase`: the role that owns nothing. */
  readonly appUrl: string;
  readonly ownerUrl: string;
  /** The superuser, in this database. */
  readonly adminUrl: string;
}

export interface CopiedDatabase extends FreshDatabase {
  /** Whoever is still connected. */
  drop(): Promise<void>;
}

/** A database of the test's own, dropped after it. */
export async function freshDatabase(service: string): Promise<FreshDatabase> {
  const { drop, ...database } = await copiedDatabase(service);
  onTestFinished(drop);
  return database;
}

/** A copy of a migrated template: `plumbing` or a service's name. Whoever asks has to drop it. */
export async function copiedDatabase(service: string): Promise<CopiedDatabase> {
  const { adminUrl, templates } = inject('postgres');
  const problem = templates[service];
  if (problem !== undefined) throw new Error(`template ${service}: ${problem}`);
  if (!(service in templates)) throw new Error(`no template ${service}`);
  const name = `${service}_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(
    `create database ${name} template ${service} owner ${service}_owner strategy file_copy`,
  );
  // Rights on a database are not copied with it.
  await admin.query(
    `revoke all on database ${name} from public; grant connect on database ${name} to ${service}_app`,
  );
  const urlOf = (user: string) => adminUrl.replace(/\/\/[^@]*@\/[^?]*/, () => `//${user}@/${name}`);
  return {
    name,
    appUrl: urlOf(`${service}_app`),
    ownerUrl: urlOf(`${service}_owner`),
    adminUrl: urlOf('postgres'),
    drop: async () => {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
