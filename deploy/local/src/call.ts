/**
 * `pnpm call`: lists the services, says what an rpc takes, or calls it on the running server with a
 * token of the right caller. A `requestId` that is needed and not given is made here, and said.
 */
import { randomUUID } from 'node:crypto';
import { type DescMethod, fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { approvalAccess } from '@lianbao/approval';
import { type AccessRule, channelTo, clientOf } from '@lianbao/grpc';
import { type CallerKind, Refusal } from '@lianbao/kernel';
import { partyAccess } from '@lianbao/party';
import { scoringAccess } from '@lianbao/scoring';
import { callerToken } from './caller-token.ts';
import { type CallerOptions, readCallerOptions, runCommand, UsageError } from './command-line.ts';
import { openHome, runningServer } from './home.ts';
import { messageRegistry } from './message-registry.ts';
import { contractServices } from './partners.ts';
import { shapeOf } from './rpc-shape.ts';

const usage =
  "pnpm call [SERVICE/RPC] ['JSON'] [--as platform|bank|operator] [--partner NAME] [--person NAME] [--level LEVEL] [--home DIR]";

const access: Readonly<Record<string, AccessRule>> = {
  ...partyAccess,
  ...scoringAccess,
  ...approvalAccess,
};
const fullName = (method: DescMethod) => `${method.parent.typeName}/${method.name}`;
const methods = contractServices.flatMap((service) => service.methods);
const partnerKinds: readonly CallerKind[] = ['PLATFORM', 'BANK', 'OPERATOR'];

const callersOf = (method: DescMethod): readonly CallerKind[] =>
  partnerKinds.filter((kind) => access[fullName(method)]?.callers.includes(kind));

await runCommand(usage, async () => {
  const { caller, homeFolder, words } = readCallerOptions(process.argv.slice(2));
  const [rpc, json, ...rest] = words;
  if (rest.length > 0) throw new UsageError(`more words than expected: ${rest.join(' ')}`);
  if (rpc === undefined) return list();
  const method = methodNamed(rpc);
  if (json === undefined) return describe(method);
  await call(method, json, caller, homeFolder);
});

function list(): void {
  for (const service of contractServices) {
    console.log(service.typeName);
    for (const method of service.methods) {
      console.log(
        `  ${service.name}/${method.name} (${callersOf(method).join(', ').toLowerCase()})`,
      );
    }
  }
  console.log(`\n${usage}`);
}

function methodNamed(rpc: string): DescMethod {
  const found = methods.filter(
    (method) => fullName(method) === rpc || `${method.parent.name}/${method.name}` === rpc,
  );
  if (found[0] === undefined) throw new UsageError(`there is no rpc ${rpc}; pnpm call lists them`);
  return found[0];
}

function describe(method: DescMethod): void {
  const stream = { unary: '', server_streaming: ', answers with a stream' };
  const kind = stream[method.methodKind as keyof typeof stream] ?? ', a stream of requests';
  console.log(`${fullName(method)}${kind}`);
  console.log(`callers: ${callersOf(method).join(', ').toLowerCase()}`);
  console.log('takes:');
  for (const line of shapeOf(method.input)) console.log(line);
  console.log('answers:');
  for (const line of shapeOf(method.output)) console.log(line);
}

async function call(
  method: DescMethod,
  json: string,
  caller: CallerOptions,
  homeFolder: string,
): Promise<void> {
  const server = await runningServer(homeFolder);
  if (server === undefined)
    throw new Error('no server runs here; start one with: npx -y pnpm start');
  const kind = caller.kind ?? callersOf(method)[0];
  if (kind === undefined) throw new Error(`${fullName(method)} is for services only`);
  const home = await openHome(homeFolder);
  const token = () => callerToken(home, kind, caller);
  const request = fromJson(method.input, withRequestId(method, parsed(json)), {
    registry: messageRegistry,
  });
  const channel = channelTo(server.address);
  try {
    const client = clientOf(channel, method.parent, { token }) as unknown as Readonly<
      Record<string, (request: unknown) => unknown>
    >;
    const streamed =
      method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
    const answer = client[method.localName]?.(streamed ? once(request) : request);
    if (isAsyncIterable(answer)) for await (const each of answer) print(method, each);
    else print(method, await answer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Error(told(error));
  } finally {
    channel.close();
  }
}

function parsed(json: string): JsonValue {
  try {
    return JSON.parse(json) as JsonValue;
  } catch (error) {
    throw new UsageError(`the request is not JSON: ${(error as Error).message}`);
  }
}

function withRequestId(method: DescMethod, json: JsonValue): JsonValue {
  const wanted = access[fullName(method)]?.requestId === 'REQUIRED';
  if (!wanted || typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  if ('requestId' in json || 'request_id' in json) return json;
  const requestId = randomUUID();
  console.error(`requestId: ${requestId}`);
  return { ...json, requestId };
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

function print(method: DescMethod, message: unknown): void {
  const json = toJson(method.output, message as never, { registry: messageRegistry });
  console.log(JSON.stringify(json, undefined, 2));
}

function told({ reason, domain, message, texts, facts, violations }: Refusal): string {
  return [
    `${reason} (${domain}): ${message}`,
    texts['zh-CN'],
    ...Object.entries(facts).map(([name, value]) => `  ${name}: ${value}`),
    ...violations.map(({ field, description }) => `  ${field}: ${description}`),
  ].join('\n');
}
