/**
 * Clients that are not ours, installed outside the repository: grpcurl by Go's module proxy, grpcio by
 * pip. Where the tool that installs them is missing the test says so in one line; under CI a tool that
 * is there must do its work.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256 } from '@lianbao/kernel';

const run = promisify(execFile);
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lianbao');
const grpcurlVersion = 'v1.9.3';
const requirements = join(import.meta.dirname, 'python/requirements.txt');
const proto = join(import.meta.dirname, '../../proto');
const minutes = 60_000;

/** Path of grpcurl, or undefined where there is no Go. */
export async function grpcurl(): Promise<string | undefined> {
  if (!(await works('go', ['version']))) return missing('grpcurl', 'go');
  const folder = join(cache, `grpcurl-${grpcurlVersion}`);
  const path = join(folder, 'grpcurl');
  if (!existsSync(path)) {
    await run('go', ['install', `github.com/fullstorydev/grpcurl/cmd/grpcurl@${grpcurlVersion}`], {
      env: { ...process.env, GOBIN: folder },
      timeout: 8 * minutes,
    });
  }
  return path;
}

export interface PythonClient {
  readonly python: string;
  /** Folder of the code generated from the proto files. */
  readonly code: string;
}

/** Python with grpcio and the code of the contract, or undefined where there is no Python. */
export async function pythonClient(): Promise<PythonClient | undefined> {
  if (!(await works('python3', ['-m', 'venv', '--help']))) return missing('the client', 'python3');
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
  return { python, code: await generated(python) };
}

async function generated(python: string): Promise<string> {
  const code = join(cache, `python-code-${process.pid}`);
  mkdirSync(code, { recursive: true });
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

function missing(what: string, tool: string): undefined {
  console.warn(`SKIPPED: ${what} is not tried, because ${tool} is not here`);
  return undefined;
}
