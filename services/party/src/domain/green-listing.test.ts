import type { CalendarDate } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import {
  approveListing,
  endOfListing,
  type GreenListing,
  proposeListing,
} from './green-listing.ts';

const lastMoment = new Date('2026-11-25T15:59:59.999Z'); // 25 November, 24:00 in Shanghai less 1 ms
const nextDay = new Date('2026-11-25T16:00:00Z');
const listDocument = {
  location: 'x',
  sha256: 'a'.repeat(64),
  mediaType: 'application/pdf',
  sizeBytes: 1n,
};
const proposal = { until: '2026-11-25' as CalendarDate, listDocument, proposer: 'one' };
const proposed: GreenListing = { ...proposal, state: 'PROPOSED', approver: undefined };
const approved: GreenListing = { ...proposed, state: 'APPROVED', approver: 'two' };

describe('a proposal', () => {
  it('may end today, up to the last moment', () => {
    expect(proposeListing(undefined, proposal, lastMoment)).toEqual(proposed);
    expect(() => proposeListing(undefined, proposal, nextDay)).toThrow(
      expect.objectContaining({ reason: 'FIELD_INVALID' }),
    );
  });

  it('replaces a proposal and an ended listing, not one in force', () => {
    const newer = { ...proposal, until: '2026-12-31' as CalendarDate, proposer: 'three' };
    const ended: GreenListing = { ...approved, state: 'ENDED' };
    for (const present of [proposed, ended]) {
      expect(proposeListing(present, newer, lastMoment)).toMatchObject(newer);
    }
    expect(() => proposeListing(approved, newer, lastMoment)).toThrow(
      expect.objectContaining({ reason: 'STATE_NOT_ALLOWED' }),
    );
    expect(proposeListing(approved, newer, nextDay)).toMatchObject(newer);
  });
});

describe('an approval', () => {
  it('is given by another person, up to the last moment', () => {
    expect(approveListing(proposed, 'two', lastMoment)).toEqual(approved);
    expect(() => approveListing(proposed, 'two', nextDay)).toThrow(
      expect.objectContaining({
        reason: 'STATE_NOT_ALLOWED',
        facts: { state: 'ENDED', allowedStates: 'PROPOSED' },
      }),
    );
    expect(() => approveListing(proposed, 'one', lastMoment)).toThrow(
      expect.objectContaining({ reason: 'FOUR_EYES_SAME_PERSON', facts: { proposer: 'one' } }),
    );
  });

  it('needs a proposal', () => {
    for (const present of [undefined, approved]) {
      expect(() => approveListing(present, 'two', lastMoment)).toThrow(
        expect.objectContaining({ reason: 'STATE_NOT_ALLOWED' }),
      );
    }
  });
});

it('ends when its last day is over in Shanghai', () => {
  expect(endOfListing(approved)).toEqual(nextDay);
});
