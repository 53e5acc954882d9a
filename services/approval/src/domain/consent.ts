/**
 * The consents that an application rests on are those that it names (PIPL 15, 23): the seller signed
 * these for this lender. Party answers with the consent that lasts longest, which may be another one.
 */

/** What a use of data needs, as the refusal names it. */
export interface ConsentNeed {
  readonly purpose: 'SCORING' | 'SHARE_WITH_LENDER';
  readonly dataKinds: 'INVOICES' | 'SCORES';
}

/** What party says of a need. */
export interface ConsentVerdict extends ConsentNeed {
  /** Name of the live consent that lasts longest; undefined: none is live. */
  readonly consent: string | undefined;
  readonly cause: ConsentCause;
}

/** WITHDRAWN or EXPIRED, where there was one; NONE otherwise. */
export type ConsentCause = 'NONE' | 'WITHDRAWN' | 'EXPIRED';

/** One consent as it stands now. */
export interface Consent {
  readonly state: 'GRANTED' | 'WITHDRAWN' | 'EXPIRED';
  /** Undefined: one that no need here asks for. */
  readonly purpose: ConsentNeed['purpose'] | undefined;
  readonly dataKinds: readonly ConsentNeed['dataKinds'][];
  readonly recipients: readonly string[];
  readonly expireTime: Date;
}

/** Consents that are named by the application and not by party's verdicts: these have to be looked at. */
export function unjudgedConsents(
  named: readonly string[],
  verdicts: readonly ConsentVerdict[],
): readonly string[] {
  const judged = verdicts.flatMap(({ consent }) => consent ?? []);
  const known = judged.every((consent) => named.includes(consent));
  return known ? [] : named.filter((name) => !judged.includes(name));
}

/** The same verdict, on the consents that the application names. `unjudged` are those that party has. */
export function verdictOnNamed(
  verdict: ConsentVerdict,
  named: readonly string[],
  unjudged: ReadonlyMap<string, Consent>,
  lender: string,
  now: Date,
): ConsentVerdict {
  const { purpose, dataKinds, consent } = verdict;
  if (consent === undefined || named.includes(consent)) return verdict;
  const fitting = [...unjudged].filter(
    ([, each]) =>
      each.purpose === purpose &&
      each.dataKinds.includes(dataKinds) &&
      each.recipients.includes(lender),
  );
  const ends = fitting.map(([name, each]) => ({ name, cause: endOf(each, now) }));
  const live = ends.find(({ cause }) => cause === 'NONE');
  return { purpose, dataKinds, consent: live?.name, cause: (live ?? ends[0])?.cause ?? 'NONE' };
}

/** NONE while it lives; past its time it has expired, whether party's timer has run or not. */
function endOf({ state, expireTime }: Consent, now: Date): ConsentCause {
  if (state !== 'GRANTED') return state;
  return expireTime.getTime() <= now.getTime() ? 'EXPIRED' : 'NONE';
}
