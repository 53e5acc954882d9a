/** Tells an error of the moment, which another attempt may cure, from one of the event itself. */

// SQLSTATE classes: connection lost, transaction rolled back by a race, out of resources.
const classes = new Set(['08', '40', '53']);

const codes = new Set([
  '25006', // read only: the server has become a standby
  '25P03', // idle in transaction for too long: the connection is gone
  '55P03', // a lock was not to be had
  '57P01', // shut down by an administrator
  '57P02', // crashed
  '57P03', // starting up
  '57P05', // idle for too long
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT', // no socket file: the server is down
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

// pg says these without a code.
const sayings = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end',
  'driver has already been destroyed',
];

const failedTransaction = '25P02';

/** Says only that another statement of the transaction had failed before. */
export const isAftermath = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === failedTransaction;

export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = String((error as { code?: unknown }).code ?? '');
  return (
    codes.has(code) ||
    (code.length === 5 && classes.has(code.slice(0, 2))) ||
    sayings.some((saying) => error.message.includes(saying)) ||
    isTransient(error.cause)
  );
}
