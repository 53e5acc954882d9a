/**
 * A platform that applies for its sellers and repeats every call that nobody answered with the same
 * request id, however often the server is killed in between.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Application,
  ApplicationService,
  RepaymentMethod,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  type CallOptions,
  type Channel,
  type ClientOf,
  channelTo,
  clientOf,
  heldToken,
  replayedTrailer,
  type TokenIssuer,
  toMoney,
} from '@lianbao/grpc';
import { fen, Refusal } from '@lianbao/kernel';
import { audience, localTenant } from '../../deploy/local/src/local-tenant.ts';
import type { Firm } from '../../deploy/local/src/market/market.ts';
import { askedFen } from '../../deploy/local/src/market/yearly-sales.ts';
import { lenderName, platformName, productName } from '../../deploy/local/src/set-up.ts';
import { consentNamesOf, sellerNameOf } from '../../deploy/local/src/steps/sellers.ts';

/** A submission that was answered OK, and its answer. */
export interface Acknowledged {
  readonly name: string;
  readonly etag: string;
  readonly requestId: string;
  readonly answer: Application;
}

export interface PatientPlatform {
  readonly acknowledged: readonly Acknowledged[];
  /** Calls that had to be made more than once. */
  readonly repeated: () => number;
  /** Calls that were done before, and only their answer had been lost. */
  readonly replayed: () => number;
  /** Where the server is now. */
  meet(address: string): void;
  apply(firm: Firm): Promise<void>;
  /** The same call again, byte for byte. */
  submitAgain(submission: Acknowledged): Promise<Application>;
  /** Calls under way end with an error of their own, and are not repeated. */
  close(): void;
}

type Client = ClientOf<typeof ApplicationService>;

const attemptMs = 2_000;
const repeatAfterMs = 50;

export function patientPlatform(issuer: TokenIssuer): PatientPlatform {
  const token = heldToken(issuer, {
    tenant: localTenant,
    caller: 'PLATFORM',
    partner: platformName,
    audience,
  });
  const acknowledged: Acknowledged[] = [];
  let channel: Channel | undefined;
  let client: Client | undefined;
  let closed = false;
  let repeated = 0;
  let replayed = 0;

  const close = () => {
    channel?.close();
    channel = undefined;
  };

  const untilAnswered = async <T>(
    call: (client: Client, options: CallOptions) => Promise<T>,
  ): Promise<T> => {
    const onTrailers = (trailers: ReadonlyMap<string, string>) => {
      if (trailers.has(replayedTrailer)) replayed += 1;
    };
    for (let attempt = 1; ; attempt += 1) {
      if (closed) throw new Error('the platform has closed');
      const server = client;
      try {
        if (server !== undefined) return await call(server, { onTrailers });
      } catch (error) {
        // Of a server that is gone whatever its connection said counts as no answer.
        if (server === client && !nobodyAnswered(error)) throw error;
        if (attempt === 1) repeated += 1;
      }
      await pause(repeatAfterMs);
    }
  };

  return {
    acknowledged,
    repeated: () => repeated,
    replayed: () => replayed,
    meet: (address) => {
      close();
      channel = channelTo(address);
      client = clientOf(channel, ApplicationService, {
        token,
        deadlineMs: attemptMs,
        retry: false,
      });
    },
    apply: async (firm) => {
      const id = `k-${firm.code.toLowerCase()}`;
      const name = `${platformName}/applications/${id}`;
      const createId = randomUUID();
      const { etag } = await untilAnswered(({ createApplication }, options) =>
        createApplication(
          {
            parent: platformName,
            applicationId: id,
            externalReference: `order-${firm.code}`,
            seller: sellerNameOf(firm),
            lender: lenderName,
            product: productName,
            requestedAmount: toMoney(fen(askedFen(firm.sales12mFen))),
            termMonths: 12,
            purposeCode: 'STOCK',
            repaymentMethod: RepaymentMethod.EQUAL_INSTALMENT,
            consents: consentNamesOf(firm),
            requestId: createId,
          },
          options,
        ),
      );
      const request = { name, etag, requestId: randomUUID() };
      const answer = await untilAnswered(({ submitApplication }, options) =>
        submitApplication(request, options),
      );
      acknowledged.push({ ...request, answer });
    },
    submitAgain: ({ name, etag, requestId }) =>
      untilAnswered(({ submitApplication }, options) =>
        submitApplication({ name, etag, requestId }, options),
      ),
    close: () => {
      closed = true;
      close();
    },
  };
}

/** No answer, or that the first attempt is still under way: api.md says to repeat both. */
const nobodyAnswered = (error: unknown): boolean =>
  error instanceof Refusal &&
  (error.kind === 'UNAVAILABLE' || error.reason === 'REQUEST_IN_PROGRESS');
