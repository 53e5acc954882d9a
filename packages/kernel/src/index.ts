export { allocate } from './allocate.ts';
export type { Brand, CalendarDate, Tenant, Uid } from './brand.ts';
export {
  addDays,
  addMonths,
  businessDayOf,
  calendarDate,
  dateOf,
  dayIndex,
  dayOfIndex,
  daysBetween,
  daysInMonth,
  monthIndex,
  partsOf,
  startOfBusinessDay,
} from './calendar.ts';
export {
  type Act,
  Answer,
  type AuthorityLevel,
  type Caller,
  type CallerKind,
  callerKey,
  normalisedPerson,
} from './caller.ts';
export { canonicalJson, contentHash, type Json, sha256 } from './canonical-json.ts';
export { type Clock, type SteppedClock, shiftedClock, steppedClock } from './clock.ts';
export { calendarVersion, isStatutoryHoliday, isWorkingDay } from './holidays.ts';
export { endOfLegalPeriod, type LegalPeriod } from './legal-period.ts';
export {
  type Currency,
  compare,
  fen,
  formatMoney,
  greatest,
  least,
  type Money,
  minus,
  money,
  negate,
  plus,
  scale,
  scaleDown,
  scaleUp,
  stepDown,
  sumOf,
  times,
  yuan,
} from './money.ts';
export { exp, log, log1p } from './numeric.ts';
export {
  type Labels,
  type Log,
  type LogFields,
  type Meter,
  silentLog,
  silentMeter,
} from './observe.ts';
export { actorOf, type Origin, originOfAct } from './origin.ts';
export type { Slice, Sliced } from './paging.ts';
export {
  bpsPerOne,
  decimalOfPpm,
  percentOfPpm,
  ppmOfDecimal,
  ppmPerBps,
  ppmPerOne,
  ppmUpToBps,
} from './rate.ts';
export { ceilDivide, type Rounding, roundedRatio } from './ratio.ts';
export {
  catalogueRefusals,
  commonRefusals,
  type Facts,
  type FieldViolation,
  Refusal,
  type RefusalDetail,
  type RefusalEntry,
  type RefusalKind,
  type RefusalMaker,
} from './refusal.ts';
export { idOf, isResourceId, liesUnder, namePattern, parentOf } from './resource-name.ts';
export { currentTraceId, currentTraceparent, withTrace } from './trace.ts';
export { eventUid, madeUid, resourceUid } from './uid.ts';
