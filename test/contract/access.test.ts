/** Who may call what, tried on every rpc with a request that would succeed for the right caller. */
import { type DescMethod, toBinary } from '@bufbuild/protobuf';
import { compareAccess, rpcName } from '@lianbao/grpc';
import type { CallerKind } from '@lianbao/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractServices } from '../../deploy/local/src/partners.ts';
import { type Claims, contexts, otherTenant, tenant } from '../support/all-in-one.ts';
import { stateOf } from './database-state.ts';
import { type RawAnswer, rawCall } from './raw-call.ts';
import type { Sample } from './sample.ts';
import { contractMethods, samplerOf } from './samples.ts';
import { settled } from './settled.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ isRehearsal: true });
});
afterAll(() => world?.system.stop());

it('has one row for every rpc of the contract, and none besides', () => {
  expect(compareAccess(world.system.access, contractServices)).toEqual([]);
});

/** Marked E in the contract (api.md 3): the act rests on what the caller saw. */
const onRevision = [
  ...['WhitelistPlatform', 'DelistPlatform', 'BlockSeller', 'UnblockSeller'],
  ...['ProposeGreenListing', 'ApproveGreenListing', 'PromoteModel', 'ApproveProductVersion'],
  ...['ApprovePolicyVersion', 'ActivatePolicyVersion', 'SubmitApplication'],
  ...['WithdrawApplication', 'SubmitOffer', 'DeclineApplication'],
];

/** Marked R: it moves money or liability, or decides who and what counts. */
const once = [
  ...['CreatePlatform', 'CreateLender', 'RecordVerification', 'CreateConsent', 'WithdrawConsent'],
  ...['TrainModel', 'ValidateModel', 'CreateProductVersion', 'CreatePolicyVersion'],
  ...['ValidatePolicyVersion', 'RequestManualReview', ...onRevision],
];

it('requires a request id and an etag where the contract says so, and nowhere else', () => {
  const marked = (mark: 'requestId' | 'etag') =>
    contractMethods
      .filter((method) => world.system.access[rpcName(method)]?.[mark] === 'REQUIRED')
      .map(({ name }) => name)
      .sort();
  expect(marked('etag')).toEqual(onRevision.toSorted());
  expect(marked('requestId')).toEqual(once.toSorted());
});

const kinds: readonly CallerKind[] = ['PLATFORM', 'BANK', 'OPERATOR', 'SERVICE'];

/** A caller of each class, with all that its token can say. */
const strangers: Readonly<Record<CallerKind, Claims>> = {
  PLATFORM: { caller: 'PLATFORM', partner: 'platforms/market' },
  BANK: { caller: 'BANK', partner: 'lenders/bank', person: 'banker', level: 'COMMITTEE' },
  OPERATOR: { caller: 'OPERATOR', person: 'maker' },
  SERVICE: { caller: 'SERVICE', partner: 'approval' },
};

/** What every bank, or every platform, may see; and drafts of the policy, which any bank of a tenant may make. */
const common = [
  'PolicyService/CreatePolicyVersion',
  'PolicyService/ValidatePolicyVersion',
  'ScoreModelService/GetScoreModelVersion',
  'ScoreModelService/ListScoreModelVersions',
  'ProductService/GetProductVersion',
  'ProductService/ListProductVersions',
  'PolicyService/GetPolicyVersion',
  'PolicyService/ListPolicyVersions',
  'PolicyService/GetEffectivePolicy',
];

const namedRpcs = contractMethods.map((method) => [rpcName(method), method] as const);

