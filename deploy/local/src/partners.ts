/** Clients of a running server, each with the token of its caller. */
import type { DescService } from '@bufbuild/protobuf';
import {
  ApplicationService,
  LenderTaskService,
  PolicyService,
  ProductService,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  ConsentService,
  EventFeedService,
  PartnerService,
  SellerService,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import {
  ScoreModelService,
  ScoringService,
  TradingRecordService,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import {
  type Channel,
  type ClientOf,
  clientOf,
  heldToken,
  type TokenClaims,
  type TokenIssuer,
} from '@lianbao/grpc';
import type { AuthorityLevel, Tenant } from '@lianbao/kernel';
import { audience } from './local-tenant.ts';

/** Every service of the contract, in the order in which partners meet them. */
export const contractServices: readonly DescService[] = [
  PartnerService,
  SellerService,
  ConsentService,
  EventFeedService,
  TradingRecordService,
  ScoringService,
  ScoreModelService,
  ProductService,
  PolicyService,
  ApplicationService,
  LenderTaskService,
];

export interface Clients {
  readonly partners: ClientOf<typeof PartnerService>;
  readonly sellers: ClientOf<typeof SellerService>;
  readonly consents: ClientOf<typeof ConsentService>;
  readonly feed: ClientOf<typeof EventFeedService>;
  readonly records: ClientOf<typeof TradingRecordService>;
  readonly scoring: ClientOf<typeof ScoringService>;
  readonly models: ClientOf<typeof ScoreModelService>;
  readonly products: ClientOf<typeof ProductService>;
  readonly policies: ClientOf<typeof PolicyService>;
  readonly applications: ClientOf<typeof ApplicationService>;
  readonly tasks: ClientOf<typeof LenderTaskService>;
}

export interface Market {
  operator(person: string): Clients;
  bank(lender: string, person: string, level?: AuthorityLevel): Clients;
  platform(platform: string): Clients;
}

/** Each caller's clients are made once, so that its token is too. */
export function marketOn(
  channel: Channel,
  { issuer, tenant }: { readonly issuer: TokenIssuer; readonly tenant: Tenant },
): Market {
  const made = new Map<string, Clients>();
  const clients = (who: string, claims: Omit<TokenClaims, 'tenant' | 'audience'>): Clients => {
    const known = made.get(who);
    if (known !== undefined) return known;
    const token = heldToken(issuer, { ...claims, tenant, audience });
    const on = <S extends DescService>(service: S) => clientOf(channel, service, { token });
    const fresh: Clients = {
      partners: on(PartnerService),
      sellers: on(SellerService),
      consents: on(ConsentService),
      feed: on(EventFeedService),
      records: on(TradingRecordService),
      scoring: on(ScoringService),
      models: on(ScoreModelService),
      products: on(ProductService),
      policies: on(PolicyService),
      applications: on(ApplicationService),
      tasks: on(LenderTaskService),
    };
    made.set(who, fresh);
    return fresh;
  };
  return {
    operator: (person) => clients(`operator ${person}`, { caller: 'OPERATOR', person }),
    bank: (partner, person, level = 'OFFICER') =>
      clients(`${partner} ${person} ${level}`, { caller: 'BANK', partner, person, level }),
    platform: (partner) => clients(partner, { caller: 'PLATFORM', partner }),
  };
}
