/** A rule is a sentence, the function that finds its breaches, and breaches that it was seen to find. */
import { codeOf, importsOf } from './source.ts';
import { select, type Tree } from './tree.ts';

export interface Rule {
  readonly says: string;
  /** One line each, beginning with the path. */
  readonly breaches: (tree: Tree) => readonly string[];
  /** Changes to a sound tree, one at a time, that only this rule may complain of. */
  readonly planted: readonly Plant[];
}

/** Path and new text; undefined takes the file, or the folder, away. */
export type Plant = readonly [path: string, text: string | undefined];

interface Files {
  readonly says: string;
  readonly files: readonly string[];
  readonly except?: readonly string[];
  readonly planted: readonly Plant[];
}

/** A rule that looks at one file at a time; `find` names what is wrong with it. */
export function eachFile({
  find,
  ...rule
}: Files & { readonly find: (path: string, text: string, tree: Tree) => readonly string[] }): Rule {
  return {
    says: rule.says,
    planted: rule.planted,
    breaches: (tree) => {
      const { paths, empty } = select(tree, rule.files, rule.except);
      const found = paths.flatMap((path) =>
        find(path, tree.get(path) ?? '', tree).map((what) => `${path}: ${what}`),
      );
      return [...empty, ...found];
    },
  };
}

/** A rule that forbids a form of words in the code, comments aside. */
export const forbids = ({ words, ...rule }: Files & { readonly words: RegExp }): Rule =>
  eachFile({
    ...rule,
    find: (path, text) => {
      const match = words.exec(codeOf(path, text));
      return match === null ? [] : [match[0].trim()];
    },
  });

/** A rule on what files import: a path from the root for a relative import, else the name as written. */
export const importsOnly = ({
  allows,
  ...rule
}: Files & { readonly allows: (target: string, path: string) => boolean }): Rule =>
  eachFile({
    ...rule,
    find: (path, text) =>
      importsOf(path, text)
        .filter((target) => !allows(target, path))
        .map((target) => `imports ${target}`),
  });
