import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { file_buf_validate_validate } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { expect, it, onTestFinished } from 'vitest';
import { buf } from './buf.ts';
import { printProto } from './print-proto.ts';

const fieldShape = ({ name, number, label, type, typeName, oneofIndex }: FieldDescriptorProto) => ({
  name,
  number,
  label,
  type,
  typeName,
  oneofIndex,
});

const enumShape = ({ name, value, reservedName }: EnumDescriptorProto) => ({
  name,
  values: value.map((entry) => [entry.name, entry.number]),
  reservedName,
});

const byNumber = (fields: readonly FieldDescriptorProto[]) =>
  fields.map(fieldShape).sort((a, b) => a.number - b.number);

const messageShape = (message: DescriptorProto): unknown => ({
  name: message.name,
  fields: byNumber(message.field),
  oneofs: message.oneofDecl.map(({ name }) => name),
  nested: message.nestedType.map(messageShape),
  enums: message.enumType.map(enumShape),
  reserved: message.reservedRange.map(({ start, end }) => [start, end]),
  extensions: message.extensionRange.map(({ start, end }) => [start, end]),
});

/** All but options and JSON names. */
const fileShape = (file: FileDescriptorProto) => ({
  package: file.package,
  imports: file.dependency,
  messages: file.messageType.map(messageShape),
  enums: file.enumType.map(enumShape),
  extensions: byNumber(file.extension),
});

it('prints a file that compiles to the descriptor it was printed from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianbao-print-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'validate.proto'), printProto(file_buf_validate_validate));
  const image = join(folder, 'image.binpb');
  expect(buf('build', folder, '--exclude-source-info', '-o', image)).toMatchObject({
    passed: true,
  });
  const { file } = fromBinary(FileDescriptorSetSchema, readFileSync(image));
  const compiled = file.find(({ name }) => name === 'validate.proto') as FileDescriptorProto;
  expect(compiled.messageType.length).toBeGreaterThan(20);
  expect(fileShape(compiled)).toEqual(fileShape(file_buf_validate_validate.proto));
});
