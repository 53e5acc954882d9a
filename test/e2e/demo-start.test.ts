/** `pnpm start` as a process: the first start's road, the second start, and a start that was killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, watch } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../deploy/local/src/database-folder.ts';

const startFile = resolve(import.meta.dirname, '../../deploy/local/src/start.ts');
const callFile = resolve(import.meta.dirname, '../../deploy/local/src/call.ts');

interface Started {
  readonly process: ChildProcess;
  /** All that it said up to its last line of the start. */
  readonly ready: Promise<string>;
}

function start(home: string): Started {
  const child = spawn(process.execPath, [startFile, '--home', home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
  const said = async (): Promise<string> => {
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.endsWith('Ctrl-C stops.')) break;
    }
    return lines.join('\n');
  };
  return { process: child, ready: said() };
}

async function stop({ process: child }: Started): Promise<number | null> {
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

function homeFolder(): string {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'home');
}

/** The command that a start prints, run against it. */
async function typed(command: string, home: string): Promise<string> {
  const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain,
  );
  const rest = args.slice(args.indexOf('call') + 1) as string[];
  const child = spawn(process.execPath, [callFile, ...rest, '--home', home], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [answer, complaint] = ['', ''];
  child.stdout.on('data', (chunk) => {
    answer += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0 ? answer : `exit ${code}: ${complaint}`;
}

it('begins anew after a kill -9 in the set-up, prints the road once, and its calls work', async () => {
  const home = homeFolder();
  const killed = start(home);
  await fileIn(home, 'set-up-begun', killed);
  killed.process.kill('SIGKILL');
  await once(killed.process, 'exit');

  const first = start(home);
  const road = await first.ready;
  expect(road).toContain('The set-up of the last start was cut off; it begins anew.');
  expect(road).toMatch(/rpc +SellerService\/CreateSeller +platforms\/market/);
  expect(road).toMatch(/event ApplicationSubmitted +approval/);
  expect(road).toMatch(/event ScoreComputed +scoring/);
  expect(road).toMatch(/\n {2}(APPROVED 批准|DECLINED 拒绝|REFERRED 转人工) {2}platforms\/market/);
  expect(road).toContain('There: 1 application, 66 sellers');
  expect(existsSync(join(home, 'set-up-begun'))).toBe(false);
  const commands = road.split('\n').filter((line) => /pnpm call .*'/.test(line));
  expect(commands.length).toBeGreaterThan(5);
  for (const command of commands) {
    expect(JSON.parse(await typed(command.replace(/ {3}#.*/, ''), home))).toBeTypeOf('object');
  }
  expect(await stop(first)).toBe(0);

  const second = start(home);
  const again = await second.ready;
  expect(again).not.toContain('The database is empty');
  expect(again).toContain('There: 2 applications, 66 sellers');
  const { address } = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8'));
  expect(again).toContain(address);
  expect(await stop(second)).toBe(0);
  expect(existsSync(join(home, 'server.json'))).toBe(false);
});

/** Resolves when the file is there; throws when the process ends before. */
async function fileIn(home: string, name: string, { process: child }: Started): Promise<void> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the start ended before ${name} was there`);
  });
  const there = new Promise<void>((seen) => {
    const parent = watch(join(home, '..'), { recursive: true }, () => {
      if (!existsSync(join(home, name))) return;
      parent.close();
      seen();
    });
  });
  await Promise.race([there, ended]);
  ended.catch(() => undefined);
}
