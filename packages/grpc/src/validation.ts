/** The rules that stand in the proto files, checked by one validator for the whole process. */
import type { DescMessage, Message } from '@bufbuild/protobuf';
import { pathToString } from '@bufbuild/protobuf/reflect';
import { createValidator } from '@bufbuild/protovalidate';
import { commonRefusals, type Facts, type FieldViolation, type Refusal } from '@lianbao/kernel';

const patterns = new Map<string, RegExp>();

const validator = createValidator({
  // Patterns come from our own proto files; the platform's engine is many times faster.
  regexMatch: (pattern, text) => {
    let known = patterns.get(pattern);
    if (known === undefined) {
      known = new RegExp(pattern, 'u');
      patterns.set(pattern, known);
    }
    return known.test(text);
  },
});

/** All violations at once, each with the rule's id as its reason and a path like `records[3].event_date`. */
export function violationsIn(schema: DescMessage, message: Message): readonly FieldViolation[] {
  const result = validator.validate(schema, message);
  if (result.kind === 'valid') return [];
  if (result.kind === 'error') throw result.error;
  return result.violations.map(({ field, message: description, ruleId: reason }) => ({
    field: pathToString(field),
    description,
    reason,
  }));
}

export const fieldsInvalid = (violations: readonly FieldViolation[], facts: Facts = {}): Refusal =>
  commonRefusals.FIELD_INVALID(facts, { violations });

/** Refuses one field; the rule is a short stable id such as `money.currency`. */
export const fieldInvalid = (field: string, rule: string, description: string): Refusal =>
  fieldsInvalid([{ field, description, reason: rule }], { field });
