import { type Act, currentTraceId, type Origin, originOfAct } from '@lianbao/kernel';

/** Records and scores may come without a request id: then the trace of the call stands for it. */
export const originOf = (
  act: Pick<Act<never>, 'caller' | 'method' | 'requestId'>,
  time: Date,
  correlation: string,
): Origin => ({
  ...originOfAct(act, time, correlation),
  causationId: act.requestId ?? currentTraceId() ?? '',
});
