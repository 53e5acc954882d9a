import {
  type Application,
  ApplicationState,
  type WatchApplicationResponse,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { draftOf, readyWorld, requestId, setUpProduct, submittedOf } from './cast.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await readyWorld();
});
afterAll(() => world.close());

const applicationIn = ({ message }: WatchApplicationResponse): Application => {
  if (message.case !== 'application') throw new Error('not an application');
  return message.value;
};

it('shows the whole application first, then at each change, and ends when the caller goes', async () => {
  const { name, etag } = await draftOf(world);
  const leave = new AbortController();
  const stream = world
    .platform()
    .applications.watchApplication({ name }, { signal: leave.signal })
    [Symbol.asyncIterator]();
  const next = async () => {
    const { value } = await stream.next();
    return value as WatchApplicationResponse;
  };
  expect(applicationIn(await next()).state).toBe(ApplicationState.DRAFT);
  await world.platform().applications.submitApplication({ name, etag, requestId: requestId() });
  expect(applicationIn(await next()).state).toBe(ApplicationState.SUBMITTED);
  await world.score(name);
  const last = await next();
  expect(applicationIn(last).state).toBe(ApplicationState.APPROVED);
  expect(last.resumeToken).toBe(applicationIn(last).etag);
  leave.abort();
  await stream.next().catch(() => undefined);
});

it('says nothing again to who has seen it, and hears of other processes’ changes', async () => {
  const { name, etag } = await submittedOf(world);
  const leave = new AbortController();
  const stream = world
    .platform()
    .applications.watchApplication({ name, resumeToken: etag }, { signal: leave.signal })
    [Symbol.asyncIterator]();
  const first = stream.next();
  const other = await world.anotherProcess();
  await world.score(name, { through: other });
  const { value } = await first;
  expect(applicationIn(value as WatchApplicationResponse).state).toBe(ApplicationState.APPROVED);
  leave.abort();
  await stream.next().catch(() => undefined);
});

it('beats its heart while nothing happens, and ends by itself, to be resumed', async () => {
  let elapsedMs = 0;
  // The clock moves five seconds whenever it is read, so that each wait is the shortest there is.
  const elapsed = () => {
    elapsedMs += 5_000;
    return elapsedMs;
  };
  const quick = await openWorld({ watchLimits: { heartbeatMs: 1, lifeMs: 60_000, elapsed } });
  try {
    await setUpProduct(quick);
    const { name, etag } = await draftOf(quick);
    const watch = (resumeToken: string) =>
      quick.platform().applications.watchApplication({ name, resumeToken });
    const said: (readonly [string | undefined, string])[] = [];
    for await (const { message, resumeToken } of watch('')) said.push([message.case, resumeToken]);
    const [first, ...more] = said;
    expect(first).toEqual(['application', etag]);
    expect(more.length).toBeGreaterThan(1);
    expect(new Set(more.map(String))).toEqual(new Set([`heartbeat,${etag}`]));
    for await (const { message } of watch(etag)) expect(message.case).toBe('heartbeat');
  } finally {
    await quick.close();
  }
});

it('is not for others', async () => {
  const { name } = await draftOf(world);
  const stream = world
    .bank('X', 'HEAD', 'lenders/other')
    .applications.watchApplication({ name })
    [Symbol.asyncIterator]();
  await expect(stream.next()).rejects.toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
});
