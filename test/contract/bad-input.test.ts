/**
 * Requests that no honest client sends, for every rpc, made from the descriptors: each is refused with
 * INVALID_ARGUMENT naming every broken field at once, and nothing is written. LIANBAO_BAD_REQUESTS asks
 * for more of them (20000 for a campaign), LIANBAO_SEED for others.
 */
import { type DescMethod, type Message, toBinary } from '@bufbuild/protobuf';
import { rpcName } from '@lianbao/grpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../deploy/local/src/market/random.ts';
import { atMost } from '../../deploy/local/src/steps/at-most.ts';
import { type Break, breaksOf, broken, names, overlap } from './breaks.ts';
import { stateOf } from './database-state.ts';
import { type RawAnswer, rawCall } from './raw-call.ts';
import { recordBreaks } from './record-breaks.ts';
import type { Sample } from './sample.ts';
import { contractMethods, samplerOf } from './samples.ts';
import { settled } from './settled.ts';
import { damaged, randomBytes, unfitTexts, wrongTypes } from './wire-faults.ts';
import { startWorld, type World } from './world.ts';

const seed = Number(process.env.LIANBAO_SEED ?? 42);
const perRpc = Math.ceil(
  Number(process.env.LIANBAO_BAD_REQUESTS ?? 4_000) / contractMethods.length,
);
const atOnce = 8;

let world: World;
beforeAll(async () => {
  world = await startWorld({ withModel: false, isRehearsal: true });
});
afterAll(() => world?.system.stop());

let sent = 0;

/** Bytes, and what has to be said of them. */
interface Attempt {
  readonly how: string;
  readonly bytes: Uint8Array;
  readonly codes: readonly string[];
  readonly paths: readonly string[];
}

const refused = ['INVALID_ARGUMENT'];
const contextNames = ['party', 'scoring', 'approval'] as const;

describe.each(contractMethods.map((method) => [rpcName(method), method] as const))(
  '%s',
  (name, method) => {
    it('names every field that is wrong, and writes nothing', async () => {
      const sample = await samplerOf(method).make(world);
      const token = await world.system.token(sample.claims);
      const random = seededRandom(seed * 1_000 + contractMethods.indexOf(method));
      const attempts = [...attemptsOn(sample, random)];
      await settled(world.system);
      const before = await everything();
      const faults: string[] = [];
      await atMost(atOnce, attempts, async ({ how, bytes, codes, paths }) => {
        const answer = await rawCall(world.system.channel, { method, bytes, token });
        const unnamed = paths.filter((path) => !names(answer.fields, path));
        if (codes.includes(answer.code) && unnamed.length === 0) return;
        faults.push(`${how}: ${told(answer)}${unnamed.length > 0 ? `, not ${unnamed}` : ''}`);
      });
      sent += attempts.length;
      expect(faults, `${name}, seed ${seed}`).toEqual([]);
      expect(await everything()).toEqual(before);
    });
  },
);

it('sends as many as it promises, and none of them is taken for a defect of ours', () => {
  expect(sent).toBeGreaterThanOrEqual(perRpc * contractMethods.length);
  expect(world.system.complaints).toEqual([]);
});

async function everything() {
  const { admin } = world.system;
  const states = await Promise.all(contextNames.map((context) => stateOf(admin[context])));
  return Object.fromEntries(contextNames.map((context, at) => [context, states[at]]));
}

const told = ({ code, reason, fields }: RawAnswer): string =>
  `${code} ${reason} names [${fields.join(', ')}]`;

function* attemptsOn({ method, claims, message }: Sample, random: Random): Generator<Attempt> {
  const { input } = method;
  const breaks = allBreaks(method, message, claims.partner ?? '', claims.caller);
  const said = (request: Message) => toBinary(input, request);
  let count = 0;
  const attempt = (how: string, bytes: Uint8Array, codes = refused, paths: string[] = []) => {
    count += 1;
    return { how, bytes, codes, paths };
  };
  for (const some of groups(breaks, random)) yield breaking(some);
  for (const { how, bytes, path } of unfitTexts(input, said(message))) {
    yield attempt(how, bytes, refused, path === undefined ? [] : [path]);
  }
  // What needs no field at all is a read: it may be answered, however odd the request.
  const missing = breaks.find(({ how }) => how === 'missing' || how === '""');
  const spoilt = missing === undefined ? message : broken(input, message, [missing]);
  // A damaged name may be another's: then that is what is said.
  const either = [...refused, 'PERMISSION_DENIED', ...(missing === undefined ? ['OK'] : [])];
  for (const { how, bytes } of wrongTypes(input, said(spoilt))) yield attempt(how, bytes, either);
  for (let turn = 0; turn < 6; turn += 1) {
    yield attempt(`random bytes ${turn}`, randomBytes(random), either);
    yield attempt(`damaged ${turn}`, damaged(random, input, spoilt), either);
  }
  while (count < perRpc) {
    if (breaks.length > 0 && random.below(2) === 0) {
      const [some] = groups(breaks, random);
      yield breaking(some as readonly Break[]);
    } else yield attempt('damaged', damaged(random, input, spoilt), either);
  }

  function breaking(some: readonly Break[]): Attempt {
    const how = some.map((each) => `${each.path} ${each.how}`).join(' and ');
    const paths = some.map(({ path }) => path);
    return attempt(how, said(broken(input, message, some)), refused, paths);
  }
}

function allBreaks(method: DescMethod, message: Message, partner: string, caller: string) {
  const rule = world.system.access[rpcName(method)];
  const own = typeof rule?.own === 'string' ? rule.own : rule?.own?.[caller as 'BANK'];
  const breaks = breaksOf(method.input, message, {
    ownField: own,
    ownPrefix: partner,
    requestIdRequired: rule?.requestId === 'REQUIRED',
    etagRequired: rule?.etag === 'REQUIRED',
  });
  return method.input.fields.some(({ name }) => name === 'records')
    ? [...breaks, ...recordBreaks]
    : breaks;
}

/** Every break once, alone or with up to three others that it does not undo. */
function* groups(breaks: readonly Break[], random: Random): Generator<readonly Break[]> {
  const left = shuffled(breaks, random);
  while (left.length > 0) {
    const size = 1 + random.below(4);
    const group: Break[] = [];
    for (let at = left.length - 1; at >= 0 && group.length < size; at -= 1) {
      const next = left[at] as Break;
      if (group.some((each) => overlap(each, next) || stageOf(each) !== stageOf(next))) continue;
      group.push(next);
      left.splice(at, 1);
    }
    yield group;
  }
}

/** Records are looked at once the request is right as a whole. */
const stageOf = ({ path }: Break): string => (path.startsWith('records[') ? 'records' : 'request');

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const list = [...items];
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [list[at], list[other]] = [list[other] as T, list[at] as T];
  }
  return list;
}
