/** Calls one rpc of the running server with a request in JSON. */
import { randomUUID } from 'node:crypto';
import { type DescMethod, fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { channelTo, clientOf, rpcName } from '@lianbao/grpc';
import { Refusal } from '@lianbao/kernel';
import { callerToken } from './caller-token.ts';
import { type CallerOptions, UsageError } from './command-line.ts';
import { openHome, runningServer } from './home.ts';
import { messageRegistry } from './message-registry.ts';
import { callersOf, needsRequestId } from './rpc-catalogue.ts';

export interface CallRpcOptions {
  readonly caller: CallerOptions;
  readonly homeFolder: string;
  /** Told the id that was made because the request needs one and has none. */
  readonly onRequestId: (requestId: string) => void;
}

/** Each answer as JSON: one, or those of a stream until it ends. A refusal is an error in plain words. */
export async function* callRpc(
  method: DescMethod,
  json: string,
  { caller, homeFolder, onRequestId }: CallRpcOptions,
): AsyncGenerator<string> {
  const server = await runningServer(homeFolder);
  if (server === undefined) {
    throw new Error('no server runs here; start one with: npx -y pnpm start');
  }
  const kind = caller.kind ?? callersOf(method)[0];
  if (kind === undefined) throw new Error(`${rpcName(method)} is for services only`);
  const home = await openHome(homeFolder);
  const token = () => callerToken(home, kind, caller);
  const request = requestOf(method, json, onRequestId);
  const channel = channelTo(server.address);
  try {
    const client = clientOf(channel, method.parent, { token }) as unknown as Readonly<
      Record<string, (request: unknown) => unknown>
    >;
    const streamed =
      method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
    const answer = client[method.localName]?.(streamed ? alone(request) : request);
    if (isAsyncIterable(answer)) for await (const each of answer) yield told(method, each);
    else yield told(method, await answer);
  } catch (error) {
    throw error instanceof Refusal ? new Error(refusalText(error)) : error;
  } finally {
    channel.close();
  }
}

function requestOf(method: DescMethod, text: string, onRequestId: (id: string) => void): object {
  const json = parsed(text);
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  const hasId = isObject && ('requestId' in json || 'request_id' in json);
  let whole: JsonValue = json;
  if (isObject && !hasId && needsRequestId(method)) {
    const requestId = randomUUID();
    onRequestId(requestId);
    whole = { ...json, requestId };
  }
  try {
    return fromJson(method.input, whole, { registry: messageRegistry });
  } catch (error) {
    throw new UsageError(
      `the request does not fit ${rpcName(method)}: ${(error as Error).message}`,
    );
  }
}

function parsed(json: string): JsonValue {
  try {
    return JSON.parse(json) as JsonValue;
  } catch (error) {
    throw new UsageError(`the request is not JSON: ${(error as Error).message}`);
  }
}

async function* alone<Value>(value: Value): AsyncGenerator<Value> {
  yield value;
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

const told = (method: DescMethod, message: unknown): string =>
  JSON.stringify(
    toJson(method.output, message as never, { registry: messageRegistry }),
    undefined,
    2,
  );

function refusalText({ reason, domain, message, texts, facts, violations }: Refusal): string {
  return [
    `${reason} (${domain}): ${message}`,
    texts['zh-CN'],
    ...Object.entries(facts).map(([name, value]) => `  ${name}: ${value}`),
    ...violations.map(({ field, description }) => `  ${field}: ${description}`),
  ].join('\n');
}
