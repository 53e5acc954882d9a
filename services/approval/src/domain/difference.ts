/** Where what is stored and what comes out again are not the same. */
import { canonicalText } from './decision/canonical.ts';

export interface Difference {
  readonly field: string;
  readonly stored: string;
  readonly replayed: string;
}

/** None where they are equal. */
export const differing = (
  field: string,
  stored: string | undefined,
  replayed: string | undefined,
): readonly Difference[] =>
  stored === replayed ? [] : [{ field, stored: stored ?? '', replayed: replayed ?? '' }];

/** The paths at which two values differ, as their canonical text has them. */
export function differingLeaves(
  prefix: string,
  stored: object,
  replayedValue: object,
): Difference[] {
  const [was, is] = [stored, replayedValue].map((each) => leavesOf(each)) as [Leaves, Leaves];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => ({
      field: prefix + path,
      stored: was.get(path) ?? '',
      replayed: is.get(path) ?? '',
    }));
}

type Leaves = ReadonlyMap<string, string>;

function leavesOf(value: object): Leaves {
  const leaves = new Map<string, string>();
  const walk = (at: unknown, path: string): void => {
    if (typeof at === 'object' && at !== null && Object.keys(at).length > 0) {
      for (const [name, member] of Object.entries(at)) {
        walk(member, path === '' ? name : `${path}.${name}`);
      }
    } else leaves.set(path, typeof at === 'string' ? at : JSON.stringify(at));
  };
  walk(JSON.parse(canonicalText(value)), '');
  return leaves;
}
