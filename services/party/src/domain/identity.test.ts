import { describe, expect, it } from 'vitest';
import { citizenNumberFault, creditCheckCharacter, creditCodeFault } from './identity.ts';

describe('a unified social credit code', () => {
  // Published on the firms' own sites: Alibaba (China), Tencent Shenzhen, Huawei Technologies.
  it.each(['91330100799655058B', '9144030071526726XG', '914403001922038216'])(
    'accepts %s',
    (number) => {
      expect(creditCodeFault(number)).toBeUndefined();
    },
  );

  it('refuses a changed character anywhere', () => {
    const right = '91330100799655058B';
    for (let place = 0; place < 18; place += 1) {
      const other = right[place] === '1' ? '2' : '1';
      const changed = right.slice(0, place) + other + right.slice(place + 1);
      expect(creditCodeFault(changed), changed).toBeDefined();
    }
  });

  it('says what is wrong', () => {
    expect(creditCodeFault('91330100799655058')).toBe('LENGTH');
    expect(creditCodeFault('9133010079965505IB')).toBe('CHARACTERS');
    expect(creditCodeFault('91330100799655058C')).toBe('CHECK_CHARACTER');
    expect(creditCheckCharacter('91330100799655058')).toBe('B');
  });
});

describe('a citizen identity number', () => {
  // The example printed in GB 11643-1999.
  it('accepts the example of the standard', () => {
    expect(citizenNumberFault('11010519491231002X')).toBeUndefined();
    expect(citizenNumberFault('440524188001010014')).toBeUndefined();
  });

  it('says what is wrong', () => {
    expect(citizenNumberFault('11010519491231002')).toBe('LENGTH');
    expect(citizenNumberFault('1101051949123100XX')).toBe('CHARACTERS');
    expect(citizenNumberFault('110105194902310026')).toBe('DATE_OF_BIRTH');
    expect(citizenNumberFault('110105194912310021')).toBe('CHECK_CHARACTER');
  });
});
