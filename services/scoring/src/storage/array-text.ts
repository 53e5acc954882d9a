/** PostgreSQL's text form of arrays, written here because pg's own takes a microsecond an element. */

/** Of whole numbers and booleans. */
export const numbersText = (values: readonly (number | bigint | boolean)[]): string =>
  `{${values.join(',')}}`;

export const textsText = (values: readonly string[]): string =>
  values.length === 0 ? '{}' : `{"${values.map(escaped).join('","')}"}`;

const special = /[\\"]/g;

const escaped = (text: string): string =>
  text.includes('"') || text.includes('\\') ? text.replace(special, '\\$&') : text;
