/** Policy versions go through the ORM; which one is in force is asked by hand with every decision. */
import { type Json, resourceUid, type Tenant, type Uid } from '@lianbao/kernel';
import { byCreateTime, pageOptions, rowsAfter, slicedBy, sql } from '@lianbao/persistence';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EffectivePolicy, Policies } from '../application/version-ports.ts';
import type { PolicyContent } from '../domain/policy-version.ts';
import { readStoredPolicy } from '../rpc/convert-policy.ts';
import { firstPolicy } from '../rpc/first-policy.ts';
import { timeOrNone } from './columns.ts';
import { PolicyVersionRow, policyVersionOf, reportJson } from './policy-row.ts';

/** Contents by their hash. */
export type RememberedPolicies = Map<string, PolicyContent>;

/** Which version is in force, as a statement brings it along; all null before the first activation. */
export interface ActiveColumns {
  readonly active_version: string | null;
  readonly active_hash: string | null;
  readonly effective_at?: string | null;
}

export interface PolicyReader {
  readonly contentOf: (version: string) => Promise<PolicyContent | undefined>;
  readonly policyContent: Policies['policyContent'];
  readonly inForce: (active: ActiveColumns) => Promise<EffectivePolicy>;
}

export function policyReader(
  em: EntityManager,
  tenant: Tenant,
  remembered: RememberedPolicies,
): PolicyReader {
  const contentOf = async (version: string): Promise<PolicyContent | undefined> => {
    if (version === firstPolicy.version) return firstPolicy.content;
    const { rows } = await sql<{ content: Json }>(
      em,
      'select content from policy_version where uid = $1',
      [resourceUid(tenant, version)],
    );
    return rows[0] && readStoredPolicy(rows[0].content);
  };

  const policyContent: Policies['policyContent'] = async ({ version, hash }) => {
    const known = remembered.get(hash);
    if (known !== undefined) return known;
    const found = await contentOf(version);
    if (found?.hash !== hash) throw new Error(`${version} no longer has the content ${hash}`);
    remembered.set(hash, found);
    return found;
  };

  return {
    contentOf,
    policyContent,
    inForce: async ({ active_version: version, active_hash: hash, effective_at = null }) => {
      if (version === null || hash === null) return firstPolicy;
      const content = await policyContent({ version, hash });
      return { version, content, effectiveTime: timeOrNone(effective_at) };
    },
  };
}

export function policiesOn(em: EntityManager, tenant: Tenant, reader: PolicyReader): Policies {
  const { contentOf, policyContent, inForce } = reader;
  const keyOf = (uid: Uid) => ({ tenant, uid });
  const find = async (uid: Uid, lockMode?: LockMode) => {
    const options = lockMode === undefined ? {} : { lockMode };
    const row = await em.findOne(PolicyVersionRow, keyOf(uid), options);
    return row === null ? undefined : policyVersionOf(row);
  };
  const lock = async (uid: Uid) => {
    // All versions first: another one may come into force at the same time.
    await sql(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [`policy ${tenant}`]);
    return find(uid, LockMode.PESSIMISTIC_WRITE);
  };

  return {
    policyContent,

    policyInForce: async () => {
      const { rows } = await sql<ActiveColumns>(
        em,
        `select name as active_version, content_hash as active_hash, effective_at
           from policy_version where state = 'ACTIVE'`,
      );
      return inForce(rows[0] ?? { active_version: null, active_hash: null });
    },

    storedPolicy: async (version) => {
      try {
        return await contentOf(version);
      } catch {
        return undefined; // No policy can be read from what stands there.
      }
    },

    policyVersion: (name) => find(resourceUid(tenant, name)),
    lockPolicyVersion: (name) => lock(resourceUid(tenant, name)),
    lockPolicyVersionByUid: lock,

    activePolicy: async () => {
      const row = await em.findOne(PolicyVersionRow, { state: 'ACTIVE' });
      return row === null ? undefined : policyVersionOf(row);
    },

    addPolicyVersion: async (version) => {
      const { rows } = await sql(
        em,
        `insert into policy_version (uid, name, policy, state, content, content_hash, proposer,
           revision, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) on conflict do nothing returning uid`,
        [
          version.uid,
          version.name,
          version.name.split('/').slice(0, 2).join('/'),
          version.state,
          JSON.stringify(version.content.json),
          version.content.hash,
          version.proposer,
          version.revision,
          version.createTime,
        ],
      );
      return rows.length > 0;
    },

    savePolicyVersion: async (version) => {
      const row = await em.findOneOrFail(PolicyVersionRow, keyOf(version.uid));
      row.state = version.state;
      row.approver = version.approver ?? null;
      row.effectiveAt = version.effectiveTime ?? null;
      row.replayReport = version.replayReport ? reportJson(version.replayReport) : null;
      row.updatedAt = version.updateTime;
      await em.flush();
      return policyVersionOf(row);
    },

    policyVersions: async (policy, slice) => {
      const named = policy === undefined ? {} : { policy };
      const where = { ...named, ...rowsAfter(slice) };
      const rows = await em.find(PolicyVersionRow, where, pageOptions(slice));
      return slicedBy(rows.map(policyVersionOf), slice.size, byCreateTime);
    },
  };
}
