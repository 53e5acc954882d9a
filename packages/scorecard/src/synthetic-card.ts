/** A card trained on the made-up market, for tests. */
import { compile } from './compile.ts';
import { defaultConfig } from './config.ts';
import { syntheticTable } from './synthetic-table.ts';
import { train } from './train.ts';

export const provenance = { featureSetVersion: 'synthetic-1', asOf: '2020-02-21', dataHash: '00' };
export const config = { ...defaultConfig, centralTendencyPpm: 30_000n };
export const table = syntheticTable(1_500, 42);
export const { artefact, report } = train(table, config, provenance);
export const scorer = compile(artefact, report.artefactHash);
export const vectorOf = (row: number) =>
  Float64Array.from(table.columns, (column) => column[row] as number);
