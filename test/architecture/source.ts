/** Reads sources as far as the rules need it: without comments, and by what they import. */
import { dirname, join } from 'node:path';

const script =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;
const sql = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:''|[^'])*'/g;
const comment = /^(\/\/|\/\*|--)/;

/** The text of a TypeScript, proto or SQL file without its comments. */
export const codeOf = (path: string, text: string): string =>
  text.replace(path.endsWith('.sql') ? sql : script, (token) => (comment.test(token) ? '' : token));

const importPattern = /\b(?:from|import)\s*\(?\s*(['"])(.+?)\1/g;

export const importsOf = (path: string, text: string): readonly string[] =>
  [...codeOf(path, text).matchAll(importPattern)].map(([, , name = '']) =>
    name.startsWith('.') ? join(dirname(path), name) : name,
  );
