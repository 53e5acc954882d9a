import { describe, expect, it } from 'vitest';
import { type Artefact, artefactHash, artefactText } from './artefact.ts';
import { ArtefactCorrupt, compile } from './compile.ts';
import { defaultConfig } from './config.ts';
import { syntheticTable } from './synthetic-table.ts';
import { train } from './train.ts';

const provenance = { featureSetVersion: 'synthetic-1', asOf: '2020-02-21', dataHash: '00' };
const config = { ...defaultConfig, centralTendencyPpm: 30_000n };
const { artefact, report } = train(syntheticTable(1_500, 42), config, provenance);

describe('compile refuses', () => {
  type Path = readonly (string | number)[];
  /** A copy in which the value at `path` is another. */
  const tampered = (path: Path, value: unknown): Artefact => {
    const copy = JSON.parse(artefactText(artefact));
    let at: Record<string | number, unknown> = copy;
    for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
    at[path.at(-1) as string] =
      typeof value === 'number' ? (at[path.at(-1) as string] as number) + value : value;
    return copy;
  };
  const failures = (copy: Artefact, hash: string): readonly string[] => {
    try {
      compile(copy, hash);
      return [];
    } catch (error) {
      return error instanceof ArtefactCorrupt ? error.failed : [String(error)];
    }
  };
  // A number is added to what stands there.
  const changes: [string, Path, unknown, RegExp][] = [
    ['a point', ['card', 'features', 0, 'bins', 0, 'points'], 1, /POINTS sales 0/],
    ['a PD', ['card', 'pdPpmByScore', 0], -1, /PD_TABLE/],
    ['a vector', ['testVectors', 7, 'points'], 1, /VECTOR 7/],
    ['the base', ['card', 'basePoints'], 1, /BASE_POINTS/],
    ['a cut', ['card', 'features', 0, 'cuts', 0], 200, /VECTOR/],
    ['a reason', ['card', 'features', 0, 'reasonCode'], 'ARREARS_RECENT', /VECTOR/],
    ['a grade bound', ['card', 'masterScale', 3, 'pdPpmMax'], 1, /MASTER_SCALE/],
    ['the schema', ['schemaVersion'], 1, /SCHEMA_VERSION/],
    ['the card', ['card'], null, /SHAPE/],
  ];

  it.each(changes)('%s that was changed, by its hash', (_, path, value) => {
    expect(failures(tampered(path, value), report.artefactHash)).not.toEqual([]);
  });

  it.each(changes)('%s that was changed, even under a hash to match', (_, path, value, names) => {
    const copy = tampered(path, value);
    expect(failures(copy, artefactHash(copy)).join()).toMatch(names);
  });

  it('a limit that was changed, by its hash', () => {
    const copy = tampered(['limitTable', 'salesShareBps', 'A'], '1801');
    expect(failures(copy, report.artefactHash)).toEqual(['HASH']);
  });

  it('text that is no JSON', () => {
    expect(() => compile('{', report.artefactHash)).toThrow(ArtefactCorrupt);
  });
});
