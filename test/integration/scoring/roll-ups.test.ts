import { addDays, type CalendarDate } from '@lianbao/kernel';
import { seededRandom } from '@lianbao/scorecard';
import { expect, it } from 'vitest';
import { giveChampion, send } from './models.ts';
import { invoice, type Record, tradeOf } from './records.ts';
import { lender, openWorld, platform, type World } from './world.ts';

const today = '2020-02-21' as CalendarDate;

/** Records and corrections, some of tomorrow, seeded. */
function callsOf(seed: number): Record[][] {
  const random = seededRandom(seed);
  const revisions = new Map<string, number>();
  return Array.from({ length: 6 }, () =>
    Array.from({ length: 25 }, () => {
      const id = `r${random.below(60)}`;
      const revision = (revisions.get(id) ?? 0) + 1;
      revisions.set(id, revision);
      return invoice({
        id,
        revision,
        date: addDays(today, 1 - random.below(800)),
        fen: BigInt(random.below(2_000_000)) - 200_000n,
        taxFen: BigInt(random.below(1_000)),
        purchase: random.below(3) === 0,
        isVoid: random.below(6) === 0,
        counterparty: `C${random.below(5)}`,
      });
    }),
  );
}

// A score is made from roll-ups and replayed from the records themselves.
it('makes from roll-ups, to the bit, what the records themselves give at every watermark', async () => {
  const world = await openWorld();
  await giveChampion(world);
  const scores: string[] = [];
  for (let seed = 1; seed <= 6; seed += 1) {
    const seller = `${platform}/sellers/random-${seed}`;
    world.party.consents.add(`${seller} ${lender} SCORING`);
    world.party.consents.add(`${seller} ${lender} SHARE_WITH_LENDER`);
    await send(world, seller, tradeOf(seed, 0.5, { each: 20 }));
    for (const records of callsOf(seed)) {
      await send(world, seller, records);
      const { name } = await world.bank.scores.scoreSeller({ seller, lender });
      scores.push(name);
    }
  }
  const differences = await differencesIn(world, scores);
  expect(differences).toEqual([]);
  // Tomorrow's records count now; yesterday's scores still replay.
  world.clock.advance(86_400_000);
  for (let seed = 1; seed <= 6; seed += 1) {
    const seller = `${platform}/sellers/random-${seed}`;
    scores.push((await world.bank.scores.scoreSeller({ seller, lender })).name);
  }
  expect(new Set(scores).size).toBe(42);
  expect(await differencesIn(world, scores)).toEqual([]);
});

async function differencesIn(world: World, names: readonly string[]): Promise<unknown[]> {
  const found = [];
  for (const name of names) {
    const { differences } = await world.bank.scores.replayScore({ name });
    found.push(...differences);
  }
  return found;
}
