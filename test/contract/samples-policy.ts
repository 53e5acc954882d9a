/** Requests about products and policies that succeed. */
import { randomUUID } from 'node:crypto';
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import {
  DayCount,
  Ground,
  PolicyService,
  ProductService,
  RepaymentMethod,
  Rounding,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { PolicyContentSchema } from '@lianbao/api/lianbao/approval/v1/policy_pb';
import { policyZero } from '@lianbao/api/policy-0';
import { lenderName, wholeYuan } from '../../deploy/local/src/set-up.ts';
import { on, type Sampler } from './sample.ts';
import { operator, type World } from './world.ts';

const requestId = () => randomUUID();

const versionOf = (productId: string, versionId: string) => ({
  productId,
  versionId,
  lenders: [lenderName],
  grounds: [Ground.CREDIT],
  amountMin: wholeYuan(10_000n),
  amountMax: wholeYuan(200_000n),
  termMonthsMin: 1,
  termMonthsMax: 6,
  repaymentMethods: [RepaymentMethod.BULLET],
  purposes: ['STOCK'],
  conventions: {
    engine: 'progressive-1',
    dayCount: DayCount.ACT_365,
    rounding: Rounding.HALF_UP,
  },
  requestId: requestId(),
});

async function newProduct(world: World) {
  const { products } = world.system.market.operator('maker');
  return products.createProductVersion(versionOf(`trial-${world.next()}`, '1'));
}

const contentOf = () => fromJson(PolicyContentSchema, policyZero as unknown as JsonValue);

async function newPolicy(world: World) {
  const { policies } = world.system.market.operator('maker');
  return policies.createPolicyVersion({
    ...{ policyId: 'trial', versionId: `v${world.next()}` },
    ...{ content: contentOf(), requestId: requestId() },
  });
}

async function newValidated(world: World) {
  const { name } = await newPolicy(world);
  const { policies } = world.system.market.operator('maker');
  return policies.validatePolicyVersion({ name, requestId: requestId() });
}

async function newApproved(world: World) {
  const { name, etag } = await newValidated(world);
  const { policies } = world.system.market.operator('checker');
  return policies.approvePolicyVersion({ name, etag, requestId: requestId() });
}

const product = ProductService.method;
const policy = PolicyService.method;

export const policySamples: readonly Sampler[] = [
  on(product.createProductVersion, (world) => {
    const productId = `trial-${world.next()}`;
    const name = `products/${productId}/versions/1`;
    const { products } = world.system.market.operator('checker');
    return {
      claims: operator('maker'),
      request: versionOf(productId, '1'),
      change: () => products.approveProductVersion({ name, etag: '1', requestId: requestId() }),
    };
  }),
  on(product.approveProductVersion, async (world) => {
    const { name, etag } = await newProduct(world);
    const [, productId] = name.split('/') as [string, string];
    return {
      claims: operator('checker'),
      request: { name, etag, requestId: requestId() },
      // The next version retires it.
      change: async () => {
        const { products: made } = world.system.market.operator('maker');
        const { products: checked } = world.system.market.operator('checker');
        const next = await made.createProductVersion(versionOf(productId, '2'));
        await checked.approveProductVersion({
          ...{ name: next.name, etag: next.etag, requestId: requestId() },
        });
      },
    };
  }),
  on(product.getProductVersion, () => ({
    claims: operator('reader'),
    request: { name: 'products/plain-credit/versions/1' },
  })),
  on(product.listProductVersions, () => ({
    claims: operator('reader'),
    request: { parent: 'products/plain-credit' },
  })),

  on(policy.createPolicyVersion, (world) => {
    const versionId = `v${world.next()}`;
    const name = `policies/trial/versions/${versionId}`;
    const { policies } = world.system.market.operator('maker');
    return {
      claims: operator('maker'),
      request: { policyId: 'trial', versionId, content: contentOf(), requestId: requestId() },
      change: () => policies.validatePolicyVersion({ name, requestId: requestId() }),
    };
  }),
  on(policy.validatePolicyVersion, async (world) => {
    const { name } = await newPolicy(world);
    const { policies } = world.system.market.operator('checker');
    return {
      claims: operator('maker'),
      request: { name, requestId: requestId() },
      change: async () => {
        const { etag } = await policies.getPolicyVersion({ name });
        await policies.approvePolicyVersion({ name, etag, requestId: requestId() });
      },
    };
  }),
  on(policy.approvePolicyVersion, async (world) => {
    const { name, etag } = await newValidated(world);
    const { policies } = world.system.market.operator('checker');
    return {
      claims: operator('checker'),
      request: { name, etag, requestId: requestId() },
      change: async () => {
        const now = await policies.getPolicyVersion({ name });
        await policies.activatePolicyVersion({ name, etag: now.etag, requestId: requestId() });
      },
    };
  }),
  on(policy.activatePolicyVersion, async (world) => {
    const { name, etag } = await newApproved(world);
    const next = await newApproved(world);
    const { policies } = world.system.market.operator('checker');
    return {
      claims: operator('checker'),
      request: { name, etag, requestId: requestId() },
      // The next one retires it.
      change: () =>
        policies.activatePolicyVersion({
          ...{ name: next.name, etag: next.etag, requestId: requestId() },
        }),
    };
  }),
  on(policy.getPolicyVersion, () => ({
    claims: operator('reader'),
    request: { name: 'policies/credit/versions/1' },
  })),
  on(policy.listPolicyVersions, () => ({
    claims: operator('reader'),
    request: { parent: 'policies/credit' },
  })),
  on(policy.getEffectivePolicy, () => ({ claims: operator('reader'), request: {} })),
];
