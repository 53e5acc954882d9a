export {
  type AllInRate,
  allInRate,
  type Flow,
  type Grid,
  planFlows,
} from './all-in-rate.ts';
export {
  type Conventions,
  type DayCount,
  defaultConventions,
  type Engine,
  type FenRounding,
  type MonthEnd,
} from './conventions.ts';
export {
  type Instalment,
  type Plan,
  type PlanRefusal,
  type PlanRefusalReason,
  type PlanTerms,
  plan,
  type RepaymentMethod,
  ratePpmMax,
  termMonthsMax,
} from './plan.ts';
