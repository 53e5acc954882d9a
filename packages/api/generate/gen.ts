/** `pnpm gen`: brings packages/api/src up to date with proto/. Needs no network. */
import { makeCode, writeCode } from './code.ts';
import { fillThirdParty } from './third-party.ts';

fillThirdParty();
const changed = writeCode(makeCode());
for (const path of changed) console.log(`packages/api/src/${path}`);
console.log(
  changed.length === 0 ? 'generated code is up to date' : `${changed.length} files written`,
);
