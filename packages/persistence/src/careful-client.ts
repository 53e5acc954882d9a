import pg from 'pg';
import { dropPlans, planAge } from './plan-age.ts';
import { joinSession } from './session.ts';

const namesMax = 1_000; // A connection keeps each prepared statement for its life.
const names = new Map<string, string>();

/**
 * A pg client for MikroORM's driverOptions.Client. It prepares each statement with values once a
 * connection; throws when a commit was a rollback, because an error before it had been swallowed; and
 * leaves the pool when it cannot begin or roll back, where kysely would keep its place for ever.
 */
export class CarefulClient extends pg.Client {
  // Given by the pool when it hands the client out.
  declare release?: (error: Error) => void;
  readonly #plans = planAge();
  #gathering = false;

  // biome-ignore lint/suspicious/noExplicitAny: pg's query has a dozen shapes.
  override query(text: any, values?: any, done?: any): any {
    this.#gather();
    if (text === 'commit') return super.query(text).then(committed);
    if (text === 'begin') return this.#begin();
    if (text === 'rollback') return super.query(text).catch(this.#leave);
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) {
      return super.query(text, values, done);
    }
    const name = nameOf(text);
    return super.query(name === undefined ? { text, values } : { name, text, values }, done);
  }

  /** What the same turn sends goes in one packet: each costs a call of the system and wakes the server. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    const { stream } = this.connection;
    stream.cork();
    setImmediate(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  /** Not waited for: the connection carries statements in order, and where this one fails those after it fail too. */
  async #begin(): Promise<Pick<pg.QueryResult, 'command' | 'rowCount' | 'rows'>> {
    joinSession(this);
    if (this.#plans.isOver()) super.query(dropPlans).catch(ignore);
    super.query('begin').catch(ignore);
    return { command: 'BEGIN', rowCount: null, rows: [] };
  }

  readonly #leave = (error: Error): never => {
    this.release?.(error);
    throw error;
  };
}

const ignore = (): void => undefined;

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= namesMax) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}

function committed(result: pg.QueryResult): pg.QueryResult {
  if (result.command === 'ROLLBACK') throw new Error('rolled back: a statement had failed before');
  return result;
}
