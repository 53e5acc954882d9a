import type { PartnerService } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { actOf, type Handlers, readPage } from '@lianbao/grpc';
import type { Clock } from '@lianbao/kernel';
import type { createLender } from '../application/create-lender.ts';
import type { createPlatform } from '../application/create-platform.ts';
import type { delistPlatform, whitelistPlatform } from '../application/list-platform.ts';
import type {
  getLender,
  getPlatform,
  listLenders,
  listPlatforms,
} from '../application/read-partners.ts';
import {
  readLenderGiven,
  readLenderName,
  readPlatformGiven,
  readPlatformName,
  toLender,
  toPlatform,
} from './convert-partner.ts';

export interface PartnerUseCases {
  readonly createPlatform: ReturnType<typeof createPlatform>;
  readonly createLender: ReturnType<typeof createLender>;
  readonly whitelistPlatform: ReturnType<typeof whitelistPlatform>;
  readonly delistPlatform: ReturnType<typeof delistPlatform>;
  readonly getPlatform: ReturnType<typeof getPlatform>;
  readonly listPlatforms: ReturnType<typeof listPlatforms>;
  readonly getLender: ReturnType<typeof getLender>;
  readonly listLenders: ReturnType<typeof listLenders>;
}

export const partnerService = (
  useCases: PartnerUseCases,
  clock: Clock,
): Handlers<typeof PartnerService> => ({
  createPlatform: (request, call) =>
    useCases.createPlatform(actOf(call, request, toPlatform), readPlatformGiven(request)),

  getPlatform: async ({ name }, call) =>
    toPlatform(await useCases.getPlatform(call.caller, readPlatformName(name), call.method)),

  listPlatforms: async (request, call) => {
    const page = readPage(call, request, clock());
    const { items, next } = await useCases.listPlatforms(call.caller, page);
    return {
      platforms: items.map(toPlatform),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },

  createLender: (request, call) =>
    useCases.createLender(actOf(call, request, toLender), readLenderGiven(request)),

  getLender: async ({ name }, call) =>
    toLender(await useCases.getLender(call.caller, readLenderName(name))),

  listLenders: async (request, call) => {
    const page = readPage(call, request, clock());
    const { items, next } = await useCases.listLenders(call.caller, page);
    return {
      lenders: items.map(toLender),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },

  whitelistPlatform: (request, call) =>
    useCases.whitelistPlatform(
      actOf(call, request, toLender),
      readLenderName(request.name),
      readPlatformName(request.platform),
    ),

  delistPlatform: (request, call) =>
    useCases.delistPlatform(
      actOf(call, request, toLender),
      readLenderName(request.name),
      readPlatformName(request.platform),
    ),
});
