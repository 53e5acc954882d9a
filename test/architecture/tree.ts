/** The repository as texts by path, so that a rule can be tried on a tree that was never written. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';

/** Text by path from the root, `packages/kernel/src/money.ts`. */
export type Tree = ReadonlyMap<string, string>;

const readAsText = /\.(ts|json|sql|proto|sh|py|md|yaml)$/;
/** Not ours, or not kept: what git ignores, and the generated protos of others. */
const leftOut = /^(node_modules|\..+|deps|__pycache__)$/;
const dotFoldersKept = ['.ci'];

export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && (!leftOut.test(entry.name) || dotFoldersKept.includes(path))) {
        visit(path);
      } else if (entry.isFile()) {
        tree.set(path, readAsText.test(path) ? readFileSync(join(root, path), 'utf8') : '');
      }
    }
  };
  visit('.');
  return tree;
}

/** The tree with one file written anew, or with what stands at or below the path gone. */
export function withChange(tree: Tree, path: string, text: string | undefined): Tree {
  if (text !== undefined) return new Map([...tree, [path, text]]);
  return new Map([...tree].filter(([other]) => other !== path && !other.startsWith(`${path}/`)));
}

/** A service stands once it has its composition root; before, its folders may be empty. */
export const standingServices = (tree: Tree): readonly string[] =>
  [...tree.keys()].flatMap((path) => /^services\/([^/]+)\/src\/app\.ts$/.exec(path)?.[1] ?? []);

export interface Selection {
  readonly paths: readonly string[];
  /** One complaint for each pattern that matches nothing: a rule must not be kept by emptiness. */
  readonly empty: readonly string[];
}

/** A pattern below `services/*` has to match in every service that stands. */
export function select(
  tree: Tree,
  files: readonly string[],
  except: readonly string[] = [],
): Selection {
  const matches = (path: string, globs: readonly string[]) =>
    globs.some((glob) => matchesGlob(path, glob));
  const paths = [...tree.keys()].filter((path) => matches(path, files) && !matches(path, except));
  const services = standingServices(tree);
  const wanted = files.flatMap((glob) =>
    glob.startsWith('services/*/') && services.length > 0
      ? services.map((name) => glob.replace('services/*', `services/${name}`))
      : [glob],
  );
  const empty = wanted
    .filter((glob) => !paths.some((path) => matchesGlob(path, glob)))
    .map((glob) => `no file matches ${glob}`);
  return { paths, empty };
}
