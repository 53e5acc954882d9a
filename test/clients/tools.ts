/**
 * Clients that are not ours, installed outside the repository: grpcurl by Go's module proxy, grpcio by
 * pip. Where the tool that installs them is missing the test says so in one line; under CI a tool that
 * is there must do its work.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256 } from '@lianbao/kernel';
import { fillThirdParty } from '../../packages/api/generate/third-party.ts';

const run = promisify(execFile);
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lianbao');
const grpcurlVersion = 'v1.9.3';
const requirements = join(import.meta.dirname, 'python/requirements.txt');
const proto = join(import.meta.dirname, '../../proto');
const minutes = 60_000;

/** Path of grpcurl, or undefined where there is no Go. */
export async function grpcurl(): Promise<string | undefined> {
  if (!(await works('go', ['version']))) return missing('grpcurl', 'go');
  return hadOrSkipped('grpcurl', async () => {
    const folder = join(cache, `grpcurl-${grpcurlVersion}`);
    const path = join(folder, 'grpcurl');
    const module = `github.com/fullstorydev/grpcurl/cmd/grpcurl@${grpcurlVersion}`;
    const env = { ...process.env, GOBIN: folder };
    if (!existsSync(path)) await run('go', ['install', module], { env, timeout: 8 * minutes });
    return path;
  });
}

export interface PythonClient {
  readonly python: string;
  /** Folder of the code generated from the proto files; whoever asked for it removes it. */
  readonly code: string;
}

/** Python with grpcio and the code of the contract, or undefined where there is no Python. */
export async function pythonClient(): Promise<PythonClient | undefined> {
  const what = 'the client in Python';
  if (!(await works('python3', ['-m', 'venv', '--help']))) return missing(what, 'python3');
  return hadOrSkipped(what, async () => {
    const python = await pythonWithGrpc();
    return { python, code: await generated(python) };
  });
}

async function pythonWithGrpc(): Promise<string> {
  const wanted = sha256(readFileSync(requirements)).slice(0, 12);
  const folder = join(cache, `python-${wanted}`);
  const python = join(folder, 'bin/python');
  const done = join(folder, 'complete');
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements], {
      timeout: 5 * minutes,
    });
    writeFileSync(done, '');
  }
  return python;
}

async function generated(python: string): Promise<string> {
  fillThirdParty(); // Not in the repository: a fresh clone lacks them.
  const code = mkdtempSync(join(tmpdir(), 'lianbao-python-'));
  const files = ['kernel/v1/kernel']
    .concat(['party', 'scoring', 'approval'].map((context) => `${context}/v1/${context}_service`))
    .concat(['approval/v1/policy'])
    .map((name) => `lianbao/${name}.proto`);
  await run(
    python,
    [
      ...['-m', 'grpc_tools.protoc', '-I', '.', '-I', 'deps'],
      ...[`--python_out=${code}`, `--grpc_python_out=${code}`],
      ...[...files, 'buf/validate/validate.proto'],
    ],
    { cwd: proto },
  );
  return code;
}

const works = (command: string, args: readonly string[]): Promise<boolean> =>
  run(command, [...args]).then(
    () => true,
    () => false,
  );

/** A tool that could not be installed is a failure under CI, and a loud line elsewhere: there may be no network. */
async function hadOrSkipped<T>(what: string, make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if ((process.env.CI ?? '') !== '') throw error;
    console.warn(`SKIPPED: ${what} is not tried: ${String(error)}`);
    return undefined;
  }
}

function missing(what: string, tool: string): undefined {
  console.warn(`SKIPPED: ${what} is not tried, because ${tool} is not here`);
  return undefined;
}
