/** Calls by Node's http2 alone, whose flow control is in the test's hands: what is not read stays with the server. */
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { onTestFinished } from 'vitest';

/** A session that ends with the test; errors of its own are part of what is tested. */
export function rawSession(address: string): ClientHttp2Session {
  const session = connect(`http://${address}`);
  session.on('error', () => {});
  onTestFinished(() => session.destroy());
  return session;
}

/** The head of a call; messages are the caller's matter. */
export function rawStream(
  session: ClientHttp2Session,
  path: string,
  headers: Readonly<Record<string, string | undefined>> = {},
): ClientHttp2Stream {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    'grpc-timeout': '10S',
    ...headers,
  });
  stream.on('error', () => {});
  return stream;
}

/** One message in the frame of gRPC: not compressed, its length, its bytes. */
export function framed(bytes: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.byteLength, 1);
  return Buffer.concat([head, bytes]);
}
