import type { DescFile } from '@bufbuild/protobuf';
import { file_lianbao_approval_v1_approval_events } from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import { file_lianbao_party_v1_party_events } from '@lianbao/api/lianbao/party/v1/party_events_pb';
import type { EventFeedService } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { file_lianbao_scoring_v1_scoring_events } from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';
import type { Handlers } from '@lianbao/grpc';
import type { listEvents } from '../application/list-events.ts';
import { readCursor, readPageSize, toFeedEvent } from './convert-feed.ts';

/** Where the events of the feed are described: all that any service says. */
export const feedFiles: readonly DescFile[] = [
  file_lianbao_party_v1_party_events,
  file_lianbao_scoring_v1_scoring_events,
  file_lianbao_approval_v1_approval_events,
];

export interface FeedUseCases {
  readonly listEvents: ReturnType<typeof listEvents>;
}

export const eventFeedService = (useCases: FeedUseCases): Handlers<typeof EventFeedService> => ({
  listEvents: async ({ afterCursor, pageSize }, { caller }) => {
    const size = readPageSize(pageSize);
    const events = await useCases.listEvents(caller, readCursor(afterCursor), size);
    const last = events.at(-1);
    return {
      events: events.map(toFeedEvent),
      lastCursor: last === undefined ? afterCursor : String(last.cursor),
    };
  },
});
