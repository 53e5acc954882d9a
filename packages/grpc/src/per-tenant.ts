import type { Tenant } from '@lianbao/kernel';

/** One value a tenant, made when it is first asked for: tokens and clients speak for one tenant each. */
export function perTenant<T>(make: (tenant: Tenant) => T): (tenant: Tenant) => T {
  const made = new Map<Tenant, T>();
  return (tenant) => {
    const value = made.get(tenant) ?? make(tenant);
    made.set(tenant, value);
    return value;
  };
}
