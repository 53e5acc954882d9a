import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { PolicyContentSchema } from '@lianbao/api/lianbao/approval/v1/policy_pb';
import { policyZero } from '@lianbao/api/policy-0';
import type { EffectivePolicy } from '../application/version-ports.ts';
import { firstPolicyVersion } from '../domain/policy-version.ts';
import { readPolicyContent } from './convert-policy.ts';

const content = fromJson(PolicyContentSchema, policyZero as unknown as JsonValue);

/** In force before any version was activated. */
export const firstPolicy: EffectivePolicy = {
  version: firstPolicyVersion,
  content: readPolicyContent(content),
  effectiveTime: undefined,
};
