import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from '@lianbao/api/grpc/health/v1/health_pb';
import { expect, it } from 'vitest';
import { clientOf } from './client.ts';
import { loopback } from './testing/loopback.ts';

const started = async (serving: () => boolean) => {
  const { channel } = await loopback({}, { serving, limits: { healthPollMs: 2 } });
  return clientOf(channel, Health, { retry: false });
};

it('answers by name, without a token', async () => {
  let serving = false;
  const health = await started(() => serving);
  const statuses = async () => {
    const list = await health.list({});
    return Object.fromEntries(
      Object.entries(list.statuses).map(([name, each]) => [name, each.status]),
    );
  };
  const ready = (status: Status) => ({
    '': status,
    readiness: status,
    'lianbao.echo.v1.EchoService': status,
  });
  expect(await statuses()).toEqual({
    ...ready(Status.NOT_SERVING),
    startup: Status.NOT_SERVING,
    liveness: Status.SERVING,
  });
  serving = true;
  expect(await statuses()).toEqual({
    ...ready(Status.SERVING),
    startup: Status.SERVING,
    liveness: Status.SERVING,
  });
  serving = false; // It has started all the same.
  expect(await statuses()).toMatchObject({ ...ready(Status.NOT_SERVING), startup: Status.SERVING });
});

it('does not know other names', async () => {
  const health = await started(() => true);
  await expect(health.check({ service: 'x' })).rejects.toMatchObject({ reason: 'NAME_UNKNOWN' });
  const watch = health.watch({ service: 'x' })[Symbol.asyncIterator]();
  expect((await watch.next()).value).toMatchObject({ status: Status.SERVICE_UNKNOWN });
  await watch.return?.();
});

it('tells each change while it is watched', async () => {
  let serving = true;
  const health = await started(() => serving);
  const seen: Status[] = [];
  for await (const { status } of health.watch({})) {
    seen.push(status);
    serving = !serving;
    if (seen.length === 4) break;
  }
  expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING, Status.SERVING, Status.NOT_SERVING]);
});
