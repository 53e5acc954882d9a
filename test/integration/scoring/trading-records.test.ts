import { TradingRecordsAddedSchema } from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';
import {
  RecordOutcome,
  type SubmitTradingRecordsResponse,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { describe, expect, it } from 'vitest';
import { invoice } from './records.ts';
import { lender, openWorld, platform, seller, type World } from './world.ts';

const { ACCEPTED, DUPLICATE, CONFLICT } = RecordOutcome;
const outcomesOf = ({ results }: SubmitTradingRecordsResponse) => results.map((one) => one.outcome);

async function worldWithSeller(): Promise<World> {
  const world = await openWorld();
  world.party.sellers.set(seller, { isBlocked: false, legalPersonKey: 'k1' });
  return world;
}

describe('SubmitTradingRecords', () => {
  it('takes records in, and the same again has no effect', async () => {
    const world = await worldWithSeller();
    const records = [
      invoice({ id: '1', date: '2020-02-20' }),
      invoice({ id: '2', date: '2020-02-21' }),
    ];
    const first = await world.platform.records.submitTradingRecords({ parent: seller, records });
    expect(outcomesOf(first)).toEqual([ACCEPTED, ACCEPTED]);
    expect(first.watermark).toBe(2n);
    const again = await world.platform.records.submitTradingRecords({ parent: seller, records });
    expect(outcomesOf(again)).toEqual([DUPLICATE, DUPLICATE]);
    expect(again.watermark).toBe(2n);
    const [added] = await world.awaitSaid(TradingRecordsAddedSchema, 1);
    expect(added).toMatchObject({
      seller,
      acceptedCount: 2,
      watermark: 2n,
      sources: ['golden-tax'],
    });
    expect(world.said.map(({ audience }) => audience)).toEqual([[platform]]);
  });

  it('tells a conflict in its own result and lets the rest stand', async () => {
    const world = await worldWithSeller();
    await world.platform.records.submitTradingRecords({
      parent: seller,
      records: [invoice({ id: 'a "quoted\\", id', date: '2020-02-20' })],
    });
    const answer = await world.platform.records.submitTradingRecords({
      parent: seller,
      records: [
        invoice({ id: 'a "quoted\\", id', date: '2020-02-20', fen: 100_001n }), // Other content.
        invoice({ id: 'a "quoted\\", id', date: '2020-02-20', revision: 3 }), // Revision 2 is missing.
        invoice({ id: 'a "quoted\\", id', date: '2020-02-19', revision: 2 }),
        invoice({ id: 'b', date: '2020-02-19', revision: 1 }),
        invoice({ id: 'b', date: '2020-02-19', revision: 2, isVoid: true }), // Both in one call.
        invoice({ id: 'b', date: '2020-02-19', source: 'own-books' }), // Another source's.
      ],
    });
    expect(outcomesOf(answer)).toEqual([
      CONFLICT,
      CONFLICT,
      ACCEPTED,
      ACCEPTED,
      ACCEPTED,
      ACCEPTED,
    ]);
    expect(answer.watermark).toBe(5n);
  });

  it('names all that is wrong at once, by field and limit', async () => {
    const world = await worldWithSeller();
    const good = invoice({ id: '1', date: '2020-02-22' }); // One day after today: allowed.
    const call = world.platform.records.submitTradingRecords({
      parent: seller,
      records: [
        good,
        { ...good, externalId: 'ü', revision: 0 },
        invoice({ id: '3', date: '2020-02-23', counterparty: 'no spaces' }),
        { ...good, eventDate: { year: 2020, month: 2, day: 30 } },
        {
          source: 'Upper',
          externalId: '5',
          revision: 1,
          eventDate: { year: 2020, month: 2, day: 20 },
        },
        invoice({ id: '6', date: '1999-12-31' }),
      ],
    });
    await expect(call).rejects.toMatchObject({
      reason: 'FIELD_INVALID',
      violations: [
        { field: 'records[1].external_id' },
        { field: 'records[1].revision' },
        { field: 'records[2].event_date', reason: 'date.future' },
        { field: 'records[2].invoice.counterparty_key' },
        { field: 'records[3].event_date', reason: 'date.calendar' },
        { field: 'records[4].source' },
        { field: 'records[4].invoice', reason: 'required' },
        { field: 'records[5].event_date', reason: 'date.past' },
      ],
    });
    const rows = await world.admin.query('select from trading_record');
    expect(rows.rowCount).toBe(0);
  });

  it('refuses an unknown seller, and asks party before it does', async () => {
    const world = await openWorld();
    const records = [invoice({ id: '1', date: '2020-02-20' })];
    const call = () => world.platform.records.submitTradingRecords({ parent: seller, records });
    await expect(call()).rejects.toMatchObject({ reason: 'NAME_UNKNOWN', facts: { name: seller } });
    world.party.sellers.set(seller, { isBlocked: false, legalPersonKey: 'k1' });
    expect(outcomesOf(await call())).toEqual([ACCEPTED]);
  });

  it('lets a platform send for its own sellers only, and a bank for those whose consent names it', async () => {
    const world = await worldWithSeller();
    const records = [invoice({ id: '1', date: '2020-02-20' })];
    const stranger = world.as({ caller: 'PLATFORM', partner: 'platforms/other' });
    const send = (clients: World['bank']) =>
      clients.records.submitTradingRecords({ parent: seller, records });
    await expect(send(stranger)).rejects.toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
    await expect(send(world.bank)).rejects.toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
    world.party.consents.add(`${seller} ${lender} SHARE_WITH_LENDER`);
    expect(outcomesOf(await send(world.bank))).toEqual([ACCEPTED]);
  });

  it('gives the stored answer to the same request id, and refuses it for another request', async () => {
    const world = await worldWithSeller();
    const requestId = '7b1c61c6-8f2d-4c8e-9a59-2f9d6b6d2d11';
    const send = (fen: bigint) =>
      world.platform.records.submitTradingRecords({
        parent: seller,
        records: [invoice({ id: '1', date: '2020-02-20', fen })],
        requestId,
      });
    const first = await send(1n);
    expect(await send(1n)).toEqual(first); // ACCEPTED, as it was then.
    await expect(send(2n)).rejects.toMatchObject({ reason: 'REQUEST_ID_REUSED' });
  });

  it('commits records, event and answer in one transaction', async () => {
    const world = await worldWithSeller();
    await world.platform.records.submitTradingRecords({
      parent: seller,
      records: [invoice({ id: '1', date: '2020-02-20' })],
      requestId: '7b1c61c6-8f2d-4c8e-9a59-2f9d6b6d2d12',
    });
    const { rows } = await world.admin.query(
      `select xmin::text from trading_record union select xmin::text from outbox
       union select xmin::text from idempotency union select xmin::text from trading_day`,
    );
    expect(rows).toHaveLength(1);
  });

  it('takes each record once when many send the same at once', async () => {
    const world = await worldWithSeller();
    const records = Array.from({ length: 50 }, (_, at) =>
      invoice({ id: `n${at}`, date: '2020-02-20', fen: BigInt(at) }),
    );
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        world.platform.records.submitTradingRecords({ parent: seller, records }),
      ),
    );
    const accepted = answers.flatMap(outcomesOf).filter((outcome) => outcome === ACCEPTED);
    expect(accepted).toHaveLength(50);
    expect(new Set(answers.map(({ watermark }) => watermark))).toEqual(new Set([50n]));
    const { rows } = await world.admin.query('select sale_count, sale_net_fen from trading_day');
    expect(rows).toEqual([{ sale_count: 50, sale_net_fen: String((49 * 50) / 2) }]);
  });
});

