/** What carries events between services: the local bus or Kafka. One conformance suite tests both. */
export interface BusRecord {
  readonly topic: string;
  /** The aggregate's uid: records of one key keep their order. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
}

/** Resolves when the records are safe with the consumer; rejects to have them again later. */
export type Take = (records: readonly BusRecord[]) => Promise<void>;

export interface TakeOptions {
  /**
   * How long a record may wait for others to be taken with it: fewer transactions where nobody waits.
   * The bus of one process does not keep its sender waiting for that.
   */
  readonly gatherMs?: number;
}

export interface Bus {
  /** Resolves when all records are acknowledged; a rejection leaves open which of them were. */
  send(records: readonly BusRecord[]): Promise<void>;
  /** Before `start` only. A group takes one batch at a time. */
  subscribe(group: string, topics: readonly string[], take: Take, options?: TakeOptions): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}
