import pg from 'pg';

const namesMax = 1_000; // A connection keeps each prepared statement for its life.
const names = new Map<string, string>();

/**
 * A pg client for MikroORM's driverOptions.Client. It prepares each statement with values once a
 * connection, and throws when a commit was a rollback, because an error before it had been swallowed.
 */
export class CarefulClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg's query has a dozen shapes.
  override query(text: any, values?: any, done?: any): any {
    if (text === 'commit') return super.query(text).then(committed);
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) {
      return super.query(text, values, done);
    }
    const name = nameOf(text);
    return super.query(name === undefined ? { text, values } : { name, text, values }, done);
  }
}

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
