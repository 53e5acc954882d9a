/** `pnpm gen:baseline`: makes the contract as it stands the one that later changes must not break. */
import { buf } from './buf.ts';
import { fillThirdParty } from './third-party.ts';

/** Image of the contract that was promised last, from the folder proto/. */
export const baselineFile = 'baseline.binpb';

if (import.meta.main) {
  fillThirdParty();
  const { passed, output } = buf(
    'build',
    '--path',
    'lianbao',
    '--exclude-source-info',
    '-o',
    baselineFile,
  );
  console.log(passed ? `proto/${baselineFile} holds the contract of today` : output);
  process.exitCode = passed ? 0 : 1;
}
