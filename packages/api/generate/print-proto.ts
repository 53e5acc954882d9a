/**
 * Prints a proto2 file from its descriptor: npm has buf/validate/validate.proto as generated code only.
 * Options and JSON names are left out, since the validator brings its own descriptor with them.
 */
import {
  type DescEnum,
  type DescExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  ScalarType,
} from '@bufbuild/protobuf';

/** Past the greatest field number; a range that ends here is written `max`. */
const rangeEnd = 536_870_912;

/** Refuses files that are not proto2: their fields would need other labels. */
export function printProto(file: DescFile): string {
  const { package: name, syntax, dependency } = file.proto;
  if (syntax !== '' && syntax !== 'proto2')
    throw new Error(`${file.name}: ${syntax} not supported`);
  const lines = [
    'syntax = "proto2";',
    `package ${name};`,
    ...dependency.map((path) => `import "${path}";`),
    ...file.enums.flatMap(enumLines),
    ...file.messages.flatMap(messageLines),
    ...file.extensions.flatMap(extensionLines),
  ];
  return `${lines.join('\n')}\n`;
}

const enumLines = ({ name, values, proto }: DescEnum): string[] =>
  braced(`enum ${name}`, [
    ...values.map((value) => `${value.name} = ${value.number};`),
    ...proto.reservedRange.map(({ start, end }) => `reserved ${start} to ${end};`),
    ...proto.reservedName.map((reserved) => `reserved "${reserved}";`),
  ]);

const messageLines = (message: DescMessage): string[] =>
  braced(`message ${message.name}`, [
    ...message.nestedEnums.flatMap(enumLines),
    ...message.nestedMessages.flatMap(messageLines),
    ...message.oneofs.flatMap(({ name, fields }) => braced(`oneof ${name}`, fields.map(bareField))),
    ...message.fields.filter(({ oneof }) => oneof === undefined).map(labelledField),
    ...message.proto.reservedRange.map(({ start, end }) => `reserved ${start} to ${end - 1};`),
    ...message.proto.reservedName.map((reserved) => `reserved "${reserved}";`),
    ...message.proto.extensionRange.map(
      ({ start, end }) => `extensions ${start} to ${end === rangeEnd ? 'max' : end - 1};`,
    ),
  ]);

const extensionLines = (extension: DescExtension): string[] =>
  braced(`extend .${extension.extendee.typeName}`, [labelledField(extension)]);

const labelledField = (field: DescField | DescExtension): string =>
  `${labelOf(field)} ${bareField(field)}`;

function labelOf({ fieldKind, presence }: DescField | DescExtension): string {
  if (fieldKind === 'list') return 'repeated';
  return presence === requiredPresence ? 'required' : 'optional';
}

/** LEGACY_REQUIRED of google.protobuf.FeatureSet.FieldPresence. */
const requiredPresence = 3;

const bareField = (field: DescField | DescExtension): string =>
  `${typeOf(field)} ${field.name} = ${field.number};`;

function typeOf(field: DescField | DescExtension): string {
  if (field.fieldKind === 'map') throw new Error(`${field.name}: maps are not supported`);
  if (field.message !== undefined) return `.${field.message.typeName}`;
  if (field.enum !== undefined) return `.${field.enum.typeName}`;
  return ScalarType[field.scalar as ScalarType].toLowerCase();
}

const braced = (head: string, lines: readonly string[]): string[] => [
  `${head} {`,
  ...lines.map((line) => `  ${line}`),
  '}',
];
