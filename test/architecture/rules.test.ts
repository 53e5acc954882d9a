/** The rules themselves: silent on a sound tree, and each seen to find its planted breach, alone. */
import { describe, expect, it } from 'vitest';
import { rules } from './rules.ts';
import { soundTree } from './sound-tree.ts';
import { type Tree, withChange } from './tree.ts';

const complaining = (tree: Tree): readonly string[] =>
  rules.filter(({ breaches }) => breaches(tree).length > 0).map(({ says }) => says);

it('lets a sound tree pass', () => {
  expect(rules.flatMap(({ breaches }) => breaches(soundTree))).toEqual([]);
});

describe.each(rules)('$says', ({ says, breaches, planted }) => {
  it('has breaches to be tried with', () => {
    expect(planted.length).toBeGreaterThan(0);
  });

  it.each(planted)('is the only one to complain of %s: %j', (path, text) => {
    expect(complaining(withChange(soundTree, path, text))).toEqual([says]);
  });

  it('is not kept by a tree in which it finds nothing to look at', () => {
    const bareService = new Map([['services/party/src/app.ts', '']]);
    const trees = [new Map<string, string>(), bareService];
    expect(trees.some((tree) => breaches(tree).length > 0)).toBe(true);
  });
});