describe('StreamTradingRecords', () => {
  it('stores and acknowledges each message by itself', async () => {
    const world = await worldWithSeller();
    const other = `${platform}/sellers/other`;
    world.party.sellers.set(other, { isBlocked: false, legalPersonKey: 'k2' });
    const messages = async function* () {
      yield { parent: seller, records: [invoice({ id: '1', date: '2020-02-20' })] };
      yield {
        parent: seller,
        records: [
          invoice({ id: '1', date: '2020-02-20' }),
          invoice({ id: '1', date: '2020-02-19' }),
          invoice({ id: '2', date: '2020-02-20' }),
        ],
      };
      yield { parent: other, records: [invoice({ id: '1', date: '2020-02-20' })] };
    };
    const answers = [];
    for await (const answer of world.platform.records.streamTradingRecords(messages())) {
      answers.push(answer);
    }
    expect(answers).toMatchObject([
      { parent: seller, acceptedCount: 1, duplicateCount: 0, conflictIndexes: [], watermark: 1n },
      { parent: seller, acceptedCount: 1, duplicateCount: 1, conflictIndexes: [1], watermark: 2n },
      { parent: other, acceptedCount: 1, duplicateCount: 0, conflictIndexes: [], watermark: 1n },
    ]);
  });

  it('keeps what it acknowledged before a message that is refused', async () => {
    const world = await worldWithSeller();
    const messages = async function* () {
      yield { parent: seller, records: [invoice({ id: '1', date: '2020-02-20' })] };
      yield { parent: seller, records: [invoice({ id: '', date: '2020-02-20' })] };
    };
    const answers: bigint[] = [];
    const stream = async () => {
      for await (const { watermark } of world.platform.records.streamTradingRecords(messages())) {
        answers.push(watermark);
      }
    };
    await expect(stream()).rejects.toMatchObject({
      reason: 'FIELD_INVALID',
      facts: { position: '1' },
    });
    expect(answers).toEqual([1n]);
  });
});

describe('GetTradingCoverage', () => {
  it('says what is there and what is missing', async () => {
    const world = await worldWithSeller();
    const coverage = () => world.platform.records.getTradingCoverage({ seller });
    expect(await coverage()).toMatchObject({
      watermark: 0n,
      missing: [{ source: 'INVOICES', cause: 'NONE_SENT' }],
    });
    await world.platform.records.submitTradingRecords({
      parent: seller,
      records: [
        invoice({ id: '1', date: '2019-11-22' }), // 91 days ago.
        invoice({ id: '2', date: '2019-10-01', purchase: true }),
      ],
    });
    expect(await coverage()).toMatchObject({
      watermark: 2n,
      saleCount: 1n,
      purchaseCount: 1n,
      firstDate: { year: 2019, month: 10, day: 1 },
      lastDate: { year: 2019, month: 11, day: 22 },
      monthsWithSales: 1,
      missing: [{ cause: 'RECORDS_TOO_THIN' }, { cause: 'RECORDS_STALE' }],
    });
  });
});
