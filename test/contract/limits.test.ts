/**
 * What a stranger gets who sends the head of a call and nothing more, for every rpc: an answer at once.
 * Had a server to wait for the message, anyone could fill its memory.
 */
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { rpcName } from '@lianbao/grpc';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Claims, type System, startSystem } from '../support/all-in-one.ts';
import { contractMethods } from './samples.ts';

let system: System;
let session: ClientHttp2Session;
beforeAll(async () => {
  system = await startSystem();
  session = connect(`http://${system.channel.address}`);
});
afterAll(async () => {
  session?.destroy();
  await system?.stop();
});

/** The status that comes before any message was sent. */
function statusOf(name: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const stream = session.request({
    ':method': 'POST',
    ':path': `/${name}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('response', (head) => {
      resolve(Number(head['grpc-status']));
      stream.close(constants.NGHTTP2_CANCEL);
    });
  });
}

const inTime = { 'grpc-timeout': '20S' };
const nobody: Claims = { caller: 'SERVICE', partner: 'nobody' };

it.each(contractMethods.map(rpcName))('%s lets nobody in who may not be there', async (name) => {
  const token = await system.token(nobody);
  const known = { authorization: `Bearer ${token}` };
  const bad = { authorization: `Bearer ${token.slice(0, -8)}AAAAAAAA` };
  expect(await statusOf(name, inTime)).toBe(status.UNAUTHENTICATED);
  expect([status.UNAUTHENTICATED, status.RESOURCE_EXHAUSTED]).toContain(
    await statusOf(name, { ...inTime, ...bad }),
  );
  expect(await statusOf(name, known)).toBe(status.INVALID_ARGUMENT); // It has set no deadline.
  const large = { 'x-large': 'x'.repeat(16_384) };
  expect(await statusOf(name, { ...inTime, ...known, ...large })).toBe(status.RESOURCE_EXHAUSTED);
});
