/** Rows of `enterprises.csv` (with the outcome) and `enterprises_unlabelled.csv` (without). */
import type { Complaints } from './complaints.ts';
import { readCsv } from './csv.ts';
import type { Lines } from './text-lines.ts';

export interface Enterprise {
  readonly code: string;
  /** As the file masks it. */
  readonly name: string;
  readonly isBad: boolean | undefined;
  readonly file: string;
  readonly line: number;
}

export interface EnterpriseFile {
  readonly name: string;
  readonly lines: AsyncIterable<Lines>;
  readonly labelled: boolean;
}

const codeShape = /^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/;
const nameCharsMax = 200;

/** Adds to `enterprises`, by code, and returns the codes; one that is there already is refused. */
export async function readEnterprises(
  { name: file, lines, labelled }: EnterpriseFile,
  enterprises: Map<string, Enterprise>,
  complaints: Complaints,
): Promise<readonly string[]> {
  const wanted = ['enterprise', 'name', ...(labelled ? ['defaulted'] : [])];
  // Seller ids are lower case.
  const taken = new Set([...enterprises.keys()].map((code) => code.toLowerCase()));
  const codes: string[] = [];
  await readCsv(file, lines, wanted, complaints, (row) => {
    const code = row.text(0);
    const name = row.text(1).trim();
    const defaulted = labelled ? row.text(2) : undefined;
    if (!codeShape.test(code))
      row.refuse(0, `"${code}" is no code: letters, digits and -, 1 to 40`);
    else if (taken.has(code.toLowerCase())) row.refuse(0, `enterprise ${code} is there twice`);
    if (name === '' || name.length > nameCharsMax) {
      row.refuse(1, `a name has 1 to ${nameCharsMax} characters`);
    }
    if (defaulted !== undefined && defaulted !== '0' && defaulted !== '1') {
      row.refuse(2, `"${defaulted}" is neither 0 nor 1`);
    }
    taken.add(code.toLowerCase());
    const isBad = defaulted === undefined ? undefined : defaulted === '1';
    enterprises.set(code, { code, name, isBad, file, line: row.line });
    codes.push(code);
  });
  return codes;
}
