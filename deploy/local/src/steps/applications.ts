/** An application's course over the public api, from the draft to the decision. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Application,
  ApplicationState,
  type Decision,
  type Offer,
  RepaymentMethod,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { toMoney } from '@lianbao/grpc';
import { fen } from '@lianbao/kernel';
import type { Firm } from '../market/market.ts';
import { askedFen } from '../market/yearly-sales.ts';
import type { Clients } from '../partners.ts';
import { lenderName, platformName, productName } from '../set-up.ts';
import { brokeOff } from './broken-stream.ts';
import { consentNamesOf, sellerNameOf } from './sellers.ts';

export const applicationTermMonths = 12;

/** The amount that its sales suggest, for stock, in equal instalments over a year. */
export const createApplication = ({ applications }: Clients, firm: Firm): Promise<Application> =>
  applications.createApplication({
    parent: platformName,
    applicationId: `a-${firm.code.toLowerCase()}`,
    externalReference: `order-${firm.code}`,
    seller: sellerNameOf(firm),
    lender: lenderName,
    product: productName,
    requestedAmount: toMoney(fen(askedFen(firm.sales12mFen))),
    termMonths: applicationTermMonths,
    purposeCode: 'STOCK',
    repaymentMethod: RepaymentMethod.EQUAL_INSTALMENT,
    consents: consentNamesOf(firm),
    requestId: randomUUID(),
  });

export interface Waited {
  readonly submitted: Application;
  readonly decided: Application;
  /** From the call of SubmitApplication to the message that says the outcome; the machine's clock. */
  readonly submitToDecidedMs: number;
}

const waiting: readonly ApplicationState[] = [ApplicationState.DRAFT, ApplicationState.SUBMITTED];

/** The evidence deadline of the policy is 20 s: then it goes to a person. */
const decideWithinMs = 60_000;
const pauseMs = 100;

/** Submits while it watches, so that the answer is seen the moment it is there. */
export async function submitAndWait(
  { applications }: Clients,
  { name, etag }: Application,
): Promise<Waited> {
  const signal = AbortSignal.timeout(decideWithinMs);
  const requestId = randomUUID();
  let submitted: Application | undefined;
  let startedMs = 0;
  for (let resumeToken = ''; ; ) {
    try {
      const watch = applications.watchApplication({ name, resumeToken }, { signal });
      for await (const { message, resumeToken: token } of watch) {
        resumeToken = token;
        if (submitted === undefined) {
          startedMs = performance.now();
          submitted = await applications.submitApplication({ name, etag, requestId });
        }
        if (message.case !== 'application' || waiting.includes(message.value.state)) continue;
        const submitToDecidedMs = performance.now() - startedMs;
        return { submitted, decided: message.value, submitToDecidedMs };
      }
    } catch (error) {
      if (signal.aborted)
        throw new Error(`${name} was not decided within ${decideWithinMs / 1000} s`);
      if (!brokeOff(error)) throw error;
    }
    await pause(pauseMs); // The stream has ended, which is never an answer.
  }
}

export interface Verdict {
  readonly decision: Decision;
  /** The open offer, where there is one. */
  readonly offer: Offer | undefined;
}

export async function verdictOf(
  { applications }: Clients,
  { name, decision }: Application,
): Promise<Verdict> {
  const [found, { offers }] = await Promise.all([
    applications.getDecision({ name: decision }),
    applications.listOffers({ parent: name }),
  ]);
  return { decision: found, offer: offers[0] };
}
