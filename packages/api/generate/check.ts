/** The part of `pnpm check` that reads the contract. Changes nothing but proto/deps, which git ignores. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { baselineFile } from './baseline.ts';
import { buf, codeFolder, codePath, type Outcome, protoFolder } from './buf.ts';
import { differences, makeCode, readCode } from './code.ts';
import { fillThirdParty } from './third-party.ts';

/** What is said when the step fails, and the step. */
const steps: Readonly<Record<string, () => Outcome>> = {
  'proto format: run `buf format --path lianbao -w` in proto/': () =>
    buf('format', '--path', 'lianbao', '-d', '--exit-code'),
  'proto lint: the contract is not in the agreed form': () => buf('lint'),
  'proto breaking: the contract of proto/baseline.binpb is broken': compareWithBaseline,
  'generated code: run `pnpm gen` and commit packages/api/src': compareCode,
};

function compareWithBaseline(): Outcome {
  if (!existsSync(join(protoFolder, baselineFile))) {
    return { passed: false, output: 'no baseline: run `pnpm gen:baseline` and commit it' };
  }
  return buf('breaking', '--path', 'lianbao', '--against', baselineFile);
}

function compareCode(): Outcome {
  const differing = differences(makeCode(), readCode(codeFolder));
  return {
    passed: differing.length === 0,
    output: differing.map((path) => `${codePath}/${path}`).join('\n'),
  };
}

/** A step that throws has failed, and the others still speak. */
function outcomeOf(step: () => Outcome): Outcome {
  try {
    return step();
  } catch (error) {
    return { passed: false, output: String(error) };
  }
}

fillThirdParty();
const failures = Object.entries(steps)
  .map(([complaint, step]) => ({ complaint, ...outcomeOf(step) }))
  .filter(({ passed }) => !passed);
for (const { complaint, output } of failures) {
  console.log(`FAILED ${complaint}`);
  console.log(output.replace(/^/gm, '  '));
}
if (failures.length === 0)
  console.log('proto: format, lint, breaking and generated code are in order');
process.exitCode = failures.length === 0 ? 0 : 1;
