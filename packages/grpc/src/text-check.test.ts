import { create, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, StructSchema } from '@bufbuild/protobuf/wkt';
import { ErrorInfoSchema } from '@lianbao/api/google/rpc/error_details_pb';
import { ServerReflectionRequestSchema } from '@lianbao/api/grpc/reflection/v1/reflection_pb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokenText, unfitText } from './text-check.ts';

describe('a NUL or a lone surrogate is found', () => {
  it.each(['a\0', '\0', 'a\ud800', '\udc00b'])('as %j', (reason) => {
    expect(unfitText(ErrorInfoSchema, create(ErrorInfoSchema, { reason }))).toBe('reason');
  });

  it('in a list, in a message of a list, and deeper', () => {
    const file = create(FileDescriptorProtoSchema, {
      dependency: ['a', 'b'],
      messageType: [
        { name: 'A' },
        { name: 'B', nestedType: [{ field: [{}, { jsonName: '\0' }] }] },
      ],
    });
    const path = 'message_type[1].nested_type[0].field[1].json_name';
    expect(unfitText(FileDescriptorProtoSchema, file)).toBe(path);
    file.dependency[1] = '\0';
    expect(unfitText(FileDescriptorProtoSchema, file)).toBe('dependency[1]');
  });

  it('in the values of a map, and in its keys, which are not printed', () => {
    const value = create(ErrorInfoSchema, { metadata: { good: 'a', bad: '\0' } });
    expect(unfitText(ErrorInfoSchema, value)).toBe('metadata[bad]');
    const key = create(ErrorInfoSchema, { metadata: { 'a\0': 'b' } });
    expect(unfitText(ErrorInfoSchema, key)).toBe('metadata');
  });

  it('in what is chosen of a oneof', () => {
    const value = create(ServerReflectionRequestSchema, {
      messageRequest: { case: 'fileByFilename', value: '\0' },
    });
    expect(unfitText(ServerReflectionRequestSchema, value)).toBe('file_by_filename');
  });

  it('in a message that holds itself', () => {
    const inner = { kind: { case: 'stringValue' as const, value: '\0' } };
    const value = create(StructSchema, { fields: { a: { kind: inner.kind } as never } });
    expect(unfitText(StructSchema, value as never)).toBeDefined();
  });

  it('and nothing is found in any other text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        fc.pre(![a, b].some((text) => text.includes('\0') || !text.isWellFormed()));
        const value = create(ErrorInfoSchema, { reason: a, metadata: { [b]: a } });
        expect(unfitText(ErrorInfoSchema, value)).toBeUndefined();
      }),
      { seed: 42 },
    );
  });
});

describe('bytes that are not UTF-8 are found', () => {
  const bad = Buffer.of(0xed, 0xa0, 0x80); // A surrogate.
  const field = (number: number, ...content: Uint8Array[]) => {
    const bytes = Buffer.concat(content);
    return Buffer.concat([Buffer.of((number << 3) | 2, bytes.length), bytes]);
  };

  it('in a field', () => {
    expect(brokenText(ErrorInfoSchema, field(1, bad))).toBe('reason');
  });

  it('in a list and in a message of a list', () => {
    const bytes = Buffer.concat([field(4, field(1, Buffer.from('A'))), field(4, field(1, bad))]);
    expect(brokenText(FileDescriptorProtoSchema, bytes)).toBe('message_type[1].name');
    const list = Buffer.concat([field(3, Buffer.from('a')), field(3, bad)]);
    expect(brokenText(FileDescriptorProtoSchema, list)).toBe('dependency[1]');
  });

  it('in a map', () => {
    const entry = (key: Buffer, value: Buffer) => field(3, field(1, key), field(2, value));
    const good = Buffer.from('a');
    expect(brokenText(ErrorInfoSchema, entry(good, bad))).toBe('metadata');
    expect(brokenText(ErrorInfoSchema, entry(bad, good))).toBe('metadata');
    expect(brokenText(ErrorInfoSchema, entry(good, good))).toBeUndefined();
  });

  it('and nothing is found in a good message', () => {
    const value = create(ErrorInfoSchema, { reason: '原因', metadata: { 键: '值' } });
    expect(brokenText(ErrorInfoSchema, toBinary(ErrorInfoSchema, value))).toBeUndefined();
  });
});
