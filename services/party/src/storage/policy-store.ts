import { policyZero } from '@lianbao/api/policy-0';
import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { PartyPolicy } from '../application/ports.ts';

export interface ActivatedPolicy extends PartyPolicy {
  readonly contentHash: string;
  readonly effectiveTime: Date;
}

/** Before the first policy is in force the one that came with the release holds. */
const firstPolicy: PartyPolicy = {
  version: 'policy-0',
  verificationMonthsMax: policyZero.party.verificationMonthsMax,
};

export async function policyInForce(em: EntityManager, now: Date): Promise<PartyPolicy> {
  const { rows } = await sql<{ policy_version: string; verification_months_max: number }>(
    em,
    `select policy_version, verification_months_max from policy_view
      where effective_at <= $1 order by effective_at desc, number desc limit 1`,
    [now],
  );
  const [row] = rows;
  if (row === undefined) return firstPolicy;
  return {
    version: row.policy_version,
    verificationMonthsMax: row.verification_months_max,
  };
}

export async function keepPolicy(em: EntityManager, policy: ActivatedPolicy): Promise<void> {
  await sql(
    em,
    `insert into policy_view (content_hash, policy_version, effective_at, verification_months_max)
     values ($1, $2, $3, $4) on conflict do nothing`,
    [policy.contentHash, policy.version, policy.effectiveTime, policy.verificationMonthsMax],
  );
}
