import { type Act, type Answer, dayOfIndex, type Refusal } from '@lianbao/kernel';
import type { Facts } from '../domain/feature.ts';
import { refusals } from '../domain/refusals.ts';
import type { Score } from '../domain/score.ts';
import { type Ground, personFaults, type ScoreRefusalReason } from '../domain/score-refusal.ts';
import type { Champions } from './champions.ts';
import { makeScore } from './make-score.ts';
import { originOf } from './origin.ts';
import type { Champion, ConsentUse, Dependencies, Transaction } from './ports.ts';
import { askGround, askingWhenSilent, scoringUse, ViewSilent } from './standing.ts';

/**
 * Scores the seller now. Asked again on the same day, with the same records, model and policy, it is the
 * same score and says nothing new.
 */
export const scoreSeller =
  ({ store, party, clock, models }: Dependencies & { readonly models: Champions }) =>
  (act: Act<Score>, seller: string, lender: string): Promise<Answer> => {
    const { tenant } = act.caller;
    const use = scoringUse(seller, lender);
    return askingWhenSilent<Ground, Answer>(
      (told) =>
        store.once(act, async (tx) => {
          const now = clock();
          await requireGround(tx, use, now, told);
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
      () => askGround(party, tenant, use, act.signal),
    );
  };

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
  const { seller, lender } = use;
  const { consentFault } = told;
  const [fault] = personFaults({
    consentFault: hasConsent ? undefined : consentFault,
    isBlocked: seen?.isBlocked !== false && told.isBlocked,
  });
  if (fault === 'CONSENT_MISSING') {
    throw refusals.CONSENT_MISSING({
      seller,
      lender,
      purpose: use.purpose,
      dataKinds: use.dataKind,
      cause: consentFault ?? 'NONE',
    });
  }
  if (fault !== undefined) throw refusals.SELLER_BLOCKED({ seller });
}

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
