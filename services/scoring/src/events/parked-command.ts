/** What an operator does at the command line about events that could not be handled. */
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
  inbox: InboxOptions,
  subscriptions: readonly Subscription[],
  words: readonly string[],
): Promise<readonly string[]> {
  const [verb = 'list', tenantName = '', group = '', topic = '', key = ''] = words;
  const tenant = tenantName as Tenant;
  const place = { group, topic, key };
  if (verb === 'list' && words.length < 2) return list(inbox);
  if (verb === 'replay' && words.length === 5) {
    return [await replayParked(inbox.database, tenant, subscriptions, place, inbox)];
  }
  if (verb === 'skip' && words.length > 6) {
    const [person = '', ...reason] = words.slice(5);
    const skip = { ...place, reason: reason.join(' '), actor: `OPERATOR ${person}` };
    const skipped = await skipParked(inbox.database, tenant, skip, inbox.clock());
    return [skipped === undefined ? 'nothing is parked there' : `skipped ${skipped}`];
  }
  throw new RangeError(usage);
}

async function list({ database, tenants }: InboxOptions): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const tenant of tenants) {
    for (const parked of await listParked(database, tenant)) {
      const { epoch, sequence, ...rest } = parked;
      lines.push(
        JSON.stringify({ tenant, ...rest, epoch: String(epoch), sequence: String(sequence) }),
      );
    }
  }
  return lines;
}
