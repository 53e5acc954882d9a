/** What the demo refuses to read: each kind of broken file, with its place. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { CalendarDate } from '@lianbao/kernel';
import { expect, it, onTestFinished } from 'vitest';
import { readFolder } from '../../deploy/local/src/data/folder.ts';

const asOf = '2020-02-21' as CalendarDate;
const header = 'enterprise,invoice_no,date,counterparty,amount,tax,total,status\n';
const sound = {
  'enterprises.csv':
    'enterprise,name,bank_rating,defaulted\nE1,***商贸有限公司,A,0\nE2,个体经营E2,D,1\n',
  'enterprises_unlabelled.csv': 'enterprise,name\nE3,***物流有限公司\n',
  'credit_output_invoices.csv.gz': `${header}E1,11459356,2019-08-04,B03711,9401.71,1598.29,11000.0,valid\nE2,1,2019-12-31,B1,-5,-0.65,-5.65,void\n`,
  'credit_input_invoices.csv.gz': `${header}E1,3390939,2019-07-18,A00297,943.4,56.6,1000.0,valid\n`,
  'nocredit_output_invoices.csv.gz': `${header}E3,15212483,2020-02-21,D00585,839350.55,92328.56,931679.11,valid\n`,
  'nocredit_input_invoices.csv.gz': header,
};
type File = keyof typeof sound;

/** A folder in which one file is another. */
function folderWith(file?: File, content?: string | Buffer | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'lianbao-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(sound)) {
    const wanted = name === file ? content : text;
    if (wanted === null || wanted === undefined) continue;
    const isText = typeof wanted === 'string';
    writeFileSync(join(folder, name), isText && name.endsWith('.gz') ? gzipSync(wanted) : wanted);
  }
  return folder;
}

async function toldOf(file: File, content: string | Buffer | null): Promise<string> {
  const folder = folderWith(file, content);
  return readFolder({ given: '.', from: folder }, asOf).then(
    () => 'nothing',
    (error: Error) => error.message,
  );
}

it('reads sound files, and derives what they do not say', async () => {
  const data = await readFolder({ given: '.', from: folderWith() }, asOf);
  const told = data.firms.map((firm) => [
    firm.code,
    firm.kind,
    firm.tradeCategory,
    firm.isBad,
    firm.invoices.count,
    firm.sales12mFen,
  ]);
  expect(told).toEqual([
    ['E1', 'COMPANY', 'F', false, 2, 9401_71n],
    ['E2', 'INDIVIDUAL_BUSINESS', 'O', true, 1, 0n],
    ['E3', 'COMPANY', 'G', undefined, 1, 0n],
  ]);
});

const row = 'E1,11459356,2019-08-04,B03711,9401.71,1598.29,11000.0,valid';
const second = (changed: string) => `${header}${row}\n${changed}\n`;
const sales = 'credit_output_invoices.csv.gz';

it.each<[what: string, file: File, content: string | Buffer | null, place: string]>([
  ['a file that is not there', 'enterprises.csv', null, 'enterprises.csv: there is no such file'],
  [
    'a missing column',
    'enterprises.csv',
    'enterprise,name,defaulter\nE1,x,0\n',
    'enterprises.csv:1:26: column "defaulted" is missing',
  ],
  [
    'an outcome that is none',
    'enterprises.csv',
    'enterprise,name,defaulted\nE1,x,2\n',
    'enterprises.csv:2:6: "2" is neither 0 nor 1',
  ],
  [
    'a firm that is there twice',
    'enterprises_unlabelled.csv',
    'enterprise,name\ne1,x\n',
    'enterprises_unlabelled.csv:2:1: enterprise e1 is there twice',
  ],
  [
    'a labelled firm without invoices',
    'enterprises.csv',
    'enterprise,name,defaulted\nE1,x,0\nE2,x,1\nE9,x,1\n',
    'enterprises.csv:4:1: enterprise E9 has no invoices',
  ],
  [
    'a missing column of invoices',
    sales,
    'enterprise,invoice_no,date,counterparty,amount,tax,total\n',
    `${sales}:1:57: column "status" is missing`,
  ],
  [
    'an unknown firm',
    sales,
    second(row.replace('E1', 'E7')),
    `${sales}:3:1: enterprise "E7" is not in enterprises.csv`,
  ],
  [
    'a firm of the other list',
    sales,
    second(row.replace('E1', 'E3')),
    `${sales}:3:1: enterprise "E3" is not in enterprises.csv`,
  ],
  [
    'a number with a space',
    sales,
    second(row.replace('11459356', '11 4')),
    `${sales}:3:4: "11 4" is no number`,
  ],
  [
    'a day that does not exist',
    sales,
    second(row.replace('2019-08-04', '2019-02-29')),
    `${sales}:3:13: "2019-02-29" is no day of the calendar`,
  ],
  [
    'a day that has not come',
    sales,
    second(row.replace('2019-08-04', '2020-02-22')),
    `${sales}:3:13: 2020-02-22 is after 2020-02-21`,
  ],
  [
    'another way to write a day',
    sales,
    second(row.replace('2019-08-04', '4/8/2019')),
    `${sales}:3:13: "4/8/2019" is no day of the calendar`,
  ],
  [
    'a counterparty that is a name',
    sales,
    second(row.replace('B03711', '张三')),
    `${sales}:3:24: "张三" is no code`,
  ],
  [
    'an amount with three decimals',
    sales,
    second(row.replace('9401.71', '9401.711')),
    `${sales}:3:31: "9401.711" is no amount`,
  ],
  [
    'a tax in words',
    sales,
    second(row.replace('1598.29', 'none')),
    `${sales}:3:39: "none" is no amount`,
  ],
  [
    'an unknown status',
    sales,
    second(row.replace('valid', 'red')),
    `${sales}:3:55: "red" is not valid or void`,
  ],
  ['a field too many', sales, second(`${row},x`), `${sales}:3:62: has 9 fields, the header 8`],
  [
    'GBK instead of UTF-8',
    'enterprises_unlabelled.csv',
    Buffer.from('656e74657270726973652c6e616d650a45332cb9abcbbe0a', 'hex'),
    'enterprises_unlabelled.csv:2:4: is not UTF-8 here',
  ],
  ['a gzip file that is cut', sales, gzipSync(second(row)).subarray(0, -12), `${sales}:2:`],
  [
    'a gzip file that is none',
    sales,
    Buffer.from('PK\u0003\u0004 not gzip'),
    `${sales}:1:1: is no sound gzip file`,
  ],
])('refuses %s', async (_, file, content, place) => {
  const [first, ...rest] = (await toldOf(file, content)).split('\n');
  expect(first?.slice(0, place.length)).toBe(place);
  expect(rest.at(-1)).toBe('Nothing was imported.');
});

it('ends before anything is started, and names the file as it was given', async () => {
  const folder = folderWith(sales, second(row.replace('valid', 'red')));
  const demo = resolve(import.meta.dirname, '../../deploy/local/src/demo.ts');
  const ended = await promisify(execFile)(process.execPath, [demo, '--data', '.'], {
    env: { ...process.env, INIT_CWD: folder },
  }).catch((error: { code: number; stdout: string; stderr: string }) => error);
  expect(ended).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `${sales}:3:55: "red" is not valid or void\nNothing was imported.\n`,
  });
});
