/** Bytes that are no honest message: of the wrong type, cut, flipped, or text that no database takes. */
import { type DescField, type DescMessage, type Message, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Random } from '../../deploy/local/src/market/random.ts';

export interface WireFault {
  readonly how: string;
  readonly bytes: Uint8Array;
  /** The field that the answer has to name; undefined: the bytes are no message. */
  readonly path: string | undefined;
}

const isText = (field: DescField): boolean =>
  (field.fieldKind === 'scalar' || field.fieldKind === 'list') &&
  field.scalar !== undefined &&
  field.scalar === 9; // ScalarType.STRING

/** Every text of the request, once with a NUL and once with a lone surrogate. */
export function unfitTexts({ fields }: DescMessage, valid: Uint8Array): readonly WireFault[] {
  return fields.filter(isText).flatMap((field) =>
    [
      ['a NUL', Buffer.from('a\0b')],
      ['a lone surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80])],
    ].map(([how, text]) => ({
      how: `${field.name} with ${how as string}`,
      bytes: joined(valid, (writer) =>
        writer.tag(field.number, WireType.LengthDelimited).bytes(text as Buffer),
      ),
      path: field.name,
    })),
  );
}

/** Every field once more, in a type of the wire that is not its own, with lengths that lead nowhere. */
export const wrongTypes = ({ fields }: DescMessage, valid: Uint8Array): readonly WireFault[] =>
  fields.flatMap(({ name, number }) => [
    {
      how: `${name} as a length past the end`,
      bytes: joined(valid, (writer) =>
        writer.tag(number, WireType.LengthDelimited).uint32(1_000_000),
      ),
      path: undefined,
    },
    {
      how: `${name} as the end of a group`,
      bytes: joined(valid, (writer) => writer.tag(number, WireType.EndGroup)),
      path: undefined,
    },
    {
      how: `${name} as a cut fixed number`,
      bytes: joined(valid, (writer) => writer.tag(number, WireType.Bit64).bool(true)),
      path: undefined,
    },
  ]);

function joined(valid: Uint8Array, write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return Buffer.concat([valid, writer.finish()]);
}

/** Bytes of chance alone. */
export const randomBytes = (random: Random): Uint8Array =>
  Uint8Array.from({ length: random.below(200) }, () => random.below(256));

/** A message with some of its bits turned over, and perhaps its end cut off or said twice. */
export function damaged(random: Random, schema: DescMessage, message: Message): Uint8Array {
  const bytes = Buffer.from(toBinary(schema, message));
  for (let turn = random.below(4); turn >= 0 && bytes.length > 0; turn -= 1) {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
  }
  const how = random.below(3);
  if (how === 0) return bytes.subarray(0, random.below(bytes.length + 1));
  return how === 1 ? Buffer.concat([bytes, bytes.subarray(random.below(bytes.length + 1))]) : bytes;
}
