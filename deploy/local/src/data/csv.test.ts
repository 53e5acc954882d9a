import { describe, expect, it } from 'vitest';
import { Complaints } from './complaints.ts';
import { readCsv } from './csv.ts';

async function* inTwoParts(text: string) {
  const [first = '', ...rest] = text.replace(/\n$/, '').split('\n');
  yield { first: 1, texts: [first] };
  yield { first: 2, texts: rest };
}

async function read(
  text: string,
  wanted = ['b', 'a'],
): Promise<{ rows: string[][]; told: string }> {
  const complaints = new Complaints();
  const rows: string[][] = [];
  await readCsv('t.csv', inTwoParts(text), wanted, complaints, (row) => {
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
  it('gives the wanted columns wherever they stand', async () => {
    expect((await read('a,x,b\n1,2,3\n4,5,6\n')).rows).toEqual([
      ['3', '1'],
      ['6', '4'],
    ]);
  });

  it('may quote fields, with commas and quotes inside', async () => {
    expect((await read('a,b\n"1,""x""",2\n')).rows).toEqual([['2', '1,"x"']]);
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
  ])('tells line and column of what is wrong: %j', async (text, told) => {
    expect((await read(text)).told.split('\n')[0]).toBe(told);
  });

  it('tells of twenty places at most, and how many more there are', async () => {
    const { told } = await read(`a,b\n${'1,bad\n'.repeat(25)}`);
    expect(told.split('\n').slice(-2)).toEqual(['and 5 more', 'Nothing was imported.']);
    expect(told.split('\n')).toHaveLength(22);
  });
});
