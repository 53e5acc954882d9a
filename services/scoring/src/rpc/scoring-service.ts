import type { ScoringService } from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { actOf, type Handlers, readPage } from '@lianbao/grpc';
import type { Clock } from '@lianbao/kernel';
import type {
  explainScore,
  getScore,
  listScores,
  replayScore,
} from '../application/read-scores.ts';
import type { scoreSeller } from '../application/score-seller.ts';
import { toExplanation, toReplay, toScore } from './convert-score.ts';

export interface ScoringUseCases {
  readonly scoreSeller: ReturnType<typeof scoreSeller>;
  readonly getScore: ReturnType<typeof getScore>;
  readonly listScores: ReturnType<typeof listScores>;
  readonly explainScore: ReturnType<typeof explainScore>;
  readonly replayScore: ReturnType<typeof replayScore>;
}

export const scoringService = (
  useCases: ScoringUseCases,
  clock: Clock,
): Handlers<typeof ScoringService> => ({
  scoreSeller: (request, call) =>
    useCases.scoreSeller(actOf(call, request, toScore), request.seller, request.lender),

  getScore: async ({ name }, call) => toScore(await useCases.getScore(call, name)),

  listScores: async (request, call) => {
    const page = readPage(call, request, clock());
    const { items, next } = await useCases.listScores(call, request.parent, page);
    return {
      scores: items.map(toScore),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },

  explainScore: async ({ name }, call) => toExplanation(await useCases.explainScore(call, name)),
  replayScore: async ({ name }, call) => toReplay(await useCases.replayScore(call, name)),
});
