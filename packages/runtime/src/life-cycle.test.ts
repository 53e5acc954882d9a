import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';

interface Running {
  readonly child: ChildProcess;
  /** Resolves with the first line that holds the text. */
  said(text: string): Promise<string>;
  /** Exit code and all that was written. */
  readonly ended: Promise<{ code: number | null; output: string }>;
}

/** Runs a script in a process of its own; `start` is the body of the start function. */
function run(start: string): Running {
  const script = `
    import { createLog, runProcess } from '${import.meta.resolve('./index.ts')}';
    const log = createLog({ service: 'script' });
    await runProcess({ log, start: async () => { ${start} } });
    console.log('serving');
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  return {
    child,
    said: async (text) => {
      for (;;) {
        const line = lines.find((candidate) => candidate.includes(text));
        if (line !== undefined) return line;
        await once(reader, 'line');
      }
    },
    ended: once(child, 'close').then(([code]) => ({ code, output: lines.join('\n') })),
  };
}

const slowStop = `return async () => {
  await new Promise(setImmediate);
  console.log('everything stopped');
};`;

it.each(['SIGTERM', 'SIGINT'] as const)(
  'at %s it stops, waits for the stop and exits with 0',
  async (signal) => {
    const { child, said, ended } = run(slowStop);
    await said('serving');
    child.kill(signal);
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(output).toContain('everything stopped');
    expect(output).toMatch(/"stopping".*"stopped"/s);
  },
);

it.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('exits at once at a second signal, %s', async (signal, exitCode) => {
  const { child, said, ended } = run('return () => new Promise(() => {});');
  await said('serving');
  child.kill(signal);
  await said('stopping');
  child.kill(signal);
  expect(await ended).toMatchObject({ code: exitCode });
});

it('stops what is still starting once it has started', async () => {
  const { child, said, ended } = run(`
    console.log('starting');
    const waiting = setInterval(() => {}, 60_000);
    await new Promise((resolve) => process.once('SIGTERM', resolve));
    clearInterval(waiting);
    ${slowStop}`);
  await said('starting');
  child.kill('SIGTERM');
  const { code, output } = await ended;
  expect(code).toBe(0);
  expect(output).toContain('everything stopped');
});

it.each([
  ['a failed start', `throw new Error('canary');`, 'the start failed'],
  [
    'a rejection nobody handles',
    `Promise.reject(new Error('canary')); return async () => {};`,
    'rejected',
  ],
  [
    'an error nobody catches',
    `queueMicrotask(() => { throw new Error('canary'); }); return async () => {};`,
    'thrown',
  ],
])('logs %s and exits with 1', async (_, start, message) => {
  const { code, output } = await run(start).ended;
  expect(code).toBe(1);
  expect(output).toContain(message);
  expect(output).toContain('canary');
});

it('exits with 1 when the stop fails', async () => {
  const { child, said, ended } = run(`return async () => { throw new Error('canary'); };`);
  await said('serving');
  child.kill('SIGTERM');
  const { code, output } = await ended;
  expect(code).toBe(1);
  expect(output).toContain('the stop failed');
});
