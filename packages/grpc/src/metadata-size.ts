import type { Metadata } from '@grpc/grpc-js';
import { commonRefusals } from '@lianbao/kernel';

const fieldOverheadBytes = 32; // As HTTP/2 counts a field, RFC 9113, 6.5.2.

/**
 * Refuses metadata above the limit, as servers of other languages do. The limit cannot be left to
 * HTTP/2: grpc-js does not announce one, so Node takes up to 128 fields, which fit half a mebibyte.
 */
export function requireSmallMetadata(metadata: Metadata, limitBytes: number): void {
  let bytes = 0;
  for (const [name, values] of Object.entries(metadata.toJSON())) {
    for (const value of values as readonly (string | Buffer)[]) {
      bytes += name.length + value.length + fieldOverheadBytes;
    }
  }
  if (bytes > limitBytes) {
    throw commonRefusals.QUOTA_EXCEEDED({ limit: `${limitBytes} bytes of metadata` });
  }
}
