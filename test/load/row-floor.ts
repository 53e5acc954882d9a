/**
 * The floor under every decision: the rows that the services write for it, of the same tables with the
 * same indexes, in as many transactions, written with `pg` alone. Nothing is read, checked or computed.
 */
import pg from 'pg';
import { nowMs } from './clock.ts';
import { type FloorTable, floorTable, type Statement } from './floor-table.ts';
import { type Latency, latencyOf, rounded } from './latency.ts';
import { openLoop, plannedArrivals } from './open-loop.ts';
import type { Writes } from './row-writes.ts';

export interface RowFloor {
  readonly transactionsPerDecision: number;
  readonly rowsPerDecision: number;
  readonly perSecond: number;
  readonly written: Latency;
  readonly postgresCpuMsPerDecision: number;
  readonly nodeCpuMsPerDecision: number;
  readonly walBytesPerDecision: number;
  /** With so many decisions under way at any time. */
  readonly decisionsAtOnce: number;
  readonly decisionsPerSecondMax: number;
}

export interface RowFloorOptions {
  readonly databases: Readonly<Record<string, string>>;
  readonly writes: Writes;
  readonly perSecond: number;
  readonly seconds: number;
  readonly postgresCpuMs: () => number;
  readonly walBytes: () => Promise<number>;
}

const decisionsAtOnce = 16;
const closedCountMax = 2_000;
const seed = 13;

interface Place {
  readonly pool: pg.Pool;
  readonly tables: readonly FloorTable[];
  readonly transactions: number;
}

export async function measureRows(options: RowFloorOptions): Promise<RowFloor> {
  const { databases, writes, perSecond, seconds } = options;
  const places: Place[] = [];
  const shares = transactionsOf(writes);
  try {
    for (const [database, url] of Object.entries(databases)) {
      const ofDatabase = writes.tables.filter((each) => each.database === database);
      if (ofDatabase.length === 0) continue;
      const tables = await tablesOf(url, ofDatabase, perSecond * seconds + closedCountMax);
      const pool = new pg.Pool({ connectionString: url, max: decisionsAtOnce });
      places.push({ pool, tables, transactions: shares.get(database) ?? 1 });
    }
    const rowsFor = Math.min(
      ...places.flatMap(({ tables }) => tables.map(({ decisionsMax }) => decisionsMax)),
    );
    const openCount = Math.min(perSecond * seconds, Math.floor(rowsFor / 2));
    const closedCount = Math.min(rowsFor - openCount, closedCountMax);
    const cpuBefore = options.postgresCpuMs();
    const walBefore = await options.walBytes();
    const ownBefore = process.cpuUsage();
    const waitsMs: number[] = [];
    const arrivals = plannedArrivals(seed, perSecond, openCount);
    const { settled } = await openLoop(arrivals, async (n, plannedMs) => {
      await writeDecision(places, n);
      waitsMs.push(nowMs() - plannedMs);
    });
    await settled;
    const own = process.cpuUsage(ownBefore);
    const cpuMs = options.postgresCpuMs() - cpuBefore;
    const walBytes = (await options.walBytes()) - walBefore;
    const closedMs = await closedLoop(places, openCount, closedCount);
    return {
      transactionsPerDecision: places.reduce((sum, each) => sum + each.transactions, 0),
      rowsPerDecision: rounded(
        writes.tables.reduce((sum, each) => sum + each.inserted + each.updated + each.deleted, 0),
      ),
      perSecond,
      written: latencyOf(waitsMs),
      postgresCpuMsPerDecision: rounded(cpuMs / openCount),
      nodeCpuMsPerDecision: rounded((own.user + own.system) / 1_000 / openCount),
      walBytesPerDecision: Math.round(walBytes / openCount),
      decisionsAtOnce,
      decisionsPerSecondMax: Math.round(closedCount / (closedMs / 1_000)),
    };
  } finally {
    for (const { pool } of places) await pool.end();
    for (const url of Object.values(databases)) await dropFloor(url);
  }
}

/** By database: as many in all as the services took, each at least one, the rest where most rows are. */
function transactionsOf({ tables, transactions }: Writes): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (const { database, inserted, updated, deleted } of tables) {
    rows.set(database, (rows.get(database) ?? 0) + inserted + updated + deleted);
  }
  const shares = new Map([...rows.keys()].map((database) => [database, 1]));
  for (let left = Math.round(transactions) - shares.size; left > 0; left -= 1) {
    const load = (database: string) => (rows.get(database) ?? 0) / (shares.get(database) ?? 1);
    const [fullest] = [...shares.keys()].sort((a, b) => load(b) - load(a));
    if (fullest !== undefined) shares.set(fullest, (shares.get(fullest) ?? 1) + 1);
  }
  return shares;
}

async function tablesOf(
  url: string,
  writes: Writes['tables'],
  decisions: number,
): Promise<readonly FloorTable[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('drop schema if exists floor cascade; create schema floor');
    const tables: FloorTable[] = [];
    for (const each of writes) tables.push(await floorTable(client, each, decisions));
    return tables;
  } finally {
    await client.end();
  }
}

async function dropFloor(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('drop schema if exists floor cascade');
  await client.end();
}

async function closedLoop(places: readonly Place[], from: number, count: number): Promise<number> {
  const startMs = nowMs();
  let next = from;
  const worker = async () => {
    while (next < from + count) {
      const n = next;
      next += 1;
      await writeDecision(places, n);
    }
  };
  await Promise.all(Array.from({ length: decisionsAtOnce }, worker));
  return nowMs() - startMs;
}

async function writeDecision(places: readonly Place[], n: number): Promise<void> {
  for (const { pool, tables, transactions } of places) {
    const statements = tables.flatMap((table) => statementsOf(table, n));
    const share = Math.ceil(statements.length / transactions);
    for (let part = 0; part < transactions; part += 1) {
      await inTransaction(pool, statements.slice(part * share, (part + 1) * share));
    }
  }
}

/**
 * A table that gets one row in four decisions gets it in every fourth. Rows are changed in one order, as
 * the services do, or those that wait for one another in a circle would be measured.
 */
function statementsOf({ writes, ...table }: FloorTable, n: number): Statement[] {
  const span = (each: number): readonly number[] => {
    const from = Math.floor(n * each);
    return Array.from({ length: Math.floor((n + 1) * each) - from }, (_, at) => from + at);
  };
  return [
    ...span(writes.inserted).map(table.insert),
    ...span(writes.updated)
      .toSorted((a, b) => table.changed(a) - table.changed(b))
      .map(table.update),
    ...span(writes.deleted).map(table.remove),
  ];
}

const deadlockDetected = '40P01';

/** Again when another transaction won, as the services do. */
async function inTransaction(pool: pg.Pool, statements: readonly Statement[]): Promise<void> {
  for (;;) {
    try {
      return await once(pool, statements);
    } catch (error) {
      if ((error as { code?: unknown }).code !== deadlockDetected) throw error;
    }
  }
}

async function once(pool: pg.Pool, statements: readonly Statement[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const { name, text, values } of statements) {
      await client.query({ name, text, values: [...values] });
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
