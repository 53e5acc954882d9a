import type { Json, Uid } from '@lianbao/kernel';
import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { canonicalText, readCanonical } from '../domain/decision/canonical.ts';
import type { PolicyVersion, ReplayReport } from '../domain/policy-version.ts';
import { readStoredPolicy } from '../rpc/convert-policy.ts';

const p = defineEntity.properties;

export const PolicyVersionRow = defineEntity({
  name: 'PolicyVersionRow',
  tableName: 'policy_version',
  properties: {
    tenant: p.string().primary(),
    uid: p.uuid().primary(),
    name: p.string(),
    policy: p.string(),
    state: p.enum(['DRAFT', 'VALIDATED', 'APPROVED', 'ACTIVE', 'RETIRED'] as const),
    content: p.json<Json>(),
    contentHash: p.string().name('content_hash'),
    replayReport: p.json<Json>().name('replay_report').nullable(),
    proposer: p.string(),
    approver: p.string().nullable(),
    effectiveAt: p.datetime().name('effective_at').nullable(),
    revision: p.integer().version(),
    createdAt: p.datetime().name('created_at'),
    updatedAt: p.datetime().name('updated_at'),
  },
});
export type PolicyVersionRow = InferEntity<typeof PolicyVersionRow>;

export const reportJson = (report: ReplayReport): Json => JSON.parse(canonicalText(report)) as Json;

export const policyVersionOf = (row: PolicyVersionRow): PolicyVersion => ({
  uid: row.uid as Uid,
  name: row.name,
  state: row.state,
  content: readStoredPolicy(row.content as Json),
  replayReport: row.replayReport
    ? readCanonical<ReplayReport>(JSON.stringify(row.replayReport))
    : undefined,
  proposer: row.proposer,
  approver: row.approver ?? undefined,
  effectiveTime: row.effectiveAt ?? undefined,
  revision: row.revision,
  createTime: row.createdAt,
  updateTime: row.updatedAt,
});
