/** Products, conventions and repayment methods between the wire and the domain. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type ConventionsSchema,
  type CreateProductVersionRequest,
  type ProductVersionSchema,
  type Conventions as WireConventions,
  DayCount as WireDayCount,
  Ground as WireGround,
  RepaymentMethod as WireMethod,
  ProductState as WireProductState,
  Rounding as WireRounding,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { fieldInvalid, readEnum, readMoney, toMoney, toTimestamp } from '@lianbao/grpc';
import { fen } from '@lianbao/kernel';
import {
  type Conventions,
  type DayCount,
  defaultConventions,
  type FenRounding,
  type RepaymentMethod,
} from '@lianbao/loan-math';
import type { Ground, ProductTerms } from '../domain/decision/product.ts';
import type { ProductState, ProductVersion } from '../domain/product-version.ts';

export const wireMethods: Readonly<Record<RepaymentMethod, WireMethod>> = {
  EQUAL_INSTALMENT: WireMethod.EQUAL_INSTALMENT,
  BULLET: WireMethod.BULLET,
};

const wireGrounds: Readonly<Record<Ground, WireGround>> = { CREDIT: WireGround.CREDIT };

const wireDayCounts: Readonly<Record<DayCount, WireDayCount>> = {
  ACT_360: WireDayCount.ACT_360,
  ACT_365: WireDayCount.ACT_365,
  THIRTY_360: WireDayCount.THIRTY_360,
};

const wireRoundings: Readonly<Record<FenRounding, WireRounding>> = {
  HALF_EVEN: WireRounding.HALF_EVEN,
  HALF_UP: WireRounding.HALF_UP,
};

const wireStates: Readonly<Record<ProductState, WireProductState>> = {
  DRAFT: WireProductState.DRAFT,
  APPROVED: WireProductState.APPROVED,
  RETIRED: WireProductState.RETIRED,
};

export const readRepaymentMethod = (value: WireMethod, field: string): RepaymentMethod =>
  readEnum(wireMethods, value, field);

export function readProductTerms(request: CreateProductVersionRequest): ProductTerms {
  const { conventions } = request;
  return {
    lenders: request.lenders,
    grounds: request.grounds.map((ground, at) => readEnum(wireGrounds, ground, `grounds[${at}]`)),
    amountMinFen: readMoney(request.amountMin, 'amount_min').minorUnits,
    amountMaxFen: readMoney(request.amountMax, 'amount_max').minorUnits,
    termMonthsMin: request.termMonthsMin,
    termMonthsMax: request.termMonthsMax,
    repaymentMethods: request.repaymentMethods.map((method, at) =>
      readRepaymentMethod(method, `repayment_methods[${at}]`),
    ),
    purposes: request.purposes,
    conventions: readConventions(conventions),
  };
}

function readConventions(conventions: WireConventions | undefined): Conventions {
  if (conventions === undefined) throw fieldInvalid('conventions', 'required', 'is required');
  const { dayCount, rounding } = conventions;
  return {
    ...defaultConventions,
    dayCount: readEnum(wireDayCounts, dayCount, 'conventions.day_count'),
    rounding: readEnum(wireRoundings, rounding, 'conventions.rounding'),
  };
}

export const toConventions = ({
  engine,
  dayCount,
  rounding,
}: Conventions): MessageInitShape<typeof ConventionsSchema> => ({
  engine,
  dayCount: wireDayCounts[dayCount],
  rounding: wireRoundings[rounding],
});

export const toProductVersion = ({
  terms,
  ...version
}: ProductVersion): MessageInitShape<typeof ProductVersionSchema> => ({
  name: version.name,
  uid: version.uid,
  state: wireStates[version.state],
  lenders: [...terms.lenders],
  grounds: terms.grounds.map((ground) => wireGrounds[ground]),
  amountMin: toMoney(fen(terms.amountMinFen)),
  amountMax: toMoney(fen(terms.amountMaxFen)),
  termMonthsMin: terms.termMonthsMin,
  termMonthsMax: terms.termMonthsMax,
  repaymentMethods: terms.repaymentMethods.map((method) => wireMethods[method]),
  purposes: [...terms.purposes],
  conventions: toConventions(terms.conventions),
  maker: version.maker,
  approver: version.approver ?? '',
  createTime: toTimestamp(version.createTime),
  updateTime: toTimestamp(version.updateTime),
  etag: String(version.revision),
});
