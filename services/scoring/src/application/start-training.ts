import {
  type Act,
  type Answer,
  businessDayOf,
  type CalendarDate,
  type Clock,
  contentHash,
  type FieldViolation,
  resourceUid,
} from '@lianbao/kernel';
import { refusals } from '../domain/refusals.ts';
import { labelsMin, type ScoreModelVersion } from '../domain/score-model.ts';
import { originOf } from './origin.ts';
import type { Store } from './ports.ts';

export interface TrainingWish {
  readonly name: string;
  readonly asOf: CalendarDate;
  readonly centralTendencyPpm: bigint;
  readonly labels: readonly {
    readonly seller: string;
    readonly isBad: boolean;
    readonly observedDate: CalendarDate;
  }[];
}

const violationsMax = 100;

/**
 * Notes what is to be trained and with what was known by now; a timer trains. Refuses labels that are too
 * few, of one outcome, of the future, doubled, or of sellers without records, all at once by field.
 */
export const startTraining =
  ({ store, clock }: { readonly store: Store; readonly clock: Clock }) =>
  (act: Act<ScoreModelVersion>, wish: TrainingWish): Promise<Answer> =>
    store.once(act, async (tx) => {
      const now = clock();
      const { tenant, person } = act.caller;
      const { name, asOf, centralTendencyPpm, labels } = wish;
      await tx.reserveModelName(name);
      const there = await tx.modelNamed(name);
      if (there !== undefined) {
        throw refusals.NAME_TAKEN({
          existingName: name,
          sameContent: String(isAlike(there, await tx.labelsOf(name), wish)),
        });
      }
      const watermarks = await tx.watermarksOf(labels.map(({ seller }) => seller));
      const violations = violationsOf(wish, businessDayOf(now), watermarks);
      if (violations.length > 0) {
        const field = violations[0]?.field ?? '';
        throw refusals.FIELD_INVALID({ field }, { violations: violations.slice(0, violationsMax) });
      }
      const model: ScoreModelVersion = {
        name,
        state: 'TRAINING',
        asOf,
        centralTendencyPpm,
        labelCount: labels.length,
        artefactHash: undefined,
        report: undefined,
        failure: undefined,
        maker: person,
        validator: undefined,
        promoter: undefined,
        revision: 1,
        createdAt: now,
        updatedAt: now,
      };
      const known = labels.map((label) => ({
        ...label,
        watermark: watermarks.get(label.seller) as bigint,
      }));
      await tx.insertModel(originOf(act, now, resourceUid(tenant, name)), model, known);
      await tx.startTraining(name, now);
      return model;
    });

const isAlike = (
  model: ScoreModelVersion,
  labels: TrainingWish['labels'],
  wish: TrainingWish,
): boolean =>
  model.asOf === wish.asOf &&
  model.centralTendencyPpm === wish.centralTendencyPpm &&
  labelsHash(labels) === labelsHash(wish.labels);

/** In the order of the call, which the trained bytes follow. */
const labelsHash = (labels: TrainingWish['labels']): string =>
  contentHash(labels.map(({ seller, isBad, observedDate }) => [seller, isBad, observedDate]));

function violationsOf(
  { asOf, labels }: TrainingWish,
  today: CalendarDate,
  watermarks: ReadonlyMap<string, bigint>,
): readonly FieldViolation[] {
  const violations: FieldViolation[] = [];
  const add = (field: string, reason: string, description: string) =>
    violations.push({ field, reason, description });
  if (asOf > today) add('as_of', 'date.future', `is after today, ${today}`);
  const badCount = labels.filter(({ isBad }) => isBad).length;
  if (labels.length < labelsMin) {
    add('labels', 'labels.too_few', `has ${labels.length}, at least ${labelsMin} are needed`);
  }
  if (badCount === 0) add('labels', 'labels.one_outcome', 'has no seller that defaulted');
  if (badCount === labels.length) add('labels', 'labels.one_outcome', 'has none that did not');
  const seen = new Set<string>();
  for (const [at, { seller, observedDate }] of labels.entries()) {
    if (seen.has(seller)) add(`labels[${at}].seller`, 'labels.repeated', 'is there twice');
    seen.add(seller);
    if (!watermarks.has(seller)) {
      add(`labels[${at}].seller`, 'seller.no_records', 'has no trading records here');
    }
    if (observedDate > today) {
      add(`labels[${at}].observed_date`, 'date.future', `is after today, ${today}`);
    }
  }
  return violations;
}
