/** Who and what the tests of party speak of. Every number is made from a seed and passes its standard. */
import { randomUUID } from 'node:crypto';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ConsentForm,
  ConsentPurpose,
  ControllerRole,
  DataKind,
  type Lender,
  Licence,
  type Platform,
  type Seller,
  SellerKind,
  VerificationDocumentKind,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { type CalendarDate, partsOf, sha256 } from '@lianbao/kernel';
import {
  citizenCheckCharacter,
  creditCheckCharacter,
} from '../../../services/party/src/domain/identity.ts';
import type { World } from './world.ts';

let made = 0;

/** A number that no other call of this process gives. */
export const next = (): number => {
  made += 1;
  return made;
};

export const creditCode = (number = next()): string => {
  const body = `91330106${String(number).padStart(9, '0')}`;
  return body + creditCheckCharacter(body);
};

export const citizenNumber = (number = next()): string => {
  const body = `33010619900307${String(number).padStart(3, '0')}`;
  return body + citizenCheckCharacter(body);
};

export const requestId = (): string => randomUUID();
export const cny = (units: bigint) => ({ currencyCode: 'CNY', units });
export const day = (text: string) => partsOf(text as CalendarDate);

export const document = (content = 'document') => ({
  location: 'https://files.example/1',
  sha256: sha256(content),
  mediaType: 'application/pdf',
  sizeBytes: 10n,
});

export async function aPlatform(world: World): Promise<Platform> {
  return world.operator().partners.createPlatform({
    platformId: `p-${next()}`,
    displayName: 'Synthetic Platform',
    identityNumber: creditCode(),
    requestId: requestId(),
  });
}

/** Deals with the platforms given. */
export async function aLender(world: World, ...platforms: readonly string[]): Promise<Lender> {
  let lender = await world.operator().partners.createLender({
    lenderId: `l-${next()}`,
    displayName: 'Synthetic Bank',
    identityNumber: creditCode(),
    licence: Licence.BANK,
    capital: cny(1_000_000_000n),
    capitalDate: day('2026-06-30'),
    requestId: requestId(),
  });
  for (const platform of platforms) {
    const { name, etag } = lender;
    const act = { name, etag, platform, requestId: requestId() };
    lender = await world.bank(name).partners.whitelistPlatform(act);
  }
  return lender;
}

export const sellerGiven = (platform: string, identityNumber = creditCode()) => ({
  parent: platform,
  sellerId: `s-${next()}`,
  kind: SellerKind.COMPANY as SellerKind,
  legalName: '杭州合成电子商务有限公司',
  identityNumber,
  regionCode: '330106',
  tradeCategory: 'F5292',
  externalReference: `ref-${next()}`,
});

export const aSeller = (
  world: World,
  platform: string,
  identityNumber = creditCode(),
): Promise<Seller> =>
  world.platform(platform).sellers.createSeller(sellerGiven(platform, identityNumber));

export const verificationOf = (name: string) => ({
  name,
  documents: [
    VerificationDocumentKind.LICENCE,
    VerificationDocumentKind.OWNERS,
    VerificationDocumentKind.CONTROLLERS,
    VerificationDocumentKind.NET_ASSETS,
  ].map((kind) => ({ kind, document: document(`kind ${kind}`) })),
  controllers: [
    { role: ControllerRole.HOLDER, identityNumber: citizenNumber(), holdingBps: 6_000 },
    { role: ControllerRole.LEGAL_REPRESENTATIVE, identityNumber: citizenNumber(), holdingBps: 0 },
  ],
  netAssets: cny(-2_500_000n),
  netAssetsDate: day('2026-06-30'),
  verificationDate: day('2026-11-24'),
  requestId: requestId(),
});

export const signatureOf = (seller: string, signTime: Date, content = 'consent text') => ({
  signatory: seller,
  document: document(content),
  provider: 'local-sign',
  certificateSerial: '0A1B2C3D4E',
  signedHash: sha256(content),
  identityCheck: 'FACE_AND_ID',
  signTime: timestampFromDate(signTime),
});

const yearMs = 365 * 86_400_000;

export const consentGiven = (world: World, seller: string, ...recipients: string[]) => ({
  parent: seller,
  consentId: `c-${next()}`,
  purpose: ConsentPurpose.SCORING as ConsentPurpose,
  dataKinds: [DataKind.INVOICES] as DataKind[],
  recipients,
  form: ConsentForm.GENERAL as ConsentForm,
  textVersion: 'scoring-1',
  expireTime: timestampFromDate(new Date(world.clock.now().getTime() + yearMs)),
  signature: signatureOf(seller, world.clock.now()),
  requestId: requestId(),
});

export interface Refused {
  readonly reason: string;
  readonly kind: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly violations: readonly { readonly field: string; readonly reason: string }[];
}

export const refusalsOf = (...calls: readonly Promise<unknown>[]): Promise<readonly Refused[]> =>
  Promise.all(calls.map(refusalOf));

/** What a call refuses with; fails when it does not. */
export async function refusalOf(call: Promise<unknown>): Promise<Refused> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'reason' in error) return error as never;
    throw error;
  }
  throw new Error('the call was not refused');
}
