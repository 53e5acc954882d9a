import type { DescEnum } from '@bufbuild/protobuf';

/** The short name of an enum's value: APPROVED of DECISION_OUTCOME_APPROVED. */
export const enumName = ({ value }: DescEnum, number: number): string =>
  value[number]?.localName ?? String(number);
