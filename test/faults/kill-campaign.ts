/** Kills the server at seeded moments while a platform applies, and starts it again on the same home. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Firm } from '../../deploy/local/src/market/market.ts';
import { seededRandom } from '../../deploy/local/src/market/random.ts';
import { type KilledServer, startServer } from './killed-server.ts';
import type { PatientPlatform } from './patient-platform.ts';

export interface CampaignOptions {
  readonly homeFolder: string;
  readonly databaseFolder: string;
  readonly kills: number;
  readonly seed: number;
  readonly platform: PatientPlatform;
  /** Each applies once. */
  readonly firms: readonly Firm[];
}

export interface Campaign {
  /** The last life, which nobody has ended. */
  readonly server: KilledServer;
  /** By what was under way and what was killed. */
  readonly kills: Readonly<Record<'STARTING' | 'PROCESS' | 'BOTH', number>>;
  readonly startsMs: readonly number[];
}

const applicantsAtOnce = 4;
const betweenApplicationsMsMax = 400;
const servedMsMax = 900;
/** One in so many lives ends while it starts. */
const startingEvery = 8;
const startingMsMax = 1_500;

export async function killAgainAndAgain(
  running: KilledServer,
  options: CampaignOptions,
): Promise<Campaign> {
  const { homeFolder, databaseFolder, platform, seed } = options;
  const random = seededRandom(seed);
  const kills = { STARTING: 0, PROCESS: 0, BOTH: 0 };
  const startsMs: number[] = [];
  let server = running;
  platform.meet(await server.serving);
  const load = applyOneByOne(options, () => kills.STARTING + kills.PROCESS + kills.BOTH);
  load.catch(() => undefined); // Told at the end, when it is awaited.
  try {
    for (let count = 0; count < options.kills; count += 1) {
      if (count > 0 && random.below(startingEvery) === 0) {
        await pause(random.below(startingMsMax));
        await server.kill('PROCESS');
        kills.STARTING += 1;
      } else {
        platform.meet(await server.serving);
        if (count > 0) startsMs.push(await server.servesAfterMs);
        await pause(random.below(servedMsMax));
        const how = random.below(2) === 0 ? 'PROCESS' : 'BOTH';
        await server.kill(how);
        kills[how] += 1;
      }
      server = startServer(homeFolder, databaseFolder);
    }
    platform.meet(await server.serving);
    await load;
  } catch (error) {
    await server.kill('PROCESS');
    throw error;
  }
  return { server, kills, startsMs };
}

/** A few a second, until all kills are done; whoever is under way then comes to an end. */
async function applyOneByOne(
  { platform, firms, seed, kills }: CampaignOptions,
  killed: () => number,
): Promise<void> {
  const queue = firms.values();
  const applicant = async (number: number): Promise<void> => {
    const random = seededRandom(seed + 1 + number);
    while (killed() < kills) {
      const next = queue.next();
      if (next.done) throw new Error('there are too few sellers for so many kills');
      await platform.apply(next.value);
      await pause(random.below(betweenApplicationsMsMax));
    }
  };
  await Promise.all(Array.from({ length: applicantsAtOnce }, (_, number) => applicant(number)));
}
