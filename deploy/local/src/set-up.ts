/**
 * Brings an empty database to where an application can be decided, through the real rpcs and with
 * three persons, so that even the first policy, product and model have a maker and a checker.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import {
  DayCount,
  Ground,
  RepaymentMethod,
  Rounding,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { PolicyContentSchema } from '@lianbao/api/lianbao/approval/v1/policy_pb';
import { Licence } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import {
  ScoreModelState,
  type ScoreModelVersion,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { policyZero } from '@lianbao/api/policy-0';
import { type CalendarDate, partsOf } from '@lianbao/kernel';
import type { Market } from './partners.ts';
import { creditCodeOf } from './synthetic-identity.ts';

export const platformName = 'platforms/market';
export const lenderName = 'lenders/bank';
export const productName = 'products/plain-credit';

export const wholeYuan = (units: bigint) => ({ currencyCode: 'CNY', units, nanos: 0 });

/** Platform, lender with the platform on its list, product and policy, each brought into force. */
export async function setUpMarket(market: Market, today: CalendarDate): Promise<void> {
  const maker = market.operator('setup-1');
  const checker = market.operator('setup-2');
  const requestId = () => randomUUID();
  await maker.partners.createPlatform({
    platformId: 'market',
    displayName: 'Synthetic market place',
    identityNumber: creditCodeOf(1),
    requestId: requestId(),
  });
  const lender = await maker.partners.createLender({
    lenderId: 'bank',
    displayName: 'Synthetic bank',
    identityNumber: creditCodeOf(2),
    licence: Licence.BANK,
    capital: wholeYuan(100_000_000_000n), // So large that no limit of the lender binds.
    capitalDate: partsOf(today),
    requestId: requestId(),
  });
  await market.bank(lenderName, 'setup-1').partners.whitelistPlatform({
    name: lenderName,
    platform: platformName,
    etag: lender.etag,
    requestId: requestId(),
  });
  const policy = await maker.policies.createPolicyVersion({
    policyId: 'credit',
    versionId: '1',
    content: fromJson(PolicyContentSchema, policyZero as unknown as JsonValue),
    requestId: requestId(),
  });
  const validated = await maker.policies.validatePolicyVersion({
    name: policy.name,
    requestId: requestId(),
  });
  const approved = await checker.policies.approvePolicyVersion({
    name: policy.name,
    etag: validated.etag,
    requestId: requestId(),
  });
  await checker.policies.activatePolicyVersion({
    name: policy.name,
    etag: approved.etag,
    requestId: requestId(),
  });
  const product = await maker.products.createProductVersion({
    productId: 'plain-credit',
    versionId: '1',
    lenders: [lenderName],
    grounds: [Ground.CREDIT],
    amountMin: wholeYuan(20_000n),
    amountMax: wholeYuan(500_000n),
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
  });
  await checker.products.approveProductVersion({
    name: product.name,
    etag: product.etag,
    requestId: requestId(),
  });
}

export interface Label {
  readonly seller: string;
  readonly bad: boolean;
}

/** The default rate that the demo expects of a whole book over years: 3 %. */
export const centralTendencyPpm = 30_000n;

/** Trains, validates and promotes the first model; three persons, as for any other. */
export async function setUpModel(
  market: Market,
  labels: readonly Label[],
  asOf: CalendarDate,
): Promise<ScoreModelVersion> {
  const [maker, validator, promoter] = [1, 2, 3].map((each) =>
    market.operator(`setup-${each}`),
  ) as [
    ReturnType<Market['operator']>,
    ReturnType<Market['operator']>,
    ReturnType<Market['operator']>,
  ];
  const started = await maker.models.trainModel({
    scoreModelId: 'invoices',
    versionId: '1',
    asOf: partsOf(asOf),
    centralTendencyPpm,
    labels: labels.map((label) => ({ ...label, observedDate: partsOf(asOf) })),
    requestId: randomUUID(),
  });
  const draft = await whenTrained(maker, started.name);
  const validated = await validator.models.validateModel({
    name: draft.name,
    etag: draft.etag,
    requestId: randomUUID(),
  });
  return promoter.models.promoteModel({
    name: draft.name,
    etag: validated.etag,
    requestId: randomUUID(),
  });
}

async function whenTrained(
  operator: ReturnType<Market['operator']>,
  name: string,
): Promise<ScoreModelVersion> {
  for (;;) {
    const model = await operator.models.getScoreModelVersion({ name });
    if (model.state === ScoreModelState.DRAFT) return model;
    if (model.state !== ScoreModelState.TRAINING) {
      throw new Error(`the training of ${name} failed: ${model.failure}`);
    }
    await pause(50);
  }
}
