import type { TradingRecordService } from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { actOf, type Handlers } from '@lianbao/grpc';
import { businessDayOf, type Clock } from '@lianbao/kernel';
import type { getTradingCoverage } from '../application/get-trading-coverage.ts';
import type {
  submitTradingRecords,
  takeStreamedRecords,
} from '../application/submit-trading-records.ts';
import { toCoverage } from './convert-score.ts';
import { readRecords, toStreamResponse, toSubmitResponse } from './convert-trading-record.ts';

export interface TradingRecordUseCases {
  readonly submitTradingRecords: ReturnType<typeof submitTradingRecords>;
  readonly takeStreamedRecords: ReturnType<typeof takeStreamedRecords>;
  readonly getTradingCoverage: ReturnType<typeof getTradingCoverage>;
}

export const tradingRecordService = (
  useCases: TradingRecordUseCases,
  clock: Clock,
): Handlers<typeof TradingRecordService> => ({
  submitTradingRecords: (request, call) =>
    useCases.submitTradingRecords(actOf(call, request, toSubmitResponse), {
      seller: request.parent,
      records: readRecords(request.records, businessDayOf(clock())),
    }),

  // One message at a time: the next is read when the last is stored and its answer is on its way.
  streamTradingRecords: async function* (requests, call) {
    const sending = { ...call, requestId: undefined };
    let position = 0;
    for await (const { parent, records } of requests) {
      const read = readRecords(records, businessDayOf(clock()), position);
      position += 1;
      yield toStreamResponse(
        await useCases.takeStreamedRecords(sending, { seller: parent, records: read }),
      );
    }
  },

  getTradingCoverage: async (request, call) =>
    toCoverage(await useCases.getTradingCoverage(call, request.seller)),
});
