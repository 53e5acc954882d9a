import { connect } from 'node:http2';
import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { status } from '@grpc/grpc-js';
import { BadRequestSchema } from '@lianbao/api/google/rpc/error_details_pb';
import { StatusSchema } from '@lianbao/api/google/rpc/status_pb';
import { expect, it } from 'vitest';
import { detailsKey } from './status.ts';
import { loopback, tokenFor } from './testing/loopback.ts';

/** One call by bare HTTP/2 frames: what no client library would send. */
async function frames(headers: Record<string, string>, ...body: Buffer[]) {
  const { server } = await loopback({ say: async ({ value }) => ({ value }) });
  const session = connect(`http://${server.address}`);
  const stream = session.request({
    ':method': 'POST',
    ':path': '/lianbao.echo.v1.EchoService/Say',
    'content-type': 'application/grpc',
    te: 'trailers',
    'grpc-timeout': '5S',
    authorization: `Bearer ${await tokenFor()}`,
    ...headers,
  });
  const got: Record<string, unknown> = {};
  for (const event of ['response', 'trailers'] as const) {
    stream.on(event, (each: object) => Object.assign(got, each));
  }
  stream.resume();
  stream.end(Buffer.concat(body));
  await new Promise((resolve) => stream.once('close', resolve));
  session.close();
  const bytes = Buffer.from(String(got[detailsKey] ?? ''), 'base64');
  const violations = fromBinary(StatusSchema, bytes).details.flatMap(
    (part) => anyUnpack(part, BadRequestSchema)?.fieldViolations ?? [],
  );
  return { code: Number(got['grpc-status']), violations };
}

const empty = Buffer.of(0, 0, 0, 0, 0);

it('takes a call by bare frames', async () => {
  expect(await frames({}, empty)).toMatchObject({ code: status.OK });
});

it.each(['5', 'soon', ''])('refuses the timeout %j by name', async (timeout) => {
  expect(await frames({ 'grpc-timeout': timeout }, empty)).toMatchObject({
    code: status.INVALID_ARGUMENT,
    violations: [{ field: 'grpc-timeout' }],
  });
});

it('refuses bytes that do not unzip', async () => {
  const body = Buffer.of(1, 0, 0, 0, 3, 1, 2, 3);
  expect(await frames({ 'grpc-encoding': 'gzip' }, body)).toMatchObject({
    code: status.INVALID_ARGUMENT,
    violations: [{ reason: 'message.malformed' }],
  });
});

it('answers what it cannot decode with UNIMPLEMENTED', async () => {
  const body = Buffer.of(1, 0, 0, 0, 0);
  expect(await frames({ 'grpc-encoding': 'br' }, body)).toMatchObject({
    code: status.UNIMPLEMENTED,
  });
});

it('refuses a body that announces more than it may', async () => {
  const announced = Buffer.of(0, 0x7f, 0xff, 0xff, 0xff, 1);
  expect(await frames({}, announced)).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
});
