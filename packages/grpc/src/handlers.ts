import type {
  DescFile,
  DescMessage,
  DescMethod,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { Answer, Caller } from '@lianbao/kernel';

/** What a handler is told about the call besides the request. */
export interface Call<Output extends DescMessage = DescMessage> {
  readonly caller: Caller;
  /** Full rpc name, `lianbao.party.v1.SellerService/CreateSeller`. */
  readonly method: string;
  readonly input: DescMessage;
  readonly output: Output;
  /** Aborted when the caller is gone, its deadline has passed, or the server ends the stream. */
  readonly signal: AbortSignal;
  readonly deadline: Date;
  /** Size of the request on the wire; of a streamed request that of the messages so far. */
  readonly requestBytes: number;
  /** For unary and client-streaming calls; names are lower case. */
  setTrailer(name: string, value: string): void;
}

type In<M extends DescMethod> = MessageShape<M['input']>;
type Out<M extends DescMethod> = MessageInitShape<M['output']>;
type CallOf<M extends DescMethod> = Call<M['output']>;

export type Handler<M extends DescMethod> = {
  unary: (request: In<M>, call: CallOf<M>) => Promise<Out<M> | Answer>;
  server_streaming: (request: In<M>, call: CallOf<M>) => AsyncIterable<Out<M>>;
  client_streaming: (requests: AsyncIterable<In<M>>, call: CallOf<M>) => Promise<Out<M> | Answer>;
  bidi_streaming: (requests: AsyncIterable<In<M>>, call: CallOf<M>) => AsyncIterable<Out<M>>;
}[M['methodKind']];

/** One handler a method, checked by name and type against the service's descriptor. */
export type Handlers<S extends DescService> = {
  readonly [Name in keyof S['method']]: Handler<S['method'][Name]>;
};

/** A handler whose types were checked at `bind`. */
export type BoundHandler = (request: never, call: Call<never>) => unknown;

export interface Binding {
  readonly service: DescService;
  /** Files of messages that travel inside `google.protobuf.Any`, so that reflection can tell of them. */
  readonly inside: readonly DescFile[];
  readonly handlers: Readonly<Record<string, BoundHandler>>;
}

/** Handlers may be methods of an object: they are called on it. */
export function bind<S extends DescService>(
  service: S,
  handlers: Handlers<S>,
  inside: readonly DescFile[] = [],
): Binding {
  const byName = handlers as Readonly<Record<string, BoundHandler>>;
  const bound = service.methods.map(({ localName }) => {
    const handler = byName[localName];
    if (handler === undefined) throw new TypeError(`${service.typeName} lacks ${localName}`);
    return [localName, handler.bind(handlers)] as const;
  });
  return { service, inside, handlers: Object.fromEntries(bound) };
}
