/**
 * Uids are UUIDv5 under one namespace, so that doing a thing twice gives the same id. Every input
 * string that is hashed is made in this file and nowhere else.
 */
import { v5 } from 'uuid';
import type { Tenant, Uid } from './brand.ts';

const namespace = '6f2c1f0e-4b0a-5d6b-9a53-8f6a3c1d2e70';

const uid = (text: string): Uid => v5(text, namespace) as Uid;

/** Of a resource: `<tenant>/<resource name>`. */
export const resourceUid = (tenant: Tenant, name: string): Uid => uid(`${tenant}/${name}`);

/** Of an event: `event/<tenant>/<topic>/<key>/<epoch>/<sequence>`. */
export const eventUid = (
  tenant: Tenant,
  topic: string,
  key: string,
  epoch: bigint,
  sequence: bigint,
): Uid => uid(`event/${tenant}/${topic}/${key}/${epoch}/${sequence}`);

/** Of what the system makes below a parent: `<tenant>/<parent>/<cause>/<round>`; its id in names. */
export const madeUid = (tenant: Tenant, parent: string, cause: string, round: number): Uid =>
  uid(`${tenant}/${parent}/${cause}/${round}`);
