/** `pnpm start`: all services on the home's database, which is filled where it is empty. */
import { channelTo } from '@lianbao/grpc';
import type { Clock, Log } from '@lianbao/kernel';
import { createMeter } from '@lianbao/runtime';
import { startAllInOne } from '../all-in-one.ts';
import { forgetServer, type Home, tellServer } from '../home.ts';
import { type Market, marketOn } from '../partners.ts';
import { nextSteps, standingOf } from './next-steps.ts';
import { removeUnfinished, setUpSmallMarket } from './small-market.ts';

export interface LocalOptions {
  readonly home: Home;
  readonly clock: Clock;
  readonly log: Log;
  /** Taken when it is free. */
  readonly port: number;
  /** Lines for the person at the terminal. */
  readonly say: (line: string) => void;
}

/** Gives the function that stops it. */
export async function serveLocal(options: LocalOptions): Promise<() => Promise<void>> {
  const { home, clock, log, port, say } = options;
  const startMs = performance.now();
  if (await removeUnfinished(home)) {
    say('The set-up of the last start was cut off; it begins anew.');
  }
  const running = await startAllInOne({ home, clock, log, meter: createMeter(), port });
  const channel = channelTo(running.address);
  const stop = async () => {
    forgetServer(home);
    channel.close();
    await running.stop();
  };
  try {
    const market = marketOn(channel, running);
    say(`Lianbao serves party, scoring and approval on ${running.address} (${seconds(startMs)} s)`);
    if (await isEmpty(market)) {
      say('\nThe database is empty: a small synthetic market is set up; no firm in it exists');
      await setUpSmallMarket(home, market, clock, say);
      say(`\nSet up and decided in ${seconds(startMs)} s`);
    }
    tellServer(home, { address: running.address, pid: process.pid });
    const standing = await standingOf(market);
    say(
      `\nThere: ${counted(standing.applications, 'application')}, ${counted(standing.sellers, 'seller')}\n`,
    );
    for (const line of nextSteps(standing)) say(line);
    say(`\nLog: ${home.folder}/server.log. Ctrl-C stops.`);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function isEmpty(market: Market): Promise<boolean> {
  const { platforms } = await market.operator('setup-1').partners.listPlatforms({ pageSize: 1 });
  return platforms.length === 0;
}

const counted = (items: readonly unknown[], what: string): string =>
  `${items.length} ${what}${items.length === 1 ? '' : 's'}`;

const seconds = (sinceMs: number): string => ((performance.now() - sinceMs) / 1000).toFixed(1);
