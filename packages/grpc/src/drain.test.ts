import { status } from '@grpc/grpc-js';
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from '@lianbao/api/grpc/health/v1/health_pb';
import { expect, it } from 'vitest';
import { clientOf } from './client.ts';
import { keptLog, loopback, rawCall, tokenFor } from './testing/loopback.ts';

const say = '/lianbao.echo.v1.EchoService/Say';
const never = () => new Promise<never>(() => {});

it('lets running calls finish, takes no new connection, and then resolves', async () => {
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { client, server } = await loopback(
    {
      say: async ({ value }) => {
        begun.resolve();
        await held.promise;
        return { value };
      },
    },
    { limits: { drainCallsMs: 10_000 } },
  );
  const running = client.say({ value: 'still here' });
  await begun.promise;
  const drained = server.drain();
  await new Promise((resolve) => setImmediate(resolve));
  const late = await rawCall(server.address, say, {
    headers: { authorization: `Bearer ${await tokenFor()}` },
    deadlineMs: 300,
  });
  expect([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]).toContain((late as { code: number }).code);
  held.resolve();
  expect((await running).value).toBe('still here');
  await drained;
});

it('ends open streams with OK, one whose handler never looks included', async () => {
  const { client, server } = await loopback(
    {
      async *count() {
        yield { value: 'one' };
        await never();
      },
      async *talk(requests) {
        for await (const { value } of requests) yield { value };
        yield { value: 'bye' };
      },
    },
    { limits: { drainCallsMs: 10_000 } },
  );
  async function* endless() {
    yield { value: 'first' };
    await never();
  }
  const count = client.count({})[Symbol.asyncIterator]();
  const talk = client.talk(endless())[Symbol.asyncIterator]();
  await Promise.all([count.next(), talk.next()]);
  const drained = server.drain();
  expect(await count.next()).toMatchObject({ done: true });
  expect((await talk.next()).value).toMatchObject({ value: 'bye' });
  expect(await talk.next()).toMatchObject({ done: true });
  await drained;
});

it('cuts calls that outlast the time to drain, and says so', async () => {
  const begun = Promise.withResolvers<void>();
  const { log, entries } = keptLog();
  const { client, server } = await loopback(
    {
      say: () => {
        begun.resolve();
        return never();
      },
    },
    { limits: { drainCallsMs: 50 }, log, client: { token: () => tokenFor(), retry: false } },
  );
  const running = client.say({}, { deadlineMs: 1_000 }).catch((error) => error);
  await begun.promise;
  await server.drain();
  expect(entries.map(({ message }) => message)).toContain('calls were cut while draining');
  expect(await running).toMatchObject({
    reason: 'DEPENDENCY_UNAVAILABLE',
    facts: { cause: 'UNAVAILABLE' }, // Not its deadline.
  });
});

it('is not ready before it stops listening, and alive all the time', async () => {
  const { channel, server } = await loopback({}, { limits: { drainWaitMs: 200, healthPollMs: 5 } });
  const health = clientOf(channel, Health, { retry: false });
  const watch = health.watch({ service: 'readiness' })[Symbol.asyncIterator]();
  expect((await watch.next()).value).toMatchObject({ status: Status.SERVING });
  const drained = server.drain();
  expect((await watch.next()).value).toMatchObject({ status: Status.NOT_SERVING });
  expect(await health.check({ service: 'readiness' })).toMatchObject({
    status: Status.NOT_SERVING,
  });
  expect(await health.check({ service: 'startup' })).toMatchObject({ status: Status.SERVING });
  expect(await health.check({ service: 'liveness' })).toMatchObject({ status: Status.SERVING });
  expect(await watch.next()).toMatchObject({ done: true });
  await drained;
});

it('drains once, however often it is asked', async () => {
  const { server } = await loopback({});
  expect(server.drain()).toBe(server.drain());
  await server.drain();
});
