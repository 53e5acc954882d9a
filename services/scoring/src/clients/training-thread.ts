import { Worker } from 'node:worker_threads';
import { TrainingDataUnfit } from '@lianbao/scorecard';
import type { Trainer } from '../application/ports.ts';
import type { TrainingOutcome } from './training-worker.ts';

const workerFile = new URL('./training-worker.ts', import.meta.url);

/** Trains in a thread of its own, so that calls and events go on; the signal ends the thread. */
export const trainingThread: Trainer = {
  train: (sample, signal) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(workerFile, { workerData: sample });
      const stop = () => {
        reject(signal.reason);
        void worker.terminate();
      };
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      worker.once('message', (outcome: TrainingOutcome) => {
        if ('trained' in outcome) resolve(outcome.trained);
        else reject(new TrainingDataUnfit(outcome.unfit));
      });
      worker.once('error', reject);
      worker.once('exit', (code) => {
        signal.removeEventListener('abort', stop);
        reject(new Error(`the training thread ended with ${code} and no outcome`));
      });
    }),
};
