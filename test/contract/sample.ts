/** A request of an rpc that succeeds, and what it takes to make one. */
import { create, type DescMethod, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import type { Claims } from '../support/all-in-one.ts';
import type { World } from './world.ts';

interface Parts<M extends DescMethod> {
  readonly claims: Claims;
  readonly request: MessageInitShape<M['input']>;
  /** Changes what the answer told of, so that the answer of then is no longer that of now. */
  readonly change?: () => Promise<unknown>;
}

export interface Sample {
  readonly method: DescMethod;
  readonly claims: Claims;
  readonly message: Message;
  readonly change: (() => Promise<unknown>) | undefined;
}

export interface Sampler {
  readonly method: DescMethod;
  make(world: World): Promise<Sample>;
}

export const on = <M extends DescMethod>(
  method: M,
  make: (world: World) => Promise<Parts<M>> | Parts<M>,
): Sampler => ({
  method,
  make: async (world) => {
    const { claims, request, change } = await make(world);
    return { method, claims, message: create(method.input, request), change };
  },
});
