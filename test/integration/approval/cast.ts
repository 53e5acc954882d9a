/** Sound requests, and the steps that most tests begin with. */
import { randomUUID } from 'node:crypto';
import { fromJson, type JsonValue, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type Application,
  ApplicationState,
  type CreateApplicationRequestSchema,
  type CreateProductVersionRequestSchema,
  DayCount,
  Ground,
  RepaymentMethod,
  Rounding,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  type PolicyContent,
  PolicyContentSchema,
} from '@lianbao/api/lianbao/approval/v1/policy_pb';
import { policyZero } from '@lianbao/api/policy-0';
import { consentsOf } from './fake-party.ts';
import { lenderName, platformName, productName, yuan } from './names.ts';
import { openWorld, type World } from './world.ts';

export const requestId = (): string => randomUUID();

export const productRequest = (versionId: string) =>
  ({
    productId: 'plain-credit',
    versionId,
    lenders: [lenderName],
    grounds: [Ground.CREDIT],
    amountMin: yuan(20_000n),
    amountMax: yuan(500_000n),
    termMonthsMin: 1,
    termMonthsMax: 12,
    repaymentMethods: [RepaymentMethod.EQUAL_INSTALMENT, RepaymentMethod.BULLET],
    purposes: ['STOCK', 'EQUIPMENT', 'WAGES', 'TAX', 'LOGISTICS'],
    conventions: {
      engine: 'progressive-1',
      dayCount: DayCount.ACT_360,
      rounding: Rounding.HALF_EVEN,
    },
    requestId: requestId(),
  }) satisfies MessageInitShape<typeof CreateProductVersionRequestSchema>;

/** plain-credit, made by one operator and approved by another. */
export async function setUpProduct(world: World): Promise<void> {
  const made = await world.operator('Maker').products.createProductVersion(productRequest('v1'));
  await world.operator('Checker').products.approveProductVersion({
    name: made.name,
    etag: made.etag,
    requestId: requestId(),
  });
}

/** With plain-credit on offer. */
export async function readyWorld(): Promise<World> {
  const world = await openWorld();
  await setUpProduct(world);
  return world;
}

let count = 0;

export type ApplicationAsked = Exclude<
  MessageInitShape<typeof CreateApplicationRequestSchema>,
  { readonly $typeName: string }
>;

/** Of a seller of its own unless told otherwise. */
export function applicationRequest(asked: Partial<ApplicationAsked> = {}) {
  count += 1;
  const seller = asked.seller ?? `${platformName}/sellers/s${count}`;
  return {
    parent: platformName,
    applicationId: `a${count}`,
    externalReference: `ref-${count}`,
    seller,
    lender: lenderName,
    product: productName,
    requestedAmount: yuan(100_000n),
    termMonths: 12,
    purposeCode: 'STOCK',
    repaymentMethod: RepaymentMethod.EQUAL_INSTALMENT,
    consents: [...consentsOf(seller)],
    requestId: requestId(),
    ...asked,
  };
}

export const draftOf = (world: World, asked: Partial<ApplicationAsked> = {}) =>
  world
    .platform(asked.parent ?? platformName)
    .applications.createApplication(applicationRequest(asked));

export async function submittedOf(
  world: World,
  asked: Partial<ApplicationAsked> = {},
): Promise<Application> {
  const { name, etag } = await draftOf(world, asked);
  return world
    .platform(asked.parent ?? platformName)
    .applications.submitApplication({ name, etag, requestId: requestId() });
}

/** Class C: a person decides. */
export async function referredOf(
  world: World,
  asked: Partial<ApplicationAsked> = {},
): Promise<Application> {
  const { name } = await submittedOf(world, asked);
  await world.score(name, { grade: 'C1', pdPpm: 50_000n, limit: 100_000n });
  return get(world, name);
}

export const get = (world: World, name: string) =>
  world.operator().applications.getApplication({ name });

export const stateOf = async (world: World, name: string): Promise<string> =>
  ApplicationStateName[(await get(world, name)).state] ?? '';

export const ApplicationStateName: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(ApplicationState).map(([name, value]) => [value, name]),
);

export const policyContent = (change: (content: PolicyContent) => void = () => {}) => {
  const content = fromJson(PolicyContentSchema, policyZero as unknown as JsonValue);
  change(content);
  return content;
};

/** Brings a policy into force by three steps and two persons. */
export async function bringIntoForce(
  world: World,
  versionId: string,
  change: (content: PolicyContent) => void = () => {},
): Promise<string> {
  const maker = world.operator('Maker').policies;
  const checker = world.operator('Checker').policies;
  const content = policyContent(change);
  const made = await maker.createPolicyVersion({
    policyId: 'credit',
    versionId,
    content,
    requestId: requestId(),
  });
  const { name } = made;
  const validated = await maker.validatePolicyVersion({ name, requestId: requestId() });
  const approved = await checker.approvePolicyVersion({
    name,
    etag: validated.etag,
    requestId: requestId(),
  });
  await checker.activatePolicyVersion({ name, etag: approved.etag, requestId: requestId() });
  return name;
}

/** The refusal that a call ends in; fails when it succeeds. */
export const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => {
      throw new Error('was not refused');
    },
    (error: unknown) => error,
  );
