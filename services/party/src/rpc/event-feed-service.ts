import type { EventFeedService } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import type { Handlers } from '@lianbao/grpc';
import type { listEvents } from '../application/list-events.ts';
import { readCursor, readPageSize, toFeedEvent } from './convert-feed.ts';

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
