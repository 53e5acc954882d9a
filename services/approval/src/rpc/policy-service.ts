import type { PolicyService } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { actOf, type Handlers, readPage, readTimestamp } from '@lianbao/grpc';
import type { UseCases } from '../application/use-cases.ts';
import { readPolicyContent, toEffectivePolicy, toPolicyVersion } from './convert-policy.ts';

export const policyService = ({ clock, ...use }: UseCases): Handlers<typeof PolicyService> => ({
  createPolicyVersion: (request, call) =>
    use.createPolicyVersion(
      actOf(call, request, toPolicyVersion(call.caller)),
      `policies/${request.policyId}/versions/${request.versionId}`,
      readPolicyContent(request.content),
    ),

  validatePolicyVersion: (request, call) =>
    use.validatePolicyVersion(actOf(call, request, toPolicyVersion(call.caller)), request.name),

  approvePolicyVersion: (request, call) =>
    use.approvePolicyVersion(actOf(call, request, toPolicyVersion(call.caller)), request.name),

  activatePolicyVersion: (request, call) =>
    use.activatePolicyVersion(
      actOf(call, request, toPolicyVersion(call.caller)),
      request.name,
      request.effectiveTime && readTimestamp(request.effectiveTime, 'effective_time'),
    ),

  getPolicyVersion: async ({ name }, { caller }) =>
    toPolicyVersion(caller)(await use.getPolicyVersion(caller, name)),

  listPolicyVersions: async (request, call) => {
    const page = readPage(call, request, clock());
    const policy = request.parent === '' ? undefined : request.parent;
    const { items, next } = await use.listPolicyVersions(call.caller, policy, page);
    return {
      policyVersions: items.map(toPolicyVersion(call.caller)),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },

  getEffectivePolicy: async (_, { caller }) =>
    toEffectivePolicy(await use.getEffectivePolicy(caller)),
});
