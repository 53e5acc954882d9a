/** The public sets of scoring.md 2 as training tables: no trend is promised, so all are `auto`. */
import type { FeatureDefinition, TrainingTable } from '../src/index.ts';
import {
  cellColumn,
  codes,
  numbers,
  readArff,
  readCsv,
  readSpaced,
  type TextTable,
} from './text-table.ts';

const definition = (id: string, categorical: boolean): FeatureDefinition => ({
  id,
  trend: 'auto',
  specials: [],
  reasonCode: 'QUALITY_WEAK',
  categorical,
});

function tableOf(
  text: TextTable,
  numeric: readonly string[],
  categorical: readonly string[],
  isBad: (row: readonly string[]) => boolean,
): TrainingTable {
  return {
    features: [
      ...numeric.map((name) => definition(name, false)),
      ...categorical.map((name) => definition(name, true)),
    ],
    columns: [
      ...numeric.map((name) => numbers(cellColumn(text, name))),
      ...categorical.map((name) => codes(cellColumn(text, name))),
    ],
    bad: Uint8Array.from(text.rows, (row) => (isBad(row) ? 1 : 0)),
  };
}

const except = (names: readonly string[], out: readonly string[]): string[] =>
  names.filter((name) => !out.includes(name));

export function german(dir: string): TrainingTable {
  const text = readSpaced(`${dir}/german/german.data`, false);
  const numeric = ['c2', 'c5', 'c8', 'c11', 'c13', 'c16', 'c18'];
  const categorical = except(text.names, [...numeric, 'c21']);
  return tableOf(text, numeric, categorical, (row) => row[20] === '2');
}

export function southGerman(dir: string): TrainingTable {
  const text = readSpaced(`${dir}/south_german/SouthGermanCredit.asc`, true);
  const numeric = ['duration', 'amount', 'age'];
  const categorical = except(text.names, [...numeric, 'credit_risk']);
  return tableOf(text, numeric, categorical, (row) => row.at(-1) === '0');
}

export function polish(dir: string): TrainingTable {
  const text = readArff(`${dir}/polish_5y/5year.arff.gz`);
  return tableOf(text, text.names.slice(0, 64), [], (row) => row.at(-1)?.trim() === '1');
}

export function taiwan(dir: string): TrainingTable {
  const text = readCsv(`${dir}/uci_taiwan/UCI_Credit_Card.csv.gz`);
  const categorical = ['SEX', 'EDUCATION', 'MARRIAGE'];
  const label = 'default.payment.next.month';
  const numeric = except(text.names, ['ID', label, ...categorical]);
  return tableOf(text, numeric, categorical, (row) => row.at(-1) === '1');
}

export function lendingClub(dir: string): TrainingTable {
  const text = readCsv(`${dir}/lending_club/lending_club.csv.gz`);
  return mixed(text, 'Class', (row) => row.at(-1) === 'bad');
}

export function spanish(dir: string): TrainingTable {
  const text = readCsv(`${dir}/spanish/credit_data.csv`);
  return mixed(text, 'Status', (row) => row[0] === 'bad');
}

/** A column is numeric where every cell that is not empty is a number. */
function mixed(
  text: TextTable,
  label: string,
  isBad: (row: readonly string[]) => boolean,
): TrainingTable {
  const names = except(text.names, [label]);
  const isNumeric = (name: string) =>
    cellColumn(text, name).every((cell) => cell === '' || cell === 'NA' || !Number.isNaN(+cell));
  const numeric = names.filter(isNumeric);
  return tableOf(text, numeric, except(names, numeric), isBad);
}

export function sbaCase(dir: string): TrainingTable {
  const raw = readCsv(`${dir}/sbacase/SBAcase.11.13.17.csv`);
  const franchise = cellColumn(raw, 'FranchiseCode').map((code) => (Number(code) > 1 ? '1' : '0'));
  const zip3 = cellColumn(raw, 'Zip').map((zip) => String(Math.floor(Number(zip) / 100)));
  const text = {
    names: [...raw.names, 'Franchise', 'Zip3'],
    rows: raw.rows.map((row, at) => [...row, franchise[at] ?? '', zip3[at] ?? '']),
  };
  const numeric =
    'NoEmp New CreateJob RetainedJob Franchise DisbursementGross GrAppv SBA_Appv Portion';
  const categorical = 'UrbanRural RevLineCr LowDoc NAICS BankState Zip3';
  const label = text.names.indexOf('Default');
  return tableOf(text, numeric.split(' '), categorical.split(' '), (row) => row[label] === '1');
}
