/** Reads one environment variable at a time and collects complaints; an empty one counts as missing. */
import { readFileSync } from 'node:fs';

/** Without a default the variable has to be there. */
export interface Fallback<T> {
  readonly default?: T;
}

export interface Bounds extends Fallback<number> {
  readonly min: number;
  readonly max: number;
}

export interface Reader {
  /** Whether the variable has a value at all, for what may be left out. */
  given(name: string): boolean;
  text(name: string, options?: Fallback<string> & { readonly pattern?: RegExp }): string;
  /** `postgresql://user[:password]@host[:port]/db`, or `postgresql://user@/db?host=/socket/folder`. */
  databaseUrl(name: string): string;
  /** `host:port`, or `[address]:port` for IPv6; the port may be 0. */
  hostPort(name: string, options?: Fallback<string>): string;
  whole(name: string, bounds: Bounds): number;
  /** Values between commas, each once, none empty. */
  list(
    name: string,
    options?: Fallback<readonly string[]> & { readonly pattern?: RegExp },
  ): readonly string[];
  /** Contents of the file that the variable names. */
  file(name: string): string;
  /** `true` or `false`. */
  flag(name: string, options?: Fallback<boolean>): boolean;
  choice<Value extends string>(
    name: string,
    values: readonly [Value, ...Value[]],
    options?: Fallback<Value>,
  ): Value;
}

const hostPortPattern = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;
const portMax = 65_535;

export function readerOf(
  env: Readonly<Record<string, string | undefined>>,
  complain: (complaint: string) => void,
): Reader {
  const given = (name: string) => (env[name] ?? '') !== '';

  /** `read` returns undefined for what is not as `wanted`; `standIn` lets the reading go on. */
  function take<T>(
    name: string,
    wanted: string,
    standIn: T,
    options: Fallback<T>,
    read: (text: string) => T | undefined,
  ): T {
    const text = env[name] ?? '';
    if (text === '') {
      if (options.default !== undefined) return options.default;
      complain(`${name} is missing: ${wanted}`);
      return standIn;
    }
    const value = read(text);
    if (value === undefined) complain(`${name} is not ${wanted}`);
    return value ?? standIn;
  }

  return {
    given,

    text: (name, options = {}) => {
      const { pattern } = options;
      const wanted = pattern === undefined ? 'a text' : `a text like ${pattern.source}`;
      return take(name, wanted, '', options, (text) =>
        pattern === undefined || pattern.test(text) ? text : undefined,
      );
    },

    databaseUrl: (name) =>
      take(name, 'the URL of a PostgreSQL database', '', {}, (text) =>
        isDatabaseUrl(text) ? text : undefined,
      ),

    hostPort: (name, options = {}) =>
      take(name, 'host:port', '', options, (text) => {
        const port = hostPortPattern.exec(text)?.[1];
        return port !== undefined && Number(port) <= portMax ? text : undefined;
      }),

    whole: (name, bounds) =>
      take(
        name,
        `a whole number from ${bounds.min} to ${bounds.max}`,
        bounds.min,
        bounds,
        (text) =>
          /^-?\d{1,15}$/.test(text) && Number(text) >= bounds.min && Number(text) <= bounds.max
            ? Number(text)
            : undefined,
      ),

    list: (name, options = {}) => {
      const { pattern } = options;
      const like = pattern === undefined ? '' : ` like ${pattern.source}`;
      const wanted = `a list of different values${like} between commas`;
      return take<readonly string[]>(name, wanted, [], options, (text) => {
        const values = text.split(',').map((value) => value.trim());
        const fits = (value: string) => value !== '' && (pattern?.test(value) ?? true);
        return values.every(fits) && new Set(values).size === values.length ? values : undefined;
      });
    },

    file: (name) => take(name, 'the path of a file that can be read', '', {}, contentsOf),

    flag: (name, options = {}) =>
      take(name, 'true or false', false, options, (text) =>
        text === 'true' ? true : text === 'false' ? false : undefined,
      ),

    choice: (name, values, options = {}) =>
      take(name, `one of ${values.join(', ')}`, values[0], options, (text) =>
        values.find((value) => value === text),
      ),
  };
}

const userWithoutHost = /^(postgres(?:ql)?:\/\/(?:[^/@]*@)?)(?=\/)/;

/** PostgreSQL's own form for a socket is no URL of the web, which needs a host: it is given one. */
function isDatabaseUrl(text: string): boolean {
  const url = URL.parse(text.replace(userWithoutHost, '$1localhost'));
  if (url === null || /\s/.test(text)) return false;
  const { protocol, hostname, pathname, searchParams } = url;
  const hasHost = userWithoutHost.test(text)
    ? searchParams.get('host')?.startsWith('/') === true
    : hostname !== '';
  return /^postgres(ql)?:$/.test(protocol) && /^\/[^/]+$/.test(pathname) && hasHost;
}

function contentsOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
