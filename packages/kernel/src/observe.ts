/** Ports through which the other packages log and measure; `runtime` implements them. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Log;
}

export type Labels = Readonly<Record<string, string>>;

/** Metric names are snake_case with their unit; counters end in `_total`. */
export interface Meter {
  count(name: string, labels?: Labels, by?: number): void;
  gauge(name: string, value: number, labels?: Labels): void;
  observeSeconds(name: string, seconds: number, labels?: Labels): void;
}

const nothing = (): void => {};

export const silentLog: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
};

export const silentMeter: Meter = { count: nothing, gauge: nothing, observeSeconds: nothing };
