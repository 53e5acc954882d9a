import { RpcFailure } from '@lianbao/grpc';
import { Refusal } from '@lianbao/kernel';

/** True when the connection went, by its age or by chance: a stream may be taken up again where it was. */
export const brokeOff = (error: unknown): boolean =>
  error instanceof RpcFailure || (error instanceof Refusal && error.kind === 'UNAVAILABLE');
