/** Products come into force by two persons. */
import {
  type Act,
  type Answer,
  type Caller,
  originOfAct,
  parentOf,
  resourceUid,
  type Slice,
  type Sliced,
} from '@lianbao/kernel';
import { canonicalText } from '../domain/decision/canonical.ts';
import { type ProductTerms, productHash } from '../domain/decision/product.ts';
import {
  type ProductVersion,
  productViolations,
  requireApprovable,
} from '../domain/product-version.ts';
import { refusals } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import { notOwn } from './ownership.ts';

export const createProductVersion =
  ({ store, clock }: Dependencies) =>
  (act: Act<ProductVersion>, name: string, terms: ProductTerms): Promise<Answer> => {
    const now = clock();
    const violations = productViolations(terms);
    if (violations.length > 0) throw refusals.FIELD_INVALID({}, { violations });
    return store.once(act, now, async (tx) => {
      const version: ProductVersion = {
        uid: resourceUid(tx.tenant, name),
        name,
        state: 'DRAFT',
        terms,
        hash: productHash(terms),
        maker: act.caller.person,
        approver: undefined,
        revision: 1,
        createTime: now,
        updateTime: now,
      };
      if (!(await tx.addProductVersion(version))) {
        const existing = await tx.productVersion(name);
        const sameContent = String(existing?.hash === version.hash);
        throw refusals.NAME_TAKEN({ existingName: name, sameContent });
      }
      await tx.note(originOfAct(act, now, name), {
        uid: version.uid,
        name,
        content: { state: version.state, terms: canonicalText(terms) },
      });
      return version;
    });
  };

/** The version approved before it becomes RETIRED; what was submitted under that one keeps it. */
export const approveProductVersion =
  ({ store, clock }: Dependencies) =>
  (act: Act<ProductVersion>, name: string): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const version = await tx.lockProductVersion(name);
      if (version === undefined) throw refusals.NAME_UNKNOWN({ name });
      const before = await tx.approvedProduct(parentOf(name));
      requireOwnLenders(act, version, before);
      const approver = act.caller.person;
      requireApprovable(version, approver, act.etag);
      const note = ({ uid, name: changed, state }: ProductVersion) =>
        tx.note(originOfAct(act, now, name), {
          uid,
          name: changed,
          content: { state, by: approver },
        });
      if (before !== undefined) {
        await note(await tx.saveProductVersion({ ...before, state: 'RETIRED', updateTime: now }));
      }
      const approved = { ...version, state: 'APPROVED' as const, approver, updateTime: now };
      const saved = await tx.saveProductVersion(approved);
      await note(saved);
      return saved;
    });
  };

/** A bank brings into force, and takes out of it, what it alone lends. */
function requireOwnLenders(
  { caller: { kind, partner }, method }: Act<never>,
  ...versions: readonly (ProductVersion | undefined)[]
): void {
  const lenders = versions.flatMap((version) => version?.terms.lenders ?? []);
  if (kind === 'BANK' && lenders.some((lender) => lender !== partner)) throw notOwn(method);
}

export const getProductVersion =
  ({ store }: Dependencies) =>
  (caller: Caller, name: string): Promise<ProductVersion> =>
    store.read(caller, async (tx) => {
      const version = await tx.productVersion(name);
      if (version === undefined) throw refusals.NAME_UNKNOWN({ name });
      return version;
    });

export const listProductVersions =
  ({ store }: Dependencies) =>
  (caller: Caller, product: string | undefined, slice: Slice): Promise<Sliced<ProductVersion>> =>
    store.read(caller, (tx) => tx.productVersions(product, slice));
