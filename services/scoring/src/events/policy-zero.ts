import { fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { PolicyContentSchema } from '@lianbao/api/lianbao/approval/v1/policy_pb';
import { policyZero as compiledIn } from '@lianbao/api/policy-0';
import { contentHash, type Json } from '@lianbao/kernel';
import type { ScorePolicy } from '../domain/score-refusal.ts';

/** The policy in force before the first is activated. */
export const policyZero: ScorePolicy = (() => {
  const content = fromJson(PolicyContentSchema, compiledIn as unknown as JsonValue);
  const { credit, decision } = content;
  if (credit === undefined || decision === undefined) throw new Error('policy-0 is not whole');
  return {
    hash: contentHash(toJson(PolicyContentSchema, content) as Json),
    monthsWithSalesMin: credit.monthsWithSalesMin,
    recordAgeDaysMax: credit.recordAgeDaysMax,
    scoreAgeDaysMax: decision.scoreAgeDaysMax,
  };
})();
