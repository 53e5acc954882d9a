import type { DescMessage, DescMethod } from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import type { Caller } from '@lianbao/kernel';
import { rpcName } from './definition.ts';
import type { Call } from './handlers.ts';

/** GONE: the caller went away. DEADLINE: its time is up. ENDED: the server closes the stream. */
export type Ending = 'GONE' | 'DEADLINE' | 'ENDED' | 'SLOW_READER';

/** Why the signal of a call was aborted. */
export class CallEnded extends Error {
  override readonly name = 'CallEnded';
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(`the call is over: ${ending}`);
    this.ending = ending;
  }
}

/** The server's side of a `Call`. The controller is made when a handler asks for it: most never do. */
export class OpenCall implements Call {
  readonly caller: Caller;
  readonly method: string;
  readonly input: DescMessage;
  readonly output: DescMessage;
  readonly deadline: Date;
  requestBytes = 0;
  trailers: Metadata | undefined;
  ending: Ending | undefined;
  #controller: AbortController | undefined;

  constructor(method: DescMethod, caller: Caller, deadline: Date) {
    this.method = rpcName(method);
    this.input = method.input;
    this.output = method.output;
    this.caller = caller;
    this.deadline = deadline;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.ending !== undefined) this.#controller.abort(new CallEnded(this.ending));
    return this.#controller.signal;
  }

  /** grpc-js tells of a deadline and of a caller that went away by one event. */
  gone(): void {
    this.end(Date.now() >= this.deadline.getTime() ? 'DEADLINE' : 'GONE');
  }

  end(ending: Ending): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.#controller?.abort(new CallEnded(ending));
  }

  setTrailer(name: string, value: string): void {
    this.trailers ??= new Metadata();
    this.trailers.set(name, value);
  }
}
