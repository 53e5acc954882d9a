/** One sampler an rpc, looked up by the descriptors: an rpc without one fails the tests that need it. */
import type { DescMethod } from '@bufbuild/protobuf';
import { rpcName } from '@lianbao/grpc';
import { contractServices } from '../../deploy/local/src/partners.ts';
import type { Sampler } from './sample.ts';
import { applicationSamples } from './samples-application.ts';
import { partySamples } from './samples-party.ts';
import { policySamples } from './samples-policy.ts';
import { scoringSamples } from './samples-scoring.ts';
import { taskSamples } from './samples-task.ts';

export const contractMethods: readonly DescMethod[] = contractServices.flatMap(
  ({ methods }) => methods,
);

const samplers = new Map(
  [partySamples, scoringSamples, policySamples, applicationSamples, taskSamples]
    .flat()
    .map((sampler) => [rpcName(sampler.method), sampler]),
);

export function samplerOf(method: DescMethod): Sampler {
  const sampler = samplers.get(rpcName(method));
  if (sampler === undefined) throw new Error(`${rpcName(method)} has no sample`);
  return sampler;
}
