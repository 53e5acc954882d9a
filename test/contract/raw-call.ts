/** Calls with bytes as they are: what no client of ours would send, and answers before anyone read them. */
import { type DescMethod, fromBinary } from '@bufbuild/protobuf';
import * as grpc from '@grpc/grpc-js';
import { BadRequestSchema, ErrorInfoSchema } from '@lianbao/api/google/rpc/error_details_pb';
import { StatusSchema } from '@lianbao/api/google/rpc/status_pb';
import type { Channel } from '@lianbao/grpc';

export interface RawAnswer {
  /** Name of the gRPC status: `OK`, `INVALID_ARGUMENT`. */
  readonly code: string;
  readonly details: string;
  /** Of ErrorInfo; empty without one. */
  readonly reason: string;
  readonly facts: Readonly<Record<string, string>>;
  /** Paths of BadRequest, in its order. */
  readonly fields: readonly string[];
  /** The answer; of a stream its first message. */
  readonly bytes: Buffer | undefined;
  /** The trailer `lianbao-replayed`. */
  readonly replayed: boolean;
}

export interface RawCall {
  readonly method: DescMethod;
  /** Of the one request; a stream of requests is ended after it. */
  readonly bytes: Uint8Array;
  /** Left out: none is sent. */
  readonly token?: string;
  readonly deadlineMs?: number;
}

const same = (bytes: Buffer): Buffer => bytes;

export function rawCall({ connection }: Channel, call: RawCall): Promise<RawAnswer> {
  const { method, token, deadlineMs = 20_000 } = call;
  const path = `/${method.parent.typeName}/${method.name}`;
  const bytes = Buffer.from(call.bytes);
  const metadata = new grpc.Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  const args = [path, same, same] as const;
  const options = { deadline: Date.now() + deadlineMs };
  return new Promise((resolve) => {
    let first: Buffer | undefined;
    const take = (value: Buffer | undefined) => {
      first ??= value;
    };
    const end = (status: grpc.StatusObject) => resolve(answerOf(status, first));
    if (method.methodKind === 'unary') {
      const heard = (_: grpc.ServiceError | null, value?: Buffer) => take(value); // Before the status.
      connection.makeUnaryRequest(...args, bytes, metadata, options, heard).on('status', end);
      return;
    }
    if (method.methodKind === 'server_streaming') {
      const stream = connection.makeServerStreamRequest(...args, bytes, metadata, options);
      stream.on('error', () => undefined).on('status', end);
      stream.on('data', (value: Buffer) => {
        take(value);
        stream.cancel(); // It would go on for minutes.
      });
      return;
    }
    const stream = connection.makeBidiStreamRequest(...args, metadata, options);
    stream.on('error', () => undefined).on('status', end);
    stream.on('data', take);
    stream.write(bytes);
    stream.end();
  });
}

function answerOf(ended: grpc.StatusObject, first: Buffer | undefined): RawAnswer {
  const { code, details, metadata } = ended;
  const [packed] = metadata.get('grpc-status-details-bin');
  const answer = {
    code: first === undefined ? (grpc.status[code] ?? String(code)) : 'OK',
    details,
    reason: '',
    facts: {},
    fields: [] as string[],
    bytes: first,
    replayed: metadata.get('lianbao-replayed')[0] === 'true',
  };
  if (!Buffer.isBuffer(packed)) return answer;
  for (const { typeUrl, value } of fromBinary(StatusSchema, packed).details) {
    if (typeUrl.endsWith('/google.rpc.ErrorInfo')) {
      const { reason, metadata: facts } = fromBinary(ErrorInfoSchema, value);
      Object.assign(answer, { reason, facts });
    }
    if (typeUrl.endsWith('/google.rpc.BadRequest')) {
      const { fieldViolations } = fromBinary(BadRequestSchema, value);
      answer.fields.push(...fieldViolations.map(({ field }) => field));
    }
  }
  return answer;
}
