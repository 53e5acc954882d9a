/** The thread that trains: one sample in, one outcome out. */
import { parentPort, workerData } from 'node:worker_threads';
import { TrainingDataUnfit } from '@lianbao/scorecard';
import { type TrainedModel, type TrainingSample, trainOn } from '../domain/training.ts';

export type TrainingOutcome = { readonly trained: TrainedModel } | { readonly unfit: string };

function outcome(): TrainingOutcome {
  try {
    return { trained: trainOn(workerData as TrainingSample) };
  } catch (error) {
    if (error instanceof TrainingDataUnfit) return { unfit: error.why };
    throw error;
  }
}

parentPort?.postMessage(outcome());
