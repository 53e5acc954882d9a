import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FolderInUse, type PostgresServer, startPostgres } from '@lianbao/persistence/launcher';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';

const quick = { fsync: 'off' };

function newFolder(name = 'data'): string {
  const home = mkdtempSync(join(tmpdir(), 'launcher-'));
  chmodSync(home, 0o755); // As root the server runs as nobody, who must get in.
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return join(home, name);
}

async function start(
  folder: string,
  settings: Readonly<Record<string, string>> = quick,
): Promise<PostgresServer> {
  const server = await startPostgres(folder, settings);
  onTestFinished(() => server.stop());
  return server;
}

async function query(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

const pidOf = (folder: string): number =>
  Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);

const gone = (folder: string) => () => {
  if (existsSync(join(folder, 'postmaster.pid'))) throw new Error('the server is still there');
};

describe('a server', () => {
  it('keeps its data from one start to the next', async () => {
    const folder = newFolder();
    const first = await start(folder);
    await query(first.url('postgres'), 'create table t as select 1 as x');
    await first.stop();
    expect(existsSync(join(folder, 'postmaster.pid'))).toBe(false);
    const second = await start(folder);
    expect(await query(second.url('postgres'), 'select x from t')).toEqual([1]);
  });

  it('is durable and checks its pages unless told otherwise, and reached by a socket only', async () => {
    const folder = newFolder();
    const server = await start(folder, {});
    const show = (name: string) => query(server.url('postgres'), `show ${name}`);
    expect(await show('fsync')).toEqual(['on']);
    expect(await show('synchronous_commit')).toEqual(['on']);
    expect(await show('full_page_writes')).toEqual(['on']);
    expect(await show('data_checksums')).toEqual(['on']);
    expect(await show('listen_addresses')).toEqual(['']);
    expect(await show('server_encoding')).toEqual(['UTF8']);
    expect(await show('timezone')).toEqual(['UTC']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('stops although somebody is connected, and twice', async () => {
    const server = await start(newFolder());
    const client = new pg.Client({ connectionString: server.url('postgres') });
    client.on('error', () => {});
    await client.connect();
    await server.stop();
    await server.stop();
  });

  it('starts again after kill -9, with its lock file left behind', async () => {
    const folder = newFolder();
    const first = await start(folder);
    await query(first.url('postgres'), 'create table t as select 1 as x');
    process.kill(pidOf(folder), 'SIGKILL');
    const second = await start(folder);
    expect(await query(second.url('postgres'), 'select x from t')).toEqual([1]);
  });

  it('starts when the number in its lock file now belongs to another process', async () => {
    const folder = newFolder();
    const first = await start(folder);
    const lock = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
    await first.stop();
    const uid = statSync(folder).uid; // The server's own user: PostgreSQL takes his processes for servers.
    const stranger = spawn('sleep', ['600'], process.getuid?.() === 0 ? { uid } : {});
    onTestFinished(() => void stranger.kill());
    await once(stranger, 'spawn');
    writeFileSync(join(folder, 'postmaster.pid'), [stranger.pid, ...lock.slice(1)].join('\n'));
    const second = await start(folder);
    expect(await query(second.url('postgres'), 'select 1')).toEqual([1]);
  });

  it('starts again after kill -9 although a session of the dead server still computes', async () => {
    const folder = newFolder();
    const first = await start(folder);
    const client = new pg.Client({ connectionString: first.url('postgres') });
    client.on('error', () => {});
    await client.connect();
    const computing = client
      .query(
        `select pid, count(*) from generate_series(1, 4000000), pg_backend_pid() pid group by pid`,
      )
      .catch(() => {});
    await query(first.url('postgres'), 'select 1'); // Sent later, so the other one runs by now.
    process.kill(pidOf(folder), 'SIGKILL');
    const second = await start(folder);
    expect(await query(second.url('postgres'), 'select 1')).toEqual([1]);
    await computing;
    await client.end();
  });

  it('started twice at the same time on a new folder is one server', async () => {
    const folder = newFolder();
    const both = await Promise.allSettled([
      startPostgres(folder, quick),
      startPostgres(folder, quick),
    ]);
    for (const each of both) {
      if (each.status === 'fulfilled') onTestFinished(() => each.value.stop());
      else expect(each.reason).toBeInstanceOf(FolderInUse);
    }
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('puts its socket elsewhere when the folder’s name is too long for one', async () => {
    const folder = newFolder('d'.repeat(100));
    const server = await start(folder);
    expect(server.host).not.toContain('ddd');
    expect(statSync(server.host).mode & 0o777).toBe(0o700);
    expect(await query(server.url('postgres'), 'select 1')).toEqual([1]);
    await server.stop();
    expect(existsSync(server.host)).toBe(false);
  });
});

describe('it says clearly', () => {
  it('that another server runs on the folder, which goes on undisturbed', async () => {
    const folder = newFolder();
    const server = await start(folder);
    await expect(startPostgres(folder, quick)).rejects.toThrow(FolderInUse);
    await expect(startPostgres(folder, quick)).rejects.toThrow('another PostgreSQL server runs on');
    expect(await query(server.url('postgres'), 'select 1')).toEqual([1]);
  });

  it('what PostgreSQL said when it did not start', async () => {
    await expect(startPostgres(newFolder(), { ...quick, shared_buffers: 'none' })).rejects.toThrow(
      'shared_buffers',
    );
  });

  it('that a folder which is not its own stands in the way', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, 'diary.txt'), 'mine');
    await expect(startPostgres(folder, quick)).rejects.toThrow('holds something else');
    expect(readFileSync(join(folder, 'diary.txt'), 'utf8')).toBe('mine');
  });
});

it('does not outlive the process that started it, however that ends', async () => {
  const folder = newFolder();
  const launcher = new URL('../../../packages/persistence/src/launcher.ts', import.meta.url);
  const program = `
    const { startPostgres } = await import(${JSON.stringify(launcher.href)});
    await startPostgres(${JSON.stringify(folder)}, { fsync: 'off' });
    console.log('started');
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  expect(existsSync(join(folder, 'postmaster.pid'))).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect.poll(gone(folder), { timeout: 10_000 }).toBeUndefined();
});
