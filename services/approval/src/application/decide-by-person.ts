/** A person's yes or no, on the revision it saw and within its authority (lending.md 2.4). */
import {
  type Act,
  type Answer,
  type AuthorityLevel,
  businessDayOf,
  type Caller,
  originOfAct,
  resourceUid,
} from '@lianbao/kernel';
import {
  type ApplicationAct,
  requireEtag,
  requireState,
  type Submitted,
} from '../domain/application.ts';
import { isDeclineCode } from '../domain/decision/decline-codes.ts';
import type { PersonAct } from '../domain/decision/facts.ts';
import type { Offer } from '../domain/offer.ts';
import { decideByPerson } from '../domain/person-decision.ts';
import { refusals } from '../domain/refusals.ts';
import { lenderObstacles, standingObstacles } from '../domain/submission.ts';
import { decideBy } from './decide-application.ts';
import { monthOf } from './deciding.ts';
import type { Dependencies } from './dependencies.ts';
import { absent, visible } from './ownership.ts';
import type { Transaction } from './ports.ts';
import { type ShownApplication, shown } from './read-applications.ts';
import { asked, askStanding } from './standing.ts';

type OfferAsked = Omit<Extract<PersonAct, { kind: 'OFFER' }>, 'person' | 'level' | 'kind'>;
type DeclineAsked = Omit<Extract<PersonAct, { kind: 'DECLINE' }>, 'person' | 'level' | 'kind'>;

/** On an application that has an open offer already, the new one replaces it. */
export const submitOffer =
  ({ store, party, clock }: Dependencies) =>
  async (act: Act<Offer>, name: string, asks: OfferAsked): Promise<Answer> => {
    const { caller } = act;
    const { view, seen } = await store.read(caller, async (tx) => {
      const application = visible(await tx.application(name), caller, name, act.method);
      return { view: await tx.lenderView(application.lender), seen: application };
    });
    const asking = { tenant: caller.tenant, now: clock(), signal: act.signal };
    const standing = await asked(askStanding(party, seen, view, asking));
    const now = clock();
    return store.once(act, now, async (tx) => {
      const known = standing.get();
      // Days may have passed since the submission: a block or a withdrawn consent stops an offer too.
      const [obstacle] = [
        ...standingObstacles(seen, known, businessDayOf(now)),
        ...lenderObstacles(seen, known.lender),
      ];
      if (obstacle !== undefined) throw obstacle;
      const personAct: PersonAct = { kind: 'OFFER', ...personOf(caller), ...asks };
      const decided = await decideOn(tx, act, name, 'OFFER', personAct, now);
      const offer = await tx.openOffer(decided.uid);
      if (offer === undefined) throw new Error(`${name} has no open offer after SubmitOffer`);
      return offer;
    });
  };

export const declineApplication =
  ({ store, clock }: Dependencies) =>
  (act: Act<ShownApplication>, name: string, asks: DeclineAsked): Promise<Answer> => {
    const now = clock();
    requireDeclineCodes(asks.reasonCodes);
    return store.once(act, now, async (tx) => {
      const personAct: PersonAct = { kind: 'DECLINE', ...personOf(act.caller), ...asks };
      return shown(tx, await decideOn(tx, act, name, 'DECLINE', personAct, now));
    });
  };

async function decideOn(
  tx: Transaction,
  act: Act<never>,
  name: string,
  what: ApplicationAct,
  personAct: PersonAct,
  now: Date,
): Promise<Submitted> {
  const ground = await tx.decidingGround(resourceUid(tx.tenant, name), monthOf(now));
  if (ground === undefined) throw absent(act.caller, name, act.method);
  const application = visible(ground.application, act.caller, name, act.method);
  requireEtag(name, application.revision, act.etag);
  requireState(application, what, now);
  const origin = originOfAct(act, now, name);
  // Late evidence counts here: the person has seen it, since it raised the revision.
  return decideBy(tx, origin, { ground, act: personAct, now }, (rows) => rows, decideByPerson);
}

function personOf({ person, level }: Caller): { person: string; level: AuthorityLevel } {
  if (level === undefined) throw refusals.AUTHORITY_EXCEEDED({ limit: 'NO_LEVEL' });
  return { person, level };
}

function requireDeclineCodes(codes: readonly string[]): void {
  const violations = codes.flatMap((code, index) =>
    isDeclineCode(code)
      ? []
      : [
          {
            field: `reason_codes[${index}]`,
            reason: 'decline_code.unknown',
            description: 'is not a decline code',
          },
        ],
  );
  if (violations.length > 0) throw refusals.FIELD_INVALID({}, { violations });
}
