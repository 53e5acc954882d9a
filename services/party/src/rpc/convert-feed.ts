/** The feed between wire and domain. A cursor is its number in decimal. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { FeedEventSchema } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { toTimestamp } from '@lianbao/grpc';
import { unknownCursor } from '../application/list-events.ts';
import type { FeedEvent } from '../application/ports.ts';

const cursor = /^[1-9]\d{0,17}$/;

/** Empty is the beginning. */
export function readCursor(text: string): bigint {
  if (text === '') return 0n;
  if (!cursor.test(text)) throw unknownCursor();
  return BigInt(text);
}

const sizeDefault = 50;
const sizeMax = 500;

export const readPageSize = (size: number): number =>
  size === 0 ? sizeDefault : Math.min(size, sizeMax);

export const toFeedEvent = (event: FeedEvent): MessageInitShape<typeof FeedEventSchema> => ({
  cursor: String(event.cursor),
  eventId: event.eventId,
  subject: event.subject,
  sequence: event.sequence,
  time: toTimestamp(event.time),
  event: { typeUrl: `type.googleapis.com/${event.type}`, value: event.payload },
});
