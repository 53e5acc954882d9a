import type { ScoreModelService } from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { actOf, type Handlers, readPage } from '@lianbao/grpc';
import type { Clock } from '@lianbao/kernel';
import type { promoteModel } from '../application/promote-model.ts';
import type { getModel, listModels } from '../application/read-models.ts';
import type { startTraining } from '../application/start-training.ts';
import type { validateModel } from '../application/validate-model.ts';
import { readTrainingWish, toScoreModel } from './convert-score-model.ts';

export interface ScoreModelUseCases {
  readonly startTraining: ReturnType<typeof startTraining>;
  readonly validateModel: ReturnType<typeof validateModel>;
  readonly promoteModel: ReturnType<typeof promoteModel>;
  readonly getModel: ReturnType<typeof getModel>;
  readonly listModels: ReturnType<typeof listModels>;
}

export const scoreModelService = (
  useCases: ScoreModelUseCases,
  clock: Clock,
): Handlers<typeof ScoreModelService> => ({
  trainModel: (request, call) => {
    const toMessage = toScoreModel(call.caller.tenant);
    return useCases.startTraining(actOf(call, request, toMessage), readTrainingWish(request));
  },

  validateModel: (request, call) =>
    useCases.validateModel(actOf(call, request, toScoreModel(call.caller.tenant)), request.name),

  promoteModel: (request, call) =>
    useCases.promoteModel(actOf(call, request, toScoreModel(call.caller.tenant)), request.name),

  getScoreModelVersion: async ({ name }, { caller: { tenant } }) =>
    toScoreModel(tenant)(await useCases.getModel(tenant, name)),

  listScoreModelVersions: async (request, call) => {
    const { tenant } = call.caller;
    const page = readPage(call, request, clock());
    const { items, next } = await useCases.listModels(tenant, request.parent, page);
    return {
      scoreModelVersions: items.map(toScoreModel(tenant)),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },
});
