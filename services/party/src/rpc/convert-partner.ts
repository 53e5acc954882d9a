/** Platforms and lenders between wire and domain. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type CreateLenderRequest,
  type CreatePlatformRequest,
  type LenderSchema,
  type PlatformSchema,
  Licence as WireLicence,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { readDate, readEnum, readMoney, toDate, toMoney, toTimestamp } from '@lianbao/grpc';
import type { LenderGiven } from '../application/create-lender.ts';
import type { PlatformGiven } from '../application/create-platform.ts';
import type { LenderName, PlatformName } from '../domain/names.ts';
import type { Lender, Licence, Platform } from '../domain/partner.ts';

const wireLicences: Readonly<Record<Licence, WireLicence>> = {
  BANK: WireLicence.BANK,
  LICENSED: WireLicence.LICENSED,
};

// The patterns of names stand in the proto files and were checked before.
export const readPlatformName = (name: string): PlatformName => name as PlatformName;
export const readLenderName = (name: string): LenderName => name as LenderName;

export const readPlatformGiven = (request: CreatePlatformRequest): PlatformGiven => ({
  name: readPlatformName(`platforms/${request.platformId}`),
  displayName: request.displayName,
  identityNumber: request.identityNumber,
});

export const readLenderGiven = (request: CreateLenderRequest): LenderGiven => ({
  name: readLenderName(`lenders/${request.lenderId}`),
  displayName: request.displayName,
  identityNumber: request.identityNumber,
  licence: readEnum(wireLicences, request.licence, 'licence'),
  capital: readMoney(request.capital, 'capital'),
  capitalDate: readDate(request.capitalDate, 'capital_date'),
});

export const toPlatform = (platform: Platform): MessageInitShape<typeof PlatformSchema> => ({
  name: platform.name,
  uid: platform.uid,
  displayName: platform.displayName,
  legalPersonKey: platform.legalPersonKey,
  createTime: toTimestamp(platform.createTime),
  updateTime: toTimestamp(platform.updateTime),
  etag: String(platform.revision),
});

export const toLender = (lender: Lender): MessageInitShape<typeof LenderSchema> => ({
  name: lender.name,
  uid: lender.uid,
  displayName: lender.displayName,
  legalPersonKey: lender.legalPersonKey,
  licence: wireLicences[lender.licence],
  capital: toMoney(lender.capital),
  capitalDate: toDate(lender.capitalDate),
  whitelist: [...lender.whitelist],
  createTime: toTimestamp(lender.createTime),
  updateTime: toTimestamp(lender.updateTime),
  etag: String(lender.revision),
});
