import { create } from '@bufbuild/protobuf';
import {
  CreateProductVersionRequestSchema,
  ListApplicationsRequestSchema,
  SubmitOfferRequestSchema,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  SubmitTradingRecordsRequestSchema,
  TrainModelRequestSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { describe, expect, it } from 'vitest';
import { unfitValues } from './value-check.ts';

const noDay = { year: 2025, month: 2, day: 29 };
const day = { year: 2024, month: 2, day: 29 };
const cny = { currencyCode: 'CNY', units: 1n };

describe('the values of a request are checked', () => {
  it('all at once, each with its path and rule', () => {
    const request = create(SubmitOfferRequestSchema, {
      principal: { currencyCode: 'CNY', units: 1n, nanos: 1 },
      annualRate: { value: '0.0720001' },
    });
    expect(unfitValues(SubmitOfferRequestSchema, request)).toMatchObject([
      { field: 'principal', reason: 'money.whole_fen' },
      { field: 'annual_rate', reason: 'decimal.six_places' },
    ]);
  });

  it('in each message of a list', () => {
    const request = create(TrainModelRequestSchema, {
      asOf: noDay,
      labels: [{ observedDate: day }, { observedDate: noDay }],
    });
    expect(unfitValues(TrainModelRequestSchema, request).map(({ field }) => field)).toEqual([
      'as_of',
      'labels[1].observed_date',
    ]);
  });

  it('where no rule of the contract asks for them', () => {
    const request = create(ListApplicationsRequestSchema, {
      createTimeMin: { seconds: 253_402_300_800n },
    });
    const [violation, ...more] = unfitValues(ListApplicationsRequestSchema, request);
    expect(violation).toMatchObject({ field: 'create_time_min', reason: 'timestamp.range' });
    expect(more).toEqual([]);
  });

  it('but not in types without rules, which their service checks', () => {
    const request = create(SubmitTradingRecordsRequestSchema, { records: [{ eventDate: noDay }] });
    expect(unfitValues(SubmitTradingRecordsRequestSchema, request)).toEqual([]);
  });

  it('and found fit when they are, or when they are missing', () => {
    const request = create(CreateProductVersionRequestSchema, { amountMin: cny });
    expect(unfitValues(CreateProductVersionRequestSchema, request)).toEqual([]);
  });
});
