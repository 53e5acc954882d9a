import { type ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import { tooLarge } from './request-reader.ts';
import { statusOfRefusal } from './status.ts';
import { fieldInvalid } from './validation.ts';

/**
 * grpc-js answers some requests before any handler sees them: a message above the limit, a timeout it
 * cannot read, bytes that do not unzip. They get the reason, and the code, that our own layers give.
 */
export const namedStatuses =
  (receiveBytesMax: number): ServerInterceptor =>
  (_method, call) => {
    const send = call.sendStatus.bind(call);
    call.sendStatus = (outcome) => send(named(outcome, receiveBytesMax));
    return call as never;
  };

type Outcome = Parameters<ServerInterceptingCall['sendStatus']>[0];

function named(outcome: Outcome, receiveBytesMax: number): Outcome {
  if (outcome.metadata) return outcome;
  if (outcome.code === status.RESOURCE_EXHAUSTED) return statusOfRefusal(tooLarge(receiveBytesMax));
  if (outcome.code !== status.INTERNAL) return outcome;
  const { details } = outcome;
  if (details.startsWith('Invalid grpc-timeout')) {
    return statusOfRefusal(fieldInvalid('grpc-timeout', 'deadline.malformed', 'is not a timeout'));
  }
  return details === 'Failed to decompress message'
    ? statusOfRefusal(fieldInvalid('', 'message.malformed', 'the message does not decompress'))
    : outcome;
}
