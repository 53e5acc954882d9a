import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { type StatusObject, status } from '@grpc/grpc-js';
import { BadRequestSchema, ErrorInfoSchema } from '@lianbao/api/google/rpc/error_details_pb';
import { StatusSchema } from '@lianbao/api/google/rpc/status_pb';
import { catalogueRefusals, commonRefusals, type RefusalKind } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { detailsKey, statusOfRefusal } from './status.ts';

const parts = (outcome: StatusObject) =>
  fromBinary(StatusSchema, outcome.metadata.get(detailsKey)[0] as Buffer);
const violationsOf = (outcome: StatusObject) =>
  parts(outcome).details.flatMap(
    (part) => anyUnpack(part, BadRequestSchema)?.fieldViolations ?? [],
  );
const factsOf = (outcome: StatusObject) =>
  parts(outcome).details.flatMap((part) => anyUnpack(part, ErrorInfoSchema) ?? [])[0]?.metadata;

it.each<[RefusalKind, status]>([
  ['INVALID', status.INVALID_ARGUMENT],
  ['NOT_FOUND', status.NOT_FOUND],
  ['ALREADY_EXISTS', status.ALREADY_EXISTS],
  ['PRECONDITION', status.FAILED_PRECONDITION],
  ['UNAUTHENTICATED', status.UNAUTHENTICATED],
  ['FORBIDDEN', status.PERMISSION_DENIED],
  ['EXHAUSTED', status.RESOURCE_EXHAUSTED],
  ['CONTENTION', status.ABORTED],
  ['UNAVAILABLE', status.UNAVAILABLE],
])('a refusal of kind %s has code %d, inside and out', (kind, code) => {
  const { SOME } = catalogueRefusals('test.lianbao', { SOME: [kind, '某', 'some'] });
  const outcome = statusOfRefusal(SOME());
  expect(outcome).toMatchObject({ code, details: 'some' });
  expect(parts(outcome)).toMatchObject({ code, message: 'some' });
});

it('names the field of a refusal that has one in its facts', () => {
  const outcome = statusOfRefusal(commonRefusals.FIELD_INVALID({ field: 'name', limit: '63' }));
  expect(violationsOf(outcome)).toMatchObject([
    { field: 'name', description: '63', reason: 'FIELD_INVALID' },
  ]);
});

it('fits the trailers that other languages take, and says how many violations it left out', () => {
  const violations = Array.from({ length: 1_000 }, (_, index) => ({
    field: `records[${index}].event_date`,
    description: 'value is required',
    reason: 'required',
  }));
  const outcome = statusOfRefusal(commonRefusals.FIELD_INVALID({}, { violations }));
  const shown = violationsOf(outcome).length;
  expect(shown).toBeGreaterThan(50);
  expect(factsOf(outcome)).toEqual({ violationsNotShown: String(1_000 - shown) });
  const bytes = outcome.metadata.get(detailsKey)[0] as Buffer;
  expect(bytes.toString('base64').length + encodeURI(outcome.details).length).toBeLessThan(8_000);
});

it('cuts what is long, and mends what cannot be sent', () => {
  const outcome = statusOfRefusal(
    commonRefusals.NAME_UNKNOWN({ name: `${'x'.repeat(400)}`, odd: '\ud800' }),
  );
  expect(outcome.details).toHaveLength(300);
  expect(factsOf(outcome)?.name).toHaveLength(300);
  expect(factsOf(outcome)?.odd).toBe('\ufffd');
  expect(() => encodeURI(outcome.details)).not.toThrow();
});
