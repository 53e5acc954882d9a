import { businessDayOf, type CalendarDate, type Caller } from '@lianbao/kernel';
import { factsOf } from '../domain/feature.ts';
import { refusals } from '../domain/refusals.ts';
import { type RecordFault, recordFaults } from '../domain/score-refusal.ts';
import type { Dependencies } from './ports.ts';
import { askingWhenSilent, scoringUse, sharingUse, ViewSilent } from './standing.ts';

export interface TradingCoverage {
  readonly seller: string;
  readonly watermark: bigint;
  readonly saleCount: number;
  readonly purchaseCount: number;
  readonly firstDate: CalendarDate | undefined;
  readonly lastDate: CalendarDate | undefined;
  readonly monthsWithSales: number;
  readonly missing: readonly (RecordFault | 'NONE_SENT')[];
}

/** Refuses NAME_UNKNOWN; of a bank without a live consent CALLER_NOT_ALLOWED. */
export const getTradingCoverage =
  ({ store, party, clock }: Dependencies) =>
  (
    { caller, method, signal }: { caller: Caller; method: string; signal: AbortSignal },
    seller: string,
  ): Promise<TradingCoverage> => {
    const { tenant, partner, kind } = caller;
    const uses = [scoringUse(seller, partner), sharingUse(seller, partner)];
    interface Told {
      readonly mayBankRead: boolean;
      readonly isKnown: boolean;
    }
    return askingWhenSilent<Told, TradingCoverage>(
      (told) =>
        store.transact(tenant, async (tx) => {
          const now = clock();
          if (kind === 'BANK' && !(await tx.hasConsentInView(uses, now))) {
            if (told === undefined) throw new ViewSilent();
            if (!told.mayBankRead) {
              throw refusals.CALLER_NOT_ALLOWED({ method, cause: 'CONSENT_MISSING' });
            }
          }
          const found = await tx.coverage(seller);
          const asOf = businessDayOf(now);
          const current = await tx.summaryNow(seller, asOf);
          if (found !== undefined && current !== undefined) {
            const facts = factsOf(current.summary);
            const { monthsWithSales } = facts.monthly;
            const missing = recordFaults(facts, await tx.policyInForce(now));
            return { seller, ...found, monthsWithSales, missing };
          }
          if ((await tx.sellerInView(seller)) === undefined) {
            if (told === undefined) throw new ViewSilent();
            if (!told.isKnown) throw refusals.NAME_UNKNOWN({ name: seller });
          }
          return nothingSent(seller);
        }),
      async () => {
        const mayBankRead =
          kind !== 'BANK' || (await party.consentFaults(tenant, uses, signal)).includes(undefined);
        const isKnown = mayBankRead && (await party.sellerOf(tenant, seller, signal)) !== undefined;
        return { mayBankRead, isKnown };
      },
    );
  };

const nothingSent = (seller: string): TradingCoverage => ({
  seller,
  watermark: 0n,
  saleCount: 0,
  purchaseCount: 0,
  firstDate: undefined,
  lastDate: undefined,
  monthsWithSales: 0,
  missing: ['NONE_SENT'],
});
