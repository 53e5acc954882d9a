/**
 * What makes a policy impossible though each of its values is within its range: order between classes,
 * levels and times. All complaints come at once, by field of the content.
 */
import { type FieldViolation, ppmPerBps } from '@lianbao/kernel';
import { type AuthorityLimit, isWorseClass, type Policy } from './decision/policy.ts';

type Complain = (field: string, reason: string, description: string) => void;
type Check = (policy: Policy, complain: Complain) => void;

export function policyViolations(policy: Policy): readonly FieldViolation[] {
  const found: FieldViolation[] = [];
  const complain: Complain = (field, reason, description) =>
    found.push({ field: `content.${field}`, reason, description });
  for (const check of checks) check(policy, complain);
  return found;
}

const classRows: Check = ({ credit: { classes } }, complain) => {
  const { A, B, C } = classes;
  const amounts = [A.amountMaxFen, B.amountMaxFen, C.amountMaxFen] as const;
  if (amounts.some((amount) => amount <= 0n)) {
    complain('credit.classes', 'amount.positive', 'each amount_max has to be above zero');
  }
  if (amounts[0] < amounts[1] || amounts[1] < amounts[2]) {
    complain('credit.classes', 'monotone.amount', 'a worse class has a higher amount_max');
  }
  if (A.spreadBps > B.spreadBps || B.spreadBps > C.spreadBps) {
    complain('credit.classes', 'monotone.spread', 'a better class has a higher spread_bps');
  }
  if ((A.refer && !B.refer) || (B.refer && !C.refer)) {
    complain('credit.classes', 'monotone.refer', 'a better class is referred and a worse is not');
  }
};

const limitStep: Check = ({ credit }, complain) => {
  if (credit.limitStepFen <= 0n) {
    complain('credit.limit_step', 'amount.positive', 'has to be above zero');
  } else if (credit.limitStepFen > credit.classes.C.amountMaxFen) {
    complain('credit.limit_step', 'range.order', 'is above the smallest class cap');
  }
};

const rates: Check = ({ rate, credit }, complain) => {
  if (rate.lprPpm % ppmPerBps !== 0n) {
    complain('rate.lpr_ppm', 'rate.whole_bps', 'has to be whole basis points');
  }
  const cheapest =
    rate.lprPpm + BigInt(credit.fundingAndCostBps + credit.classes.A.spreadBps) * ppmPerBps;
  if (cheapest > rate.allInMaxPpm) {
    complain('rate.all_in_ppm_max', 'range.impossible', 'is below the rate of the best class');
  }
};

const lenderLimits: Check = ({ lender }, complain) => {
  if (lender.connectedCapitalBpsMax < lender.singleBorrowerCapitalBpsMax) {
    complain(
      'lender.connected_capital_bps_max',
      'range.order',
      'is below single_borrower_capital_bps_max',
    );
  }
  for (const [product, amountFen] of lender.programmeLimitsFen) {
    if (amountFen <= 0n) {
      complain('lender.programme_limits', 'amount.positive', `of ${product} has to be above zero`);
    }
  }
};

const times: Check = ({ decision }, complain) => {
  if (decision.scoreAgeDaysMax > decision.scorePersonDaysMax) {
    complain('decision.score_age_days_max', 'range.order', 'is above score_person_days_max');
  }
  if (decision.greenLenderTaskHours > decision.lenderTaskHours) {
    complain('decision.green_lender_task_hours', 'range.order', 'is above lender_task_hours');
  }
  if (decision.automaticAmountMaxFen <= 0n) {
    complain('decision.automatic_amount_max', 'amount.positive', 'has to be above zero');
  }
};

const levels: Check = ({ authority: { OFFICER, HEAD, COMMITTEE } }, complain) => {
  const rows: readonly (readonly [string, AuthorityLimit, AuthorityLimit])[] = [
    ['authority.head', OFFICER, HEAD],
    ['authority.committee', HEAD, COMMITTEE],
  ];
  for (const [field, lower, higher] of rows) {
    const less =
      higher.amountMaxFen < lower.amountMaxFen ||
      higher.connectedExposureMaxFen < lower.connectedExposureMaxFen ||
      isWorseClass(lower.worstClass, higher.worstClass);
    if (less) complain(field, 'monotone.authority', 'may do less than the level below it');
  }
  if (OFFICER.amountMaxFen < 0n || OFFICER.connectedExposureMaxFen < 0n) {
    complain('authority.officer', 'amount.not_negative', 'holds a negative amount');
  }
};

const checks: readonly Check[] = [classRows, limitStep, rates, lenderLimits, times, levels];
