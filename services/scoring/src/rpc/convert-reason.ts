import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ReasonSchema } from '@lianbao/api/lianbao/kernel/v1/kernel_pb';
import type { Reason } from '@lianbao/scorecard';
import { hintsOf } from '../domain/reason-text.ts';

/** Reasons of a score on the wire; no rule brought them about, but points. */
export const toReasons = (reasons: readonly Reason[]): MessageInitShape<typeof ReasonSchema>[] =>
  reasons.map(({ code, zh, en }) => {
    const hints = hintsOf(code);
    return { code, textZh: zh, textEn: en, hintZh: hints.zh, hintEn: hints.en };
  });
