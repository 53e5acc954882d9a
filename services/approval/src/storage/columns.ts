/** Where domain values and columns meet. Int8 and timestamptz come as text. */
export const timeOf = (text: string): Date => new Date(text);
export const timeOrNone = (text: string | null): Date | undefined =>
  text === null ? undefined : new Date(text);

/** What is not there is null in a column. */
export const orNull = <T>(value: T | undefined): T | null => value ?? null;

const uniqueViolation = '23505';

/** The unique index that a failed statement met; undefined for any other error. */
export function uniqueIndexOf(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === uniqueViolation ? String(constraint) : undefined;
}
