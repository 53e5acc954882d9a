/** The course of one application as lines: each rpc with its caller and answer, each event with what it says. */
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import type { FeedEvent } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { messageRegistry } from '../message-registry.ts';
import type { Clients } from '../partners.ts';
import { eventLine } from './event-line.ts';

export interface Step {
  readonly kind: 'rpc' | 'event';
  readonly what: string;
  readonly who: string;
  readonly outcome: string;
}

export const stepLine = ({ kind, what, who, outcome }: Step): string =>
  `  ${kind.padEnd(6)}${what.padEnd(42)}${who.padEnd(20)}${outcome}`;

const pageSize = 500;

/** All events that the caller may see, after the cursor. */
export async function eventsAfter(
  { feed }: Clients,
  cursor: string,
): Promise<{ readonly events: readonly FeedEvent[]; readonly cursor: string }> {
  const events: FeedEvent[] = [];
  for (let after = cursor; ; ) {
    const page = await feed.listEvents({ afterCursor: after, pageSize });
    events.push(...page.events);
    after = page.lastCursor;
    if (page.events.length < pageSize) return { events, cursor: after };
  }
}

/** Undefined for an event of which this road has nothing to say. */
export function eventStep({ event }: FeedEvent): Step | undefined {
  const message = event === undefined ? undefined : anyUnpack(event, messageRegistry);
  return message === undefined ? undefined : eventLine(message);
}
