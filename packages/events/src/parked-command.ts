/** The operator's command about what could not be taken in: look, replay, or pass it by with a reason. */
import type { Tenant } from '@lianbao/kernel';
import type { InboxOptions } from './inbox.ts';
import { listParked, replayParked, skipParked } from './parked.ts';
import type { Subscription } from './subscription.ts';
import { dismissUnreadable, listUnreadable } from './unreadable.ts';

const usage = `
  parked
  parked list TENANT
  parked replay TENANT GROUP TOPIC KEY
  parked skip TENANT GROUP TOPIC KEY PERSON REASON
  parked unreadable
  parked dismiss TENANT NUMBER PERSON REASON`;

export interface ParkedCommandOptions extends InboxOptions {
  readonly subscriptions: readonly Subscription[];
}

/** Lines to print. Throws a RangeError with the usage when the words do not fit. */
export async function parkedCommand(
  options: ParkedCommandOptions,
  [verb = 'list', ...words]: readonly string[],
): Promise<readonly string[]> {
  const { database, tenants, clock, subscriptions } = options;
  const tenant = words[0] as Tenant;
  if (verb === 'list' && words.length <= 1) {
    const asked = words.length === 0 ? tenants : [tenant];
    return linesOf(asked, (each) => listParked(database, each));
  }
  if (verb === 'unreadable' && words.length === 0) {
    return linesOf(tenants, (each) => listUnreadable(database, each));
  }
  const [, group = '', topic = '', key = '', person, ...reason] = words;
  const place = { group, topic, key };
  if (verb === 'replay' && words.length === 4) {
    return [await replayParked(database, tenant, subscriptions, place, options)];
  }
  if (verb === 'skip' && reason.length > 0) {
    const skip = { ...place, actor: `OPERATOR ${person}`, reason: reason.join(' ') };
    const id = await skipParked(database, tenant, skip, clock());
    return [id === undefined ? 'nothing is parked there' : `skipped ${id}`];
  }
  const [, number = '', who, ...why] = words;
  if (verb === 'dismiss' && why.length > 0 && /^\d{1,18}$/.test(number)) {
    const record = {
      number: BigInt(number),
      actor: `OPERATOR ${who}`,
      reason: why.join(' '),
    };
    const found = await dismissUnreadable(database, tenant, record, clock());
    return [found ? `dismissed ${number}` : 'there is none of that number'];
  }
  throw new RangeError(`use one of${usage}`);
}

async function linesOf<T extends object>(
  tenants: readonly Tenant[],
  read: (tenant: Tenant) => Promise<readonly T[]>,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const tenant of tenants) {
    for (const one of await read(tenant)) lines.push(JSON.stringify({ tenant, ...one }, asText));
  }
  return lines;
}

const asText = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
};
