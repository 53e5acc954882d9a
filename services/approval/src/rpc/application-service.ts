import type { ApplicationService } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { actOf, fieldInvalid, type Handlers, readPage, readTimestamp } from '@lianbao/grpc';
import type { Caller } from '@lianbao/kernel';
import type { UseCases } from '../application/use-cases.ts';
import {
  readApplicationStates,
  readApplicationTerms,
  readAskedTerms,
  toApplication,
  toBareApplication,
  toEligibility,
} from './convert-application.ts';
import { toDecision, toExplanation, toOffer, toReplay, type Viewer } from './convert-decision.ts';

export const applicationService = ({
  clock,
  ...use
}: UseCases): Handlers<typeof ApplicationService> => ({
  checkEligibility: async (request, { caller, signal }) =>
    toEligibility(await use.checkEligibility(caller, readAskedTerms(request), signal)),

  createApplication: (request, call) =>
    use.createApplication(actOf(call, request, toBareApplication), readApplicationTerms(request)),

  submitApplication: (request, call) =>
    use.submitApplication(actOf(call, request, toApplication), request.name),

  withdrawApplication: (request, call) =>
    use.withdrawApplication(actOf(call, request, toApplication), request.name),

  getApplication: async ({ name }, { caller, method }) =>
    toApplication(await use.getApplication(caller, name, method)),

  listApplications: async (request, call) => {
    const page = readPage(call, request, clock());
    const { parent, states, seller, createTimeMin } = request;
    const filter = {
      parent,
      states: readApplicationStates(states),
      seller: seller === '' ? undefined : seller,
      createTimeMin: createTimeMin && readTimestamp(createTimeMin, 'create_time_min'),
    };
    const { items, next } = await use.listApplications(call.caller, filter, page);
    return {
      applications: items.map(toApplication),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },

  watchApplication: async function* ({ name, resumeToken }, { caller, method, signal }) {
    let token = readResumeToken(resumeToken);
    for await (const shown of use.watchApplication(caller, name, token, method, signal)) {
      token = shown?.application.revision ?? token;
      yield {
        message:
          shown === undefined
            ? { case: 'heartbeat', value: {} }
            : { case: 'application', value: toApplication(shown) },
        resumeToken: token === undefined ? '' : String(token),
      };
    }
  },

  requestManualReview: (request, call) =>
    use.requestManualReview(actOf(call, request, toApplication), request.name),

  getDecision: async ({ name }, { caller, method }) =>
    toDecision(await use.getDecision(caller, name, method), viewerOf(caller)),

  listDecisions: async (request, call) => {
    const page = readPage(call, request, clock());
    const { caller, method } = call;
    const { items, next } = await use.listDecisions(caller, request.parent, page, method);
    return {
      decisions: items.map((stored) => toDecision(stored, viewerOf(caller))),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },

  explainDecision: async ({ name }, { caller, method }) =>
    toExplanation(await use.getDecision(caller, name, method), viewerOf(caller)),

  replayDecision: async ({ name }, { caller, method }) =>
    toReplay(await use.replayDecision(caller, name, method)),

  getOffer: async ({ name }, { caller, method }) =>
    toOffer(await use.getOffer(caller, name, method)),

  listOffers: async (request, call) => {
    const page = readPage(call, request, clock());
    const { items, next } = await use.listOffers(call.caller, request.parent, page, call.method);
    return {
      offers: items.map(toOffer),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },
});

const viewerOf = ({ tenant, kind }: Caller): Viewer => ({ tenant, showsBook: kind !== 'PLATFORM' });

/** The revision that the caller has seen; undefined when it begins. */
function readResumeToken(token: string): bigint | undefined {
  if (token === '') return undefined;
  if (!/^[0-9]{1,18}$/.test(token)) {
    throw fieldInvalid('resume_token', 'resume_token.unknown', 'is not a token of this stream');
  }
  return BigInt(token);
}
