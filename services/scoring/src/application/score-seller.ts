import { type Act, type Answer, dayOfIndex, type Refusal } from '@lianbao/kernel';
import type { Facts } from '../domain/feature.ts';
import { refusals } from '../domain/refusals.ts';
import type { Score } from '../domain/score.ts';
import {
  type ConsentFault,
  type Ground,
  personFaults,
  type ScoreRefusalReason,
} from '../domain/score-refusal.ts';
import type { Champions } from './champions.ts';
import { makeScore } from './make-score.ts';
import { originOf } from './origin.ts';
import type { Champion, ConsentUse, Dependencies, Transaction } from './ports.ts';
import {
  askGround,
  askingWhenSilent,
  askSharing,
  scoringUse,
  sharingUseOf,
  ViewSilent,
} from './standing.ts';

/**
 * Scores the seller now; for a bank under a consent to have scores besides. Asked again on the same day, with the same records, model and policy, it is the
 * same score and says nothing new.
 */
export const scoreSeller =
  ({ store, party, clock, models }: Dependencies & { readonly models: Champions }) =>
  (act: Act<Score>, seller: string, lender: string): Promise<Answer> => {
    const { tenant } = act.caller;
    const use = scoringUse(seller, lender);
    const sharing = sharingUseOf(act.caller, seller);
    return askingWhenSilent<Told, Answer>(
      (told) =>
        store.once(act, async (tx) => {
          const now = clock();
          await requireGround(tx, use, now, told?.ground);
          await requireSharing(tx, sharing, now, told);
          const policy = await tx.policyInForce(now);
          const champion = await tx.championNow();
          const made = await makeScore(tx, models, {
            tenant,
            seller,
            lender,
            policy,
            champion,
            now,
            application: undefined,
            nameFor: ({ asOf, watermark, artefactHash }) => ({
              cause: ['call', lender, asOf, watermark, artefactHash, policy.hash].join(' '),
              round: 0,
            }),
          });
          if ('faults' in made) throw refusalFor(made.faults, made.facts, seller, champion);
          const { score } = made;
          if (await tx.insertScore(score)) {
            await tx.scoreComputed(originOf(act, now, score.uid), score);
            return score;
          }
          return (await tx.scoreNamed(score.name)) ?? score;
        }),
      async () => {
        const [ground, sharingFault] = await Promise.all([
          askGround(party, tenant, use, act.signal),
          askSharing(party, tenant, sharing, act.signal),
        ]);
        return { ground, sharingFault };
      },
    );
  };

interface Told {
  readonly ground: Ground;
  readonly sharingFault: ConsentFault | undefined;
}

async function requireGround(
  tx: Transaction,
  use: ConsentUse,
  now: Date,
  told: Ground | undefined,
): Promise<void> {
  const hasConsent = await tx.hasConsentInView([use], now);
  const seen = await tx.sellerInView(use.seller);
  if (hasConsent && seen?.isBlocked === false) return;
  if (told === undefined) throw new ViewSilent();
  const { seller } = use;
  const { consentFault } = told;
  const [fault] = personFaults({
    consentFault: hasConsent ? undefined : consentFault,
    isBlocked: seen?.isBlocked !== false && told.isBlocked,
  });
  if (fault === 'CONSENT_MISSING') throw consentMissing(use, consentFault);
  if (fault !== undefined) throw refusals.SELLER_BLOCKED({ seller });
}

/** A bank gets the score in the answer, so the seller must let it have scores. */
async function requireSharing(
  tx: Transaction,
  sharing: ConsentUse | undefined,
  now: Date,
  told: Told | undefined,
): Promise<void> {
  if (sharing === undefined || (await tx.hasConsentInView([sharing], now))) return;
  if (told === undefined) throw new ViewSilent();
  if (told.sharingFault !== undefined) throw consentMissing(sharing, told.sharingFault);
}

const consentMissing = (
  { seller, lender, purpose, dataKind }: ConsentUse,
  cause: ConsentFault = 'NONE',
): Refusal => refusals.CONSENT_MISSING({ seller, lender, purpose, dataKinds: dataKind, cause });

/** The first of the reasons, with what the caller needs to know of it. */
function refusalFor(
  faults: readonly ScoreRefusalReason[],
  { monthly, newestRecordDay }: Facts,
  seller: string,
  champion: Champion | undefined,
): Refusal {
  const newestTime = newestRecordDay === undefined ? '' : dayOfIndex(newestRecordDay);
  const all = faults.join(', ');
  if (faults.includes('CHAMPION_MISSING')) return refusals.CHAMPION_MISSING();
  if (faults.includes('ARTEFACT_CORRUPT')) {
    return refusals.ARTEFACT_CORRUPT({ model: champion?.name ?? '' });
  }
  if (faults.includes('RECORDS_TOO_THIN')) {
    const monthsWithSales = String(monthly.monthsWithSales);
    return refusals.RECORDS_TOO_THIN({ seller, missing: all, monthsWithSales, newestTime });
  }
  return refusals.RECORDS_STALE({ seller, missing: all, newestTime });
}
