/** What stands in the databases of a home, as the superuser sees it. */
import pg from 'pg';

export const services = ['party', 'scoring', 'approval'] as const;
export type ServiceName = (typeof services)[number];

export interface Stored {
  /** The one number that the query gives. */
  count(service: ServiceName, text: string): Promise<number>;
  rows<R extends pg.QueryResultRow>(service: ServiceName, text: string): Promise<R[]>;
  close(): Promise<void>;
}

export async function storedIn(databaseFolder: string): Promise<Stored> {
  const clients = new Map<ServiceName, pg.Client>();
  for (const service of services) {
    const client = new pg.Client({ host: databaseFolder, user: 'postgres', database: service });
    await client.connect();
    clients.set(service, client);
  }
  const rows = async <R extends pg.QueryResultRow>(service: ServiceName, text: string) => {
    const result = await clients.get(service)?.query<R>(text);
    return result?.rows ?? [];
  };
  return {
    rows,
    count: async (service, text) => {
      const [row] = await rows<Record<string, string>>(service, text);
      return Number(Object.values(row ?? {})[0]);
    },
    close: async () => {
      for (const client of clients.values()) await client.end();
    },
  };
}
