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
import { type Channel, type ClientOf, clientOf, type TokenIssuer } from '@lianbao/grpc';
import type { AuthorityLevel } from '@lianbao/kernel';
import { audience, localTenant } from './all-in-one.ts';
import { keptToken } from './token-keeper.ts';

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

export function marketOn(channel: Channel, issuer: TokenIssuer): Market {
  const clients = (token: () => Promise<string>): Clients => {
    const on = <S extends DescService>(service: S) => clientOf(channel, service, { token });
    return {
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
  };
  const common = { tenant: localTenant, audience };
  return {
    operator: (person) =>
      clients(keptToken(() => issuer.issue({ ...common, caller: 'OPERATOR', person }))),
    bank: (partner, person, level = 'OFFICER') =>
      clients(keptToken(() => issuer.issue({ ...common, caller: 'BANK', partner, person, level }))),
    platform: (partner) =>
      clients(keptToken(() => issuer.issue({ ...common, caller: 'PLATFORM', partner }))),
  };
}
