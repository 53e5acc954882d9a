/** The floor under every rpc: an echo over grpc-js, at the same rates and as fast as it goes. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import { nowMs } from './clock.ts';
import { echoPath } from './echo-server.ts';
import { type Latency, latencyOf, rounded } from './latency.ts';
import { openLoop, plannedArrivals } from './open-loop.ts';

export interface EchoFloor {
  readonly bytes: number;
  readonly atRates: readonly { readonly perSecond: number; readonly answered: Latency }[];
  /** With so many calls under way at any time. */
  readonly callsAtOnce: number;
  readonly callsPerSecond: number;
  readonly serverCpuMsPerCall: number;
}

const bytes = 512; // About a SubmitApplication and half of its answer.
const callsAtOnce = 64;
const closedLoopMs = 3_000;
const seed = 11;

export async function measureEcho(rates: readonly number[], seconds: number): Promise<EchoFloor> {
  const child = fork(join(import.meta.dirname, 'echo-server.ts'));
  try {
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const payload = Buffer.alloc(bytes, 'x');
    const say = () => call(client, payload);
    await closedLoop(say, 1_000); // Until it is compiled.
    const atRates = [];
    for (const perSecond of rates) {
      atRates.push({ perSecond, answered: await atRate(say, perSecond, seconds) });
    }
    const before = await cpuMsOf(child);
    const count = await closedLoop(say, closedLoopMs);
    const cpuMs = (await cpuMsOf(child)) - before;
    client.close();
    return {
      ...{ bytes, atRates, callsAtOnce },
      callsPerSecond: Math.round(count / (closedLoopMs / 1_000)),
      serverCpuMsPerCall: rounded(cpuMs / count),
    };
  } finally {
    child.disconnect();
  }
}

const call = (client: Client, payload: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const asIs = (some: Buffer) => some;
    client.makeUnaryRequest(echoPath, asIs, asIs, payload, (error) =>
      error === null ? resolve() : reject(error),
    );
  });

async function atRate(
  say: () => Promise<void>,
  perSecond: number,
  seconds: number,
): Promise<Latency> {
  const waitsMs: number[] = [];
  const arrivals = plannedArrivals(seed, perSecond, perSecond * seconds);
  const { settled } = await openLoop(arrivals, async (_, plannedMs) => {
    await say();
    waitsMs.push(nowMs() - plannedMs);
  });
  await settled;
  return latencyOf(waitsMs);
}

/** How many calls ended in that time. */
async function closedLoop(say: () => Promise<void>, forMs: number): Promise<number> {
  const untilMs = nowMs() + forMs;
  let count = 0;
  const worker = async () => {
    for (; nowMs() < untilMs; count += 1) await say();
  };
  await Promise.all(Array.from({ length: callsAtOnce }, worker));
  return count;
}

async function cpuMsOf(child: ChildProcess): Promise<number> {
  child.send('cpu');
  const [{ cpuMs }] = (await once(child, 'message')) as [{ cpuMs: number }];
  return cpuMs;
}
