import { Metadata } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { requireSmallMetadata } from './metadata-size.ts';

it('counts names, values and 32 bytes for each value, repeated and binary ones too', () => {
  const metadata = new Metadata();
  metadata.add('one', '12345'); // 3 + 5 + 32
  metadata.add('two', '1'); // 3 + 1 + 32
  metadata.add('two', '12'); // 3 + 2 + 32
  metadata.add('x-bin', Buffer.alloc(10)); // 5 + 10 + 32
  requireSmallMetadata(metadata, 160);
  expect(() => requireSmallMetadata(metadata, 159)).toThrow(
    expect.objectContaining({
      kind: 'EXHAUSTED',
      reason: 'QUOTA_EXCEEDED',
      facts: { limit: '159 bytes of metadata' },
      retryAfterMs: undefined, // The same will not fit later either.
    }),
  );
});
