import { type CalendarDate, fen } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import { citizenCheckCharacter, creditCheckCharacter } from './identity.ts';
import { type Verification, verificationDocumentKinds, verify } from './verification.ts';

const now = new Date('2026-11-25T02:00:00Z'); // 10:00 in Shanghai
const document = {
  location: 'x',
  sha256: 'a'.repeat(64),
  mediaType: 'application/pdf',
  sizeBytes: 1n,
};
const person = `33010619900307001${citizenCheckCharacter('33010619900307001')}`;
const firm = `91330106000000001${creditCheckCharacter('91330106000000001')}`;
const date = (text: string) => text as CalendarDate;

// Every date and share sits on its limit.
const atTheLimits: Verification = {
  documents: verificationDocumentKinds.map((kind) => ({ kind, document })),
  controllers: [
    { role: 'HOLDER', identityNumber: person, holdingBps: 4_000 },
    { role: 'HOLDER', identityNumber: firm, holdingBps: 6_000 },
    { role: 'LEGAL_REPRESENTATIVE', identityNumber: person, holdingBps: 0 },
  ],
  netAssets: fen(-1n),
  netAssetsDate: date('2026-05-25'),
  verificationDate: date('2026-05-25'),
};

const check = (change: Partial<Verification> = {}) =>
  verify({ ...atTheLimits, ...change }, 6, (number) => `key ${number.length}`, now);

describe('verify', () => {
  it('puts on file what meets every limit exactly, controllers by key', () => {
    expect(check()).toEqual({
      controllers: [
        { role: 'HOLDER', key: 'key 18', holdingBps: 4_000 },
        { role: 'HOLDER', key: 'key 18', holdingBps: 6_000 },
        { role: 'LEGAL_REPRESENTATIVE', key: 'key 18', holdingBps: 0 },
      ],
      netAssets: fen(-1n),
      netAssetsDate: '2026-05-25',
      verifiedUntil: '2026-11-25',
    });
  });

  it('takes the day of the call, and counts to the end of a shorter month', () => {
    expect(check({ verificationDate: date('2026-11-25') }).verifiedUntil).toBe('2027-05-25');
    const august = verify(
      {
        ...atTheLimits,
        netAssetsDate: date('2026-08-31'),
        verificationDate: date('2026-08-31'),
      },
      6,
      String,
      now,
    );
    expect(august.verifiedUntil).toBe('2027-02-28');
  });

  it.each<[string, Partial<Verification>]>([
    ['net_assets_date.past', { netAssetsDate: date('2026-11-26') }],
    ['net_assets_date.age', { netAssetsDate: date('2026-05-24') }],
    ['verification_date.past', { verificationDate: date('2026-11-26') }],
    ['verification_date.age', { verificationDate: date('2026-05-24') }],
    ['documents.unique', { documents: [...atTheLimits.documents, { kind: 'LICENCE', document }] }],
    [
      'controllers.unique',
      {
        controllers: [
          { role: 'HOLDER', identityNumber: person, holdingBps: 1 },
          { role: 'HOLDER', identityNumber: person, holdingBps: 1 },
        ],
      },
    ],
    [
      'controllers.holdings',
      {
        controllers: [
          { role: 'HOLDER', identityNumber: person, holdingBps: 4_001 },
          { role: 'HOLDER', identityNumber: firm, holdingBps: 6_000 },
        ],
      },
    ],
    [
      'identity_number.neither',
      {
        controllers: [{ role: 'HOLDER', identityNumber: `${person.slice(0, 17)}A`, holdingBps: 1 }],
      },
    ],
  ])('refuses one step past: %s', (reason, change) => {
    expect(() => check(change)).toThrow(
      expect.objectContaining({
        reason: 'FIELD_INVALID',
        violations: [expect.objectContaining({ reason })],
      }),
    );
  });

  it.each(verificationDocumentKinds)('misses the document %s', (missing) => {
    const documents = atTheLimits.documents.filter(({ kind }) => kind !== missing);
    expect(() => check({ documents })).toThrow(
      expect.objectContaining({ reason: 'DOCUMENT_MISSING', facts: { documentKind: missing } }),
    );
  });
});
