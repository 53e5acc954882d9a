/** HTTP/2 frame by frame, RFC 9113 and 7541, for what no library would send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export const types = {
  DATA: 0,
  HEADERS: 1,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  CONTINUATION: 9,
};
export const flags = { END_STREAM: 1, END_HEADERS: 4 };

interface Frame {
  readonly type: number;
  readonly stream: number;
  readonly payload: Buffer;
}

const headBytes = 9;

export function frame(
  type: number,
  {
    flag = 0,
    stream = 0,
    payload = Buffer.alloc(0),
  }: { flag?: number; stream?: number; payload?: Buffer } = {},
): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flag, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Literals that are not indexed, without Huffman coding; names and values of up to 16 KiB. */
export const headerBlock = (fields: readonly (readonly [string, string])[]): Buffer =>
  Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));

const prefixMax = 127;

function text(value: string): Buffer {
  const length = value.length;
  if (length < prefixMax) return Buffer.concat([Buffer.from([length]), Buffer.from(value)]);
  const rest = length - prefixMax;
  const low = (rest & 0x7f) | (rest > 0x7f ? 0x80 : 0);
  const bytes = rest > 0x7f ? [prefixMax, low, rest >> 7] : [prefixMax, low];
  return Buffer.concat([Buffer.from(bytes), Buffer.from(value)]);
}

const frameBytesMax = 16_384;

/** A head in as many frames as it needs; it ends nothing but itself. */
export function head(stream: number, fields: readonly (readonly [string, string])[]): Buffer {
  const block = headerBlock(fields);
  const frames: Buffer[] = [];
  for (let at = 0; at < block.length; at += frameBytesMax) {
    const payload = block.subarray(at, at + frameBytesMax);
    const flag = at + frameBytesMax >= block.length ? flags.END_HEADERS : 0;
    frames.push(frame(at === 0 ? types.HEADERS : types.CONTINUATION, { flag, stream, payload }));
  }
  return Buffer.concat(frames);
}

/** The head of a call. */
export const callFields = (path: string, authorization: string): [string, string][] => [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', path],
  [':authority', 'lianbao'],
  ['content-type', 'application/grpc'],
  ['te', 'trailers'],
  ['grpc-timeout', '10S'],
  ['authorization', authorization],
];

interface RawConnection {
  readonly socket: Socket;
  /** The first head or reset that the server sends on a stream. */
  answerOn(stream: number): Promise<Frame>;
  readonly closed: Promise<void>;
}

/** A connection that has sent preface and settings; ended with the test. */
export async function rawConnection(address: string): Promise<RawConnection> {
  const [host, port] = address.split(':');
  const socket = connect({ host: host as string, port: Number(port) });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {});
  const answerOn = async (stream: number): Promise<Frame> => {
    for (;;) {
      const answer = framesIn(Buffer.concat(chunks)).find(
        (each) =>
          each.stream === stream && (each.type === types.HEADERS || each.type === types.RST_STREAM),
      );
      if (answer !== undefined) return answer;
      await once(socket, 'data');
    }
  };
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  socket.write(frame(types.SETTINGS));
  return { socket, closed, answerOn };
}

function framesIn(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + headBytes <= bytes.length; ) {
    const end = at + headBytes + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break; // The rest is still to come.
    const payload = bytes.subarray(at + headBytes, end);
    frames.push({ type: bytes.readUInt8(at + 3), stream: bytes.readUInt32BE(at + 5), payload });
    at = end;
  }
  return frames;
}
