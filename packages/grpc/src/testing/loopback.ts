/** A real server on loopback with an issuer of its own, and clients of it; ended with the test. */
import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  LocalizedMessageSchema,
  RetryInfoSchema,
} from '@lianbao/api/google/rpc/error_details_pb';
import { StatusSchema } from '@lianbao/api/google/rpc/status_pb';
import { type Log, type LogFields, type Meter, silentLog, silentMeter } from '@lianbao/kernel';
import { onTestFinished } from 'vitest';
import type { AccessTable } from '../access.ts';
import { type Channel, channelTo } from '../channel.ts';
import { type ClientOf, type ClientOptions, clientOf } from '../client.ts';
import { type Binding, bind, type Handlers } from '../handlers.ts';
import { newIssuerKeys, readIssuerKeys } from '../issuer-keys.ts';
import type { ServerLimits } from '../limits.ts';
import { type RunningServer, serve } from '../serve.ts';
import type { ServerTls } from '../server-tls.ts';
import { detailsKey } from '../status.ts';
import { type TokenClaims, tokenIssuer } from '../token-issuer.ts';
import { tokenVerifier } from '../token-verifier.ts';
import { EchoService, echoAccess } from './echo-service.ts';

export const keys = readIssuerKeys(await newIssuerKeys());

export const platform: TokenClaims = {
  tenant: 'local',
  caller: 'PLATFORM',
  partner: 'platforms/p',
  audience: ['echo', 'party'],
};

export const tokenFor = (claims: Partial<TokenClaims> = {}): Promise<string> =>
  tokenIssuer(keys).issue({ ...platform, ...claims });

export interface Entry {
  readonly level: string;
  readonly fields: LogFields;
  readonly message: string;
}

/** A log that keeps what it is told. */
export function keptLog(): { log: Log; entries: Entry[] } {
  const entries: Entry[] = [];
  const keep = (level: string) => (fields: LogFields, message: string) =>
    void entries.push({ level, fields, message });
  const log: Log = {
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    child: () => log,
  };
  return { log, entries };
}

export interface KeptMeter extends Meter {
  /** How often a counter has counted, over all labels or those that have one of these values. */
  counted(name: string, label?: string): number;
  /** The same of durations. */
  observed(name: string, label?: string): number;
}

/** A meter that keeps what is counted and timed. */
export function keptMeter(): KeptMeter {
  const counts: Kept[] = [];
  const times: Kept[] = [];
  return {
    count: (name, labels = {}) => void counts.push({ name, values: Object.values(labels) }),
    gauge: silentMeter.gauge,
    observeSeconds: (name, _seconds, labels = {}) =>
      void times.push({ name, values: Object.values(labels) }),
    counted: (name, label) => among(counts, name, label),
    observed: (name, label) => among(times, name, label),
  };
}

interface Kept {
  readonly name: string;
  readonly values: readonly string[];
}

const among = (all: readonly Kept[], wanted: string, label: string | undefined): number =>
  all.filter(({ name, values }) => name === wanted && (!label || values.includes(label))).length;

export interface LoopbackOptions {
  readonly access?: AccessTable;
  readonly limits?: Partial<ServerLimits>;
  readonly log?: Log;
  readonly meter?: Meter;
  readonly serving?: () => boolean;
  readonly tls?: ServerTls;
  readonly bindings?: readonly Binding[];
  readonly client?: ClientOptions;
  readonly port?: number;
}

export interface Loopback {
  readonly server: RunningServer;
  readonly channel: Channel;
  readonly client: ClientOf<typeof EchoService>;
}

const unused = async (): Promise<never> => {
  throw new Error('not part of this test');
};

export async function loopback(
  handlers: Partial<Handlers<typeof EchoService>>,
  options: LoopbackOptions = {},
): Promise<Loopback> {
  const all = { say: unused, count: unused, join: unused, talk: unused, ...handlers };
  const server = await serve({
    address: `127.0.0.1:${options.port ?? 0}`,
    bindings: [bind(EchoService, all as Handlers<typeof EchoService>), ...(options.bindings ?? [])],
    access: options.access ?? echoAccess,
    tls: options.tls,
    verify: tokenVerifier(keys.publicJwks),
    serving: options.serving ?? (() => true),
    log: options.log ?? silentLog,
    meter: options.meter ?? silentMeter,
    limits: { drainWaitMs: 0, drainCallsMs: 200, drainStreamsMs: 100, ...options.limits },
  });
  const channel = channelTo(server.address);
  onTestFinished(async () => {
    channel.close();
    await server.drain();
  });
  const token = () => tokenFor();
  return { server, channel, client: clientOf(channel, EchoService, { token, ...options.client }) };
}

export interface RawCall {
  readonly bytes?: Uint8Array;
  readonly deadlineMs?: number | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What any client in any language sees of an error. */
export interface RawError {
  readonly code: number;
  readonly details: string;
  readonly info: { reason: string; domain: string; metadata: Record<string, string> } | undefined;
  readonly violations: readonly { field: string; description: string; reason: string }[];
  readonly texts: Readonly<Record<string, string>>;
  readonly retryMs: number | undefined;
}

/** One unary call of bytes, without any of our client. */
export function rawCall(address: string, path: string, call: RawCall): Promise<Buffer | RawError> {
  const client = new Client(address, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(call.headers ?? {})) metadata.set(key, value);
  const { deadlineMs = 5_000 } = call;
  const deadline =
    'deadlineMs' in call && call.deadlineMs === undefined
      ? {}
      : { deadline: Date.now() + deadlineMs };
  return new Promise((resolve) => {
    client.makeUnaryRequest<Buffer, Buffer>(
      path,
      (bytes) => bytes,
      (bytes) => bytes,
      Buffer.from(call.bytes ?? []),
      metadata,
      deadline,
      (error, value) => {
        client.close();
        resolve(error ? rawError(error) : (value as Buffer));
      },
    );
  });
}

function rawError({ code, details, metadata }: ServiceError): RawError {
  const [bytes] = metadata.get(detailsKey);
  const parts = bytes instanceof Buffer ? fromBinary(StatusSchema, bytes).details : [];
  const info = parts.flatMap((part) => anyUnpack(part, ErrorInfoSchema) ?? [])[0];
  const bad = parts.flatMap((part) => anyUnpack(part, BadRequestSchema)?.fieldViolations ?? []);
  const texts = parts.flatMap((part) => anyUnpack(part, LocalizedMessageSchema) ?? []);
  const delay = parts.flatMap((part) => anyUnpack(part, RetryInfoSchema)?.retryDelay ?? [])[0];
  return {
    code,
    details,
    info: info && { reason: info.reason, domain: info.domain, metadata: { ...info.metadata } },
    violations: bad.map(({ field, description, reason }) => ({ field, description, reason })),
    texts: Object.fromEntries(texts.map(({ locale, message }) => [locale, message])),
    retryMs: delay && Number(delay.seconds) * 1000 + delay.nanos / 1_000_000,
  };
}
