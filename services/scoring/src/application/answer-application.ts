/**
 * Answers ApplicationSubmitted: one ScoreComputed or ScoreRefused for an application and round, however
 * often the question comes.
 */
import { type Clock, type Log, type Origin, Refusal, type Tenant } from '@lianbao/kernel';
import {
  type Ground,
  personFaults,
  type ScorePolicy,
  type ScoreRefusalReason,
} from '../domain/score-refusal.ts';
import type { Champions } from './champions.ts';
import { makeScore } from './make-score.ts';
import type { ApplicationView, PartyPort, Transaction } from './ports.ts';
import { askGround, scoringUse } from './standing.ts';

export interface SubmittedApplication {
  readonly application: string;
  readonly round: number;
  readonly seller: string;
  readonly lender: string;
  readonly policyHash: string;
}

/** LATER: something has not arrived; the same question is to be put again. */
export type Answered = 'ANSWERED' | 'LATER';

export type AnswerApplication = (
  tx: Transaction,
  tenant: Tenant,
  origin: Origin,
  submitted: SubmittedApplication,
) => Promise<Answered>;

export function answerApplication(dependencies: {
  readonly party: PartyPort;
  readonly models: Champions;
  readonly clock: Clock;
  readonly log: Log;
}): AnswerApplication {
  const { models, clock } = dependencies;
  const inquiries = partyInquiries(dependencies);
  return async (tx, tenant, origin, submitted) => {
    const { application, round, seller, lender, policyHash } = submitted;
    const now = clock();
    const use = scoringUse(seller, lender);
    const view = await tx.lookForApplication({ application, round, use, policyHash, now });
    if (view.isAnswered) return 'ANSWERED';
    if (view.policy === undefined) return 'LATER';
    const ground = groundIn(view) ?? inquiries.answerOf(tenant, submitted);
    if (ground === undefined) return 'LATER';

    const faults = await faultsOr(personFaults(ground), async () => {
      const made = await makeScore(tx, models, {
        ...{ tenant, seller, lender, now, application },
        policy: view.policy as ScorePolicy,
        champion: view.champion,
        nameFor: () => ({ cause: application, round }),
      });
      if ('faults' in made) return made.faults;
      const { score } = made;
      const answer = { application, round, scoreUid: score.uid, refusals: [], answeredAt: now };
      if (!(await tx.insertAnswer(answer))) return [];
      await tx.addScore(score);
      await tx.scoreComputed(origin, score);
      return [];
    });
    if (faults.length === 0) return 'ANSWERED';
    const answer = { application, round, scoreUid: undefined, refusals: faults, answeredAt: now };
    if (await tx.insertAnswer(answer)) {
      await tx.scoreRefused(origin, { application, round, seller, lender, reasons: faults });
    }
    return 'ANSWERED';
  };
}

const faultsOr = async (
  faults: readonly ScoreRefusalReason[],
  otherwise: () => Promise<readonly ScoreRefusalReason[]>,
): Promise<readonly ScoreRefusalReason[]> => (faults.length > 0 ? faults : otherwise());

/** Undefined where the view does not say yes to both. */
const groundIn = ({ hasConsent, isBlocked }: ApplicationView): Ground | undefined =>
  hasConsent && isBlocked === false ? { consentFault: undefined, isBlocked } : undefined;

const answersMax = 10_000;

/**
 * What views do not say is asked of party beside the transaction, which cannot wait for it: the first
 * question gets no answer, and the same one a moment later does. An answer serves once, and for its
 * own application only: an older one would outlive a consent that was withdrawn since.
 */
function partyInquiries({ party, log }: { readonly party: PartyPort; readonly log: Log }) {
  const answers = new Map<string, Ground | 'ASKED'>();
  const ask = async (tenant: Tenant, seller: string, lender: string, key: string) => {
    try {
      answers.set(key, await askGround(party, tenant, scoringUse(seller, lender)));
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'NAME_UNKNOWN') {
        answers.set(key, { consentFault: 'NONE', isBlocked: false }); // Nobody consented.
        return;
      }
      answers.delete(key); // Asked again with the next attempt.
      log.warn({ tenant, seller, error }, 'party did not say whether a seller may be scored');
    }
  };
  return {
    answerOf: (
      tenant: Tenant,
      { application, round, seller, lender }: SubmittedApplication,
    ): Ground | undefined => {
      const key = `${tenant} ${application} ${round}`;
      const answer = answers.get(key);
      if (answer === 'ASKED') return undefined;
      if (answer !== undefined) {
        answers.delete(key);
        return answer;
      }
      const [oldest] = answers.keys();
      if (answers.size >= answersMax && oldest !== undefined) answers.delete(oldest);
      answers.set(key, 'ASKED');
      void ask(tenant, seller, lender, key);
      return undefined;
    },
  };
}
