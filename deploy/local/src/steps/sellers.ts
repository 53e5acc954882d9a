/**
 * Makes a firm a seller who may be scored: registered by the platform, verified by the operator, and its
 * own consents given. Identity numbers, controllers, documents and signatures are synthetic.
 */
import { randomUUID } from 'node:crypto';
import {
  type Consent,
  ConsentForm,
  ConsentPurpose,
  ControllerRole,
  DataKind,
  type Seller,
  SellerKind,
  VerificationDocumentKind,
  VerificationDocumentKindSchema,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { toDate, toMoney, toTimestamp } from '@lianbao/grpc';
import {
  addMonths,
  businessDayOf,
  type Clock,
  fen,
  sha256,
  startOfBusinessDay,
} from '@lianbao/kernel';
import { enumName } from '../enum-name.ts';
import { signatureProviders } from '../local-tenant.ts';
import type { Firm } from '../market/market.ts';
import { derivedNetAssetsFen } from '../market/yearly-sales.ts';
import type { Market } from '../partners.ts';
import { lenderName, platformName } from '../set-up.ts';
import { creditCodeOf } from '../synthetic-identity.ts';

const firstSellerIdentity = 1_000;
const firstControllerIdentity = 10_000_000;
const documentBytes = 1_024n;

const verificationDocuments = [
  VerificationDocumentKind.LICENCE,
  VerificationDocumentKind.OWNERS,
  VerificationDocumentKind.CONTROLLERS,
  VerificationDocumentKind.NET_ASSETS,
] as const;

export const sellerNameOf = ({ code }: Pick<Firm, 'code'>): string =>
  `${platformName}/sellers/${code.toLowerCase()}`;

export const registerSeller = (market: Market, firm: Firm): Promise<Seller> =>
  market.platform(platformName).sellers.createSeller({
    parent: platformName,
    sellerId: firm.code.toLowerCase(),
    kind: SellerKind[firm.kind],
    legalName: firm.legalName,
    identityNumber: creditCodeOf(firstSellerIdentity + firm.number),
    regionCode: firm.regionCode,
    tradeCategory: firm.tradeCategory,
    externalReference: firm.code,
    requestId: randomUUID(),
  });

export function verifySeller(market: Market, firm: Firm, clock: Clock): Promise<Seller> {
  const name = sellerNameOf(firm);
  const today = toDate(businessDayOf(clock()));
  return market.operator('setup-2').sellers.recordVerification({
    name,
    documents: verificationDocuments.map((kind) => ({
      kind,
      document: documentAt(
        `synthetic:${name}/${enumName(VerificationDocumentKindSchema, kind).toLowerCase()}`,
      ),
    })),
    controllers: [
      {
        role: ControllerRole.HOLDER,
        identityNumber: creditCodeOf(firstControllerIdentity + firm.number),
        holdingBps: 10_000,
      },
    ],
    netAssets: toMoney(fen(derivedNetAssetsFen(firm.sales12mFen))),
    netAssetsDate: today,
    verificationDate: today,
    requestId: randomUUID(),
  });
}

const consentTerms = [
  { id: 'scoring', purpose: ConsentPurpose.SCORING, dataKinds: [DataKind.INVOICES] },
  { id: 'share', purpose: ConsentPurpose.SHARE_WITH_LENDER, dataKinds: [DataKind.SCORES] },
] as const;

export const consentNamesOf = (firm: Pick<Firm, 'code'>): string[] =>
  consentTerms.map(({ id }) => `${sellerNameOf(firm)}/consents/${id}`);

/** Both consents that a plain credit needs, for a year. */
export async function giveConsents(market: Market, firm: Firm, clock: Clock): Promise<Consent[]> {
  const seller = sellerNameOf(firm);
  const given: Consent[] = [];
  for (const { id, purpose, dataKinds } of consentTerms) {
    const document = documentAt(`synthetic:${seller}/consents/${id}`);
    const now = clock();
    const consent = await market.platform(platformName).consents.createConsent({
      parent: seller,
      consentId: id,
      purpose,
      dataKinds: [...dataKinds],
      recipients: [lenderName],
      form: ConsentForm.SEPARATE,
      textVersion: '2020-01',
      expireTime: toTimestamp(startOfBusinessDay(addMonths(businessDayOf(now), 12))),
      signature: {
        signatory: seller,
        document,
        provider: signatureProviders[0],
        certificateSerial: '0000000000000001',
        signedHash: document.sha256,
        identityCheck: 'SYNTHETIC',
        signTime: toTimestamp(now),
      },
      requestId: randomUUID(),
    });
    given.push(consent);
  }
  return given;
}

const documentAt = (location: string) => ({
  location,
  sha256: sha256(location),
  mediaType: 'application/pdf',
  sizeBytes: documentBytes,
});
