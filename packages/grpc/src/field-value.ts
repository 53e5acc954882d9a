import type { DescField } from '@bufbuild/protobuf';

/** A field of a message by its descriptor; undefined when another of its oneof is chosen. */
export function fieldValue(message: Readonly<Record<string, unknown>>, field: DescField): unknown {
  if (field.oneof === undefined) return message[field.localName];
  const chosen = message[field.oneof.localName] as { case?: string; value?: unknown };
  return chosen.case === field.localName ? chosen.value : undefined;
}
