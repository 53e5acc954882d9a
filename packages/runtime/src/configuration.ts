/**
 * Configuration is read once, from the environment that `main.ts` hands over, into frozen typed values.
 * All that is wrong is said at once, and never with the value: it may be a secret.
 */
import { type Reader, readerOf } from './reader.ts';

export class ConfigurationInvalid extends Error {
  override readonly name = 'ConfigurationInvalid';
  /** One sentence each, beginning with the variable's name. */
  readonly complaints: readonly string[];

  constructor(complaints: readonly string[]) {
    super(['the configuration is not valid', ...complaints].join('\n- '));
    this.complaints = complaints;
  }
}

/** Throws ConfigurationInvalid with every complaint of the reader. */
export function readConfiguration<T>(
  env: Readonly<Record<string, string | undefined>>,
  build: (read: Reader) => T,
): Readonly<T> {
  const complaints: string[] = [];
  const reader = readerOf(env, (complaint) => complaints.push(complaint));
  let built: T;
  try {
    built = build(reader);
  } catch (error) {
    // What stands in for a value that is wrong may not do for the builder; the complaints say why.
    if (complaints.length === 0) throw error;
    throw new ConfigurationInvalid(complaints);
  }
  if (complaints.length > 0) throw new ConfigurationInvalid(complaints);
  return frozen(built);
}

/** Plain objects and lists, all the way down; keys, clients and functions stay as they are. */
function frozen<T>(value: T): T {
  if (!isPlain(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}
