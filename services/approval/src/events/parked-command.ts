/** The operator's command about events that could not be handled: list, replay, or skip with a reason. */
import {
  type InboxOptions,
  listParked,
  replayParked,
  type Subscription,
  skipParked,
} from '@lianbao/events';
import type { Tenant } from '@lianbao/kernel';

const usage =
  'parked | parked replay TENANT GROUP TOPIC KEY | parked skip TENANT GROUP TOPIC KEY PERSON REASON';

/** Lines to print. Throws a RangeError with the usage when the words do not fit. */
export async function parkedCommand(
  options: InboxOptions,
  subscriptions: readonly Subscription[],
  words: readonly string[],
): Promise<readonly string[]> {
  const [verb = 'list', tenant = '', group = '', topic = '', key = '', person, ...rest] = words;
  const place = { group, topic, key };
  if (verb === 'list' && words.length <= 1) {
    const lines: string[] = [];
    for (const each of options.tenants) {
      for (const one of await listParked(options.database, each)) {
        lines.push(JSON.stringify({ tenant: each, ...one }, bigintAsText));
      }
    }
    return lines;
  }
  if (verb === 'replay' && words.length === 5) {
    return [await replayParked(options.database, tenant as Tenant, subscriptions, place, options)];
  }
  const reason = rest.join(' ');
  if (verb === 'skip' && person !== undefined && reason !== '') {
    const skip = { ...place, reason, actor: `OPERATOR ${person}` };
    const id = await skipParked(options.database, tenant as Tenant, skip, options.clock());
    return [id === undefined ? 'nothing is parked there' : `skipped ${id}`];
  }
  throw new RangeError(usage);
}

const bigintAsText = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;
