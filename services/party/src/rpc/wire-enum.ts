import { fieldInvalid } from '@lianbao/grpc';

/** The domain's value of a wire enum, by the same table that writes it. */
export function fromWire<Value extends string>(
  table: Readonly<Record<Value, number>>,
  wire: number,
  field: string,
): Value {
  const found = (Object.keys(table) as Value[]).find((value) => table[value] === wire);
  if (found === undefined)
    throw fieldInvalid(field, 'enum.defined_only', 'is no value of its enum');
  return found;
}
