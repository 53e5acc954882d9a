import type { Message } from '@bufbuild/protobuf';
import { callerKey, commonRefusals, sha256 } from '@lianbao/kernel';
import { fingerprintOf } from './act.ts';
import type { Call } from './handlers.ts';
import { fieldInvalid } from './validation.ts';

export interface Page {
  /** How many rows at most. */
  readonly size: number;
  /** The key of the last row that the caller has; undefined on the first page. */
  readonly after: string | undefined;
  readonly nextToken: (lastKey: string) => string;
}

const sizeDefault = 50;
const sizeMax = 500;
const tokenLifeMs = 24 * 3_600_000;

/**
 * Reads `page_size` and `page_token`. A token fits the same caller, rpc and filters for 24 hours; it
 * carries no rights. Refuses any other with PAGE_TOKEN_INVALID, and a negative size.
 */
export function readPage(call: Call, request: Message, now: Date): Page {
  const { pageSize = 0, pageToken = '' } = request as Message & {
    readonly pageSize?: number;
    readonly pageToken?: string;
  };
  if (pageSize < 0) throw fieldInvalid('page_size', 'page_size.negative', 'is negative');
  const { caller, method, input } = call;
  const filters = fingerprintOf(input, request, ['page_size', 'page_token']);
  const bound = sha256(`${caller.tenant}\n${callerKey(caller)}\n${method}\n${filters}`).slice(
    0,
    32,
  );
  return {
    size: pageSize === 0 ? sizeDefault : Math.min(pageSize, sizeMax),
    after: pageToken === '' ? undefined : readToken(pageToken, bound, now),
    nextToken: (lastKey) =>
      Buffer.from(JSON.stringify([bound, now.getTime(), lastKey])).toString('base64url'),
  };
}

function readToken(token: string, bound: string, now: Date): string {
  const [boundTo, madeMs, lastKey] = parsed(token);
  const ageMs = now.getTime() - Number(madeMs);
  if (boundTo !== bound || !(ageMs >= 0 && ageMs <= tokenLifeMs) || typeof lastKey !== 'string') {
    throw commonRefusals.PAGE_TOKEN_INVALID({ field: 'page_token' });
  }
  return lastKey;
}

function parsed(token: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
