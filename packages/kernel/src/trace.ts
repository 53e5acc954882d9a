/**
 * The W3C trace context of the work in hand, carried across awaits, rpcs, the outbox and the broker.
 * A traceparent that is not well-formed is replaced, never passed on.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

const shape = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const store = new AsyncLocalStorage<string>();

/** Runs `work` under the given traceparent, or under a new one. */
export const withTrace = <T>(traceparent: string | undefined, work: () => T): T =>
  store.run(
    traceparent !== undefined && shape.test(traceparent) ? traceparent : newTraceparent(),
    work,
  );

export const currentTraceparent = (): string | undefined => store.getStore();

export const currentTraceId = (): string | undefined => store.getStore()?.slice(3, 35);

/** From UUIDs, because Node draws their random bytes in advance: bytes asked for cost a system call each. */
function newTraceparent(): string {
  const traceId = randomUUID().replaceAll('-', '');
  const span = randomUUID();
  const spanId = span.slice(24) + span.slice(9, 13); // Without the digits that say version and variant.
  return `00-${traceId}-${spanId}-01`;
}
