import { describe, expect, it } from 'vitest';
import { Complaints } from './complaints.ts';
import { readCsv } from './csv.ts';

function read(text: string, wanted = ['b', 'a']): { rows: string[][]; told: string } {
  const complaints = new Complaints();
  const rows: string[][] = [];
  readCsv('t.csv', text, wanted, complaints, (row) => {
    rows.push(wanted.map((_, at) => row.text(at)));
    if (row.text(0) === 'bad') row.refuse(0, 'is bad');
  });
  try {
    complaints.throwIfAny();
    return { rows, told: '' };
  } catch (error) {
    return { rows, told: (error as Error).message };
  }
}

describe('a file of rows', () => {
  it('gives the wanted columns wherever they stand', () => {
    expect(read('a,x,b\n1,2,3\n4,5,6\n').rows).toEqual([
      ['3', '1'],
      ['6', '4'],
    ]);
  });

  it('may end its lines with CRLF and the last one with nothing', () => {
    expect(read('a,b\r\n1,2\r\n3,4').rows).toEqual([
      ['2', '1'],
      ['4', '3'],
    ]);
  });

  it('may quote fields, with commas and quotes inside', () => {
    expect(read('a,b\n"1,""x""",2\n').rows).toEqual([['2', '1,"x"']]);
  });

  it.each([
    ['a\n1\n', 't.csv:1:2: column "b" is missing'],
    ['', 't.csv:1:1: column "b" is missing'],
    ['a,b,b\n', 't.csv:1:1: column "b" is there twice'],
    ['a,b\n1\n', 't.csv:2:2: has 1 fields, the header 2'],
    ['a,b\n1,2,3\n', 't.csv:2:6: has 3 fields, the header 2'],
    ['a,b\n1,2\n\n3,4\n', 't.csv:3:1: the line is empty'],
    ['a,b\n1,"2\n', 't.csv:2:3: the quotes do not match'],
    ['a,b\n1,2"3\n', 't.csv:2:4: the quotes do not match'],
    ['a,b\n"x,y",bad\n', 't.csv:2:7: is bad'],
  ])('tells line and column of what is wrong: %j', (text, told) => {
    expect(read(text).told.split('\n')[0]).toBe(told);
  });

  it('tells of twenty places at most, and how many more there are', () => {
    const { told } = read(`a,b\n${'1,bad\n'.repeat(25)}`);
    expect(told.split('\n').slice(-2)).toEqual(['and 5 more', 'Nothing was imported.']);
    expect(told.split('\n')).toHaveLength(22);
  });
});
