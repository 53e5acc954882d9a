/** What is the caller's, where the access table cannot say: a bank sees applications made to it. */
import type { Caller } from '@lianbao/kernel';
import type { Application } from '../domain/application.ts';
import { refusals } from '../domain/refusals.ts';

/** The same refusal as that of the layer before, so that nobody learns what exists. */
export const notOwn = (method: string) => refusals.CALLER_NOT_ALLOWED({ method, cause: 'NOT_OWN' });

/** Of what is not there: NAME_UNKNOWN only to those who may know. */
export const absent = ({ kind }: Caller, name: string, method: string) =>
  kind === 'BANK' ? notOwn(method) : refusals.NAME_UNKNOWN({ name });

/** Refuses a bank that is not the application's. */
export function visible(
  application: Application | undefined,
  caller: Caller,
  name: string,
  method: string,
): Application {
  if (application === undefined) throw absent(caller, name, method);
  if (caller.kind === 'BANK' && application.lender !== caller.partner) throw notOwn(method);
  return application;
}