describe.each(namedRpcs)('%s', (name, method) => {
  const ruleOf = () => {
    const rule = world.system.access[name];
    if (rule === undefined) throw new Error(`${name} has no row`);
    return rule;
  };
  let sample: Sample;
  let before: unknown;
  const send = async (claims: Claims | undefined, changed = sample.message) =>
    rawCall(world.system.channel, {
      method,
      bytes: toBinary(method.input, changed),
      ...(claims === undefined ? {} : { token: await world.system.token(claims) }),
    });

  it('refuses callers of other classes, and those who do not say who they are', async () => {
    sample = await samplerOf(method).make(world);
    await settled(world.system);
    before = await everythingOf(tenant);
    expect(await send(undefined)).toMatchObject({
      ...{ code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_INVALID' },
    });
    for (const kind of kinds.filter((each) => !ruleOf().callers.includes(each))) {
      expect(await send(strangers[kind]), kind).toMatchObject({
        ...{ code: 'PERMISSION_DENIED', reason: 'CALLER_NOT_ALLOWED' },
        facts: { method: name },
      });
    }
    const elsewhere = { ...sample.claims, audience: ['servicing'] };
    expect(await send(elsewhere)).toMatchObject({
      ...{ code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_INVALID' },
    });
  });

  it('tells a stranger of the same class nothing, whether there is something or not', async () => {
    for (const kind of ['PLATFORM', 'BANK'] as const) {
      if (!ruleOf().callers.includes(kind)) continue;
      if (common.some((each) => name.endsWith(`.${each}`))) continue;
      const claims = { ...strangers[kind], partner: kind === 'BANK' ? 'lenders/x' : 'platforms/x' };
      const answers = [await send(claims), await send(claims, withoutTarget(sample))];
      for (const answer of answers) expectNothingSeen(answer, kind);
      expect(answers[1]?.code, kind).toBe(answers[0]?.code);
      expect(answers[1]?.reason, kind).toBe(answers[0]?.reason);
    }
  });

  it('shows another tenant nothing, and changes nothing for it', async () => {
    const answer = await send({ ...sample.claims, tenant: otherTenant });
    expect(answer.code).not.toMatch(/INTERNAL|UNKNOWN|UNAUTHENTICATED/);
    if (isRead(method) || makesItsOwn.test(method.name)) {
      expect(namesIn(answer).filter((each) => !isOf(sample, each))).toEqual([]);
    } else expect(answer.code).not.toBe('OK');
    await settled(world.system);
    expect(await everythingOf(tenant)).toEqual(before);
  });
});

it('takes none of these for a defect of ours', () => {
  expect(world.system.complaints).toEqual([]);
});

/** Refused, or an empty list. */
function expectNothingSeen({ code, reason, bytes }: RawAnswer, kind: string): void {
  if (code === 'OK') expect(bytes?.toString('latin1'), kind).not.toMatch(/platforms\/|lenders\/b/);
  else expect([code, reason], kind).toEqual(['PERMISSION_DENIED', 'CALLER_NOT_ALLOWED']);
}

const isRead = ({ name }: DescMethod): boolean =>
  /^(Get|List|Watch|Check|Explain|Replay|Lease)/.test(name);

/** What a tenant starts with, without anything that is there already. */
const makesItsOwn = /^Create(Platform|Lender|ProductVersion|PolicyVersion)$/;

const namesIn = ({ code, bytes }: RawAnswer): readonly string[] =>
  (code === 'OK' ? (bytes?.toString('latin1') ?? '') : '').match(
    /(platforms|lenders|products|policies|scoreModels)\/[a-z0-9/-]+/g,
  ) ?? [];

/** True of a name that the other tenant said itself, now or when it made something of its own. */
const isOf = ({ method, message }: Sample, name: string): boolean =>
  /^(platforms\/p-|lenders\/l-|products\/trial|policies\/trial)/.test(name) ||
  name === 'products/plain-credit' || // The first policy, which every tenant begins with, names it.
  Buffer.from(toBinary(method.input, message)).includes(name);

/** The same request for a thing that is not there. */
function withoutTarget({ message }: Sample) {
  const changed = { ...message } as unknown as Record<string, unknown> & Sample['message'];
  for (const [field, value] of Object.entries(message)) {
    if (typeof value !== 'string' || !/^(platforms|lenders)\/[^/]+\//.test(value)) continue;
    Object.assign(changed, { [field]: value.replace(/[^/]+$/, '999999') });
  }
  return changed;
}

async function everythingOf(whose: string) {
  const { admin } = world.system;
  const states = await Promise.all(contexts.map((context) => stateOf(admin[context], whose)));
  return Object.fromEntries(contexts.map((context, at) => [context, states[at]]));
}
