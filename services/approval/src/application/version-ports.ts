/** What is stored of products and policies, version by version. */
import type { Slice, Sliced, Uid } from '@lianbao/kernel';
import type { VersionRef } from '../domain/decision/facts.ts';
import type { PolicyContent, PolicyVersion } from '../domain/policy-version.ts';
import type { ProductVersion } from '../domain/product-version.ts';

export interface Products {
  productVersion(name: string): Promise<ProductVersion | undefined>;
  /** Its content, which never changes; remembered. */
  pinnedProduct(version: VersionRef): Promise<ProductVersion>;
  /** Nobody else approves a version of its product until the end of the transaction. */
  lockProductVersion(name: string): Promise<ProductVersion | undefined>;
  /** `products/p` */
  approvedProduct(product: string): Promise<ProductVersion | undefined>;
  /** False when the name is taken. */
  addProductVersion(version: ProductVersion): Promise<boolean>;
  saveProductVersion(version: ProductVersion): Promise<ProductVersion>;
  productVersions(product: string | undefined, slice: Slice): Promise<Sliced<ProductVersion>>;
}

export interface Policies {
  /** What is in force now; policy-0 before the first activation. */
  policyInForce(): Promise<EffectivePolicy>;
  /** The content that has this hash; remembered. */
  policyContent(ref: VersionRef): Promise<PolicyContent>;
  /** Read anew, with the hash of what is stored; undefined when it is gone or cannot be read. */
  storedPolicy(version: string): Promise<PolicyContent | undefined>;
  policyVersion(name: string): Promise<PolicyVersion | undefined>;
  /** Nobody else changes a version until the end of the transaction. */
  lockPolicyVersion(name: string): Promise<PolicyVersion | undefined>;
  lockPolicyVersionByUid(uid: Uid): Promise<PolicyVersion | undefined>;
  activePolicy(): Promise<PolicyVersion | undefined>;
  addPolicyVersion(version: PolicyVersion): Promise<boolean>;
  savePolicyVersion(version: PolicyVersion): Promise<PolicyVersion>;
  policyVersions(policy: string | undefined, slice: Slice): Promise<Sliced<PolicyVersion>>;
}

export interface EffectivePolicy {
  readonly version: string;
  readonly content: PolicyContent;
  readonly effectiveTime: Date | undefined;
}
