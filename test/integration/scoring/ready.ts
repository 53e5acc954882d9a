/** What tests of scores begin with, and how they ask. */
import { fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PolicyContentSchema } from '@lianbao/api/lianbao/approval/v1/policy_pb';
import {
  ConsentGrantedSchema,
  SellerRegisteredSchema,
} from '@lianbao/api/lianbao/party/v1/party_events_pb';
import { ConsentPurpose, DataKind } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import {
  RefusalGround,
  type ScoreRefused,
} from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';
import { policyZero } from '@lianbao/api/policy-0';
import { contentHash, type Json } from '@lianbao/kernel';
import { giveChampion, send } from './models.ts';
import { tradeOf } from './records.ts';
import { applicationSubmitted, lender, openWorld, platform, seller, type World } from './world.ts';

export const policyOf = () => fromJson(PolicyContentSchema, policyZero as unknown as JsonValue);

export const policyZeroHash = contentHash(toJson(PolicyContentSchema, policyOf()) as Json);
export const consent = `${seller}/consents/c1`;

/** A champion, a seller with good records, and views that know seller and consent. */
export async function readyWorld(): Promise<World> {
  const world = await openWorld();
  await giveChampion(world);
  await world.tell({
    topic: 'seller',
    subject: seller,
    schema: SellerRegisteredSchema,
    message: { seller, legalPersonKey: 'k1' },
  });
  await send(world, seller, tradeOf(7, 0.9));
  await grant(world);
  await grantSharing(world);
  return world;
}

export const grant = (world: World) =>
  world.tell({
    topic: 'consent',
    subject: consent,
    schema: ConsentGrantedSchema,
    message: {
      consent,
      seller,
      purpose: ConsentPurpose.SCORING,
      dataKinds: [DataKind.INVOICES],
      recipients: [lender],
      expireTime: timestampFromDate(new Date('2020-03-21T00:00:00Z')),
    },
  });

export const sharing = `${seller}/consents/c2`;

/** Lets the bank have the seller's scores. */
export const grantSharing = (world: World) =>
  world.tell({
    topic: 'consent',
    subject: sharing,
    schema: ConsentGrantedSchema,
    message: {
      consent: sharing,
      seller,
      purpose: ConsentPurpose.SHARE_WITH_LENDER,
      dataKinds: [DataKind.SCORES],
      recipients: [lender],
      expireTime: timestampFromDate(new Date('2020-03-21T00:00:00Z')),
    },
  });

export const ask = (number: number, round = 1, of = seller) =>
  applicationSubmitted(`${platform}/applications/a${number}`, policyZeroHash, {
    round,
    seller: of,
  });

const grounds: Readonly<Record<number, string>> = {
  [RefusalGround.RISK]: 'RISK',
  [RefusalGround.DATA]: 'DATA',
};

export const reasonsOf = (refused: ScoreRefused | undefined) =>
  refused?.refusals.map(({ reason, ground }) => `${reason} ${grounds[ground]}`);
