import { type CalendarDate, commonRefusals } from '@lianbao/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  applicationRequest,
  draftOf,
  readyWorld,
  refusalOf,
  requestId,
  stateOf,
  submittedOf,
} from './cast.ts';
import { scoringConsent, verifiedSeller } from './fake-party.ts';
import { lenderName, platformName, productName, yuan } from './names.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await readyWorld();
});
beforeEach(() => {
  world.party.failure = undefined;
});
afterAll(() => world.close());

/** What the client of party says when nobody answers. */
const partyAway = () => commonRefusals.DEPENDENCY_UNAVAILABLE({ dependency: 'party' });

const applications = () => world.platform().applications;
const create = (change: Parameters<typeof applicationRequest>[0]) =>
  applications().createApplication(applicationRequest(change));

describe('a draft', () => {
  it.each([
    ['PRODUCT_NOT_OFFERED', { product: 'products/other' }],
    ['PRODUCT_NOT_OFFERED', { lender: 'lenders/other' }],
    [
      'AMOUNT_OUT_OF_RANGE',
      { requestedAmount: { currencyCode: 'CNY', units: 500_000n, nanos: 10_000_000 } },
    ],
    [
      'AMOUNT_OUT_OF_RANGE',
      { requestedAmount: { currencyCode: 'CNY', units: 19_999n, nanos: 990_000_000 } },
    ],
    ['TERM_OUT_OF_RANGE', { termMonths: 13 }],
  ])('is refused with %s', async (reason, change) => {
    expect(await refusalOf(create(change))).toMatchObject({ kind: 'PRECONDITION', reason });
  });

  it('is not made for the seller of another platform, nor on consents of another seller', async () => {
    const foreign = create({ seller: 'platforms/q/sellers/s' });
    expect(await refusalOf(foreign)).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
    const consents = [`${platformName}/sellers/x/consents/c`];
    const refusal = await refusalOf(create({ seller: `${platformName}/sellers/y`, consents }));
    expect(refusal).toMatchObject({
      reason: 'FIELD_INVALID',
      violations: [{ field: 'consents[0]' }],
    });
  });

  it('has a name and a reference that nobody else may use, ever', async () => {
    const request = applicationRequest();
    await applications().createApplication(request);
    const again = applications().createApplication({ ...request, requestId: requestId() });
    expect(await refusalOf(again)).toMatchObject({
      reason: 'NAME_TAKEN',
      facts: { sameContent: 'true' },
    });
    const changed = applications().createApplication({
      ...request,
      requestId: requestId(),
      termMonths: 6,
    });
    expect(await refusalOf(changed)).toMatchObject({ facts: { sameContent: 'false' } });
    const existingName = `${platformName}/applications/${request.applicationId}`;
    await applications().withdrawApplication({
      ...{ name: existingName, etag: '1', requestId: requestId() },
    });
    const { externalReference = '' } = request;
    expect(await refusalOf(create({ externalReference }))).toMatchObject({
      reason: 'DUPLICATE_EXTERNAL_REFERENCE',
      facts: { existingName },
    });
  });
});

describe('a submission', () => {
  const submit = async (seller: string) => {
    const { name, etag } = await draftOf(world, { seller });
    const submission = applications().submitApplication({ name, etag, requestId: requestId() });
    return { name, refusal: await refusalOf(submission) };
  };

  it.each([
    ['SELLER_NOT_VERIFIED', { state: 'REGISTERED' }],
    ['SELLER_NOT_VERIFIED', { verifiedUntil: '2020-02-20' as CalendarDate }],
    ['SELLER_BLOCKED', { state: 'BLOCKED', blockTime: new Date('2020-02-01T00:00:00Z') }],
  ] as const)('is refused with %s and stays a draft', async (reason, change) => {
    const seller = `${platformName}/sellers/not-${reason.toLowerCase().replaceAll('_', '-')}`;
    world.party.sellers.set(seller, { ...verifiedSeller(seller), ...change });
    const { name, refusal } = await submit(seller);
    expect(refusal).toMatchObject({ reason, domain: 'party.lianbao' });
    expect(await stateOf(world, name)).toBe('DRAFT');
  });

  it('counts the last day of a verification', async () => {
    const seller = `${platformName}/sellers/last-day`;
    const verifiedUntil = '2020-02-21' as CalendarDate;
    world.party.sellers.set(seller, { ...verifiedSeller(seller), verifiedUntil });
    const { name } = await submittedOf(world, { seller });
    expect(await stateOf(world, name)).toBe('SUBMITTED');
  });

  it('is refused when a consent is not live, naming purpose and cause', async () => {
    const seller = `${platformName}/sellers/no-consent`;
    world.party.deadConsents.add(seller);
    expect((await submit(seller)).refusal).toMatchObject({
      reason: 'CONSENT_MISSING',
      facts: { seller, purpose: 'SCORING', dataKinds: 'INVOICES', cause: 'WITHDRAWN' },
    });
  });

  it.each([
    ['SCORING', 'INVOICES', 'share'],
    ['SHARE_WITH_LENDER', 'SCORES', 'scoring'],
  ])('is refused when it names no consent for %s of %s', async (purpose, dataKinds, only) => {
    const seller = `${platformName}/sellers/names-${only}`;
    const consents = [`${seller}/consents/${only}`];
    expect(await refusalOf(submittedOf(world, { seller, consents }))).toMatchObject({
      reason: 'CONSENT_MISSING',
      domain: 'party.lianbao',
      facts: { seller, purpose, dataKinds, cause: 'NONE' },
    });
  });

  it('rests on the consents that it names, whatever others the seller gave', async () => {
    const seller = `${platformName}/sellers/renewed`;
    const draft = await draftOf(world, { seller });
    world.party.moreConsents.set(`${seller}/consents/renewed`, scoringConsent('GRANTED'));
    world.party.deadConsents.add(seller);
    const submit = () =>
      applications().submitApplication({
        ...{ name: draft.name, etag: draft.etag, requestId: requestId() },
      });
    expect(await refusalOf(submit())).toMatchObject({
      reason: 'CONSENT_MISSING',
      facts: { purpose: 'SCORING', cause: 'WITHDRAWN' },
    });
    world.party.deadConsents.delete(seller);
    await submit();
    expect(await stateOf(world, draft.name)).toBe('SUBMITTED');
  });

  it('is refused when the lender has taken the platform off its list', async () => {
    const lender = world.party.lenders.get(lenderName);
    world.party.lenders.set(lenderName, { capitalFen: 1n, whitelist: [] });
    const { refusal } = await submit(`${platformName}/sellers/delisted`);
    if (lender !== undefined) world.party.lenders.set(lenderName, lender);
    expect(refusal).toMatchObject({ reason: 'PLATFORM_NOT_WHITELISTED' });
  });

  it('is refused, writing nothing, when party does not answer; and repeated later it works', async () => {
    const { name, etag } = await draftOf(world);
    const request = { name, etag, requestId: requestId() };
    world.party.failure = partyAway();
    const before = await rowsOf(name);
    expect(await refusalOf(applications().submitApplication(request))).toMatchObject({
      kind: 'UNAVAILABLE',
      reason: 'DEPENDENCY_UNAVAILABLE',
    });
    expect(await rowsOf(name)).toEqual(before);
    world.party.failure = undefined;
    await applications().submitApplication(request);
    world.party.failure = partyAway();
    const repeated = await applications().submitApplication(request);
    expect(repeated.name).toBe(name); // The stored answer needs no party.
  });

  it('is refused while the legal person has another one open, on whatever platform', async () => {
    const seller = `${platformName}/sellers/twice`;
    const first = await submittedOf(world, { seller });
    expect((await submit(seller)).refusal).toMatchObject({
      reason: 'APPLICATION_OPEN',
      facts: { product: productName, existingName: first.name },
    });
    const elsewhere = 'platforms/q/sellers/twice';
    world.party.sellers.set(elsewhere, {
      ...verifiedSeller(elsewhere),
      legalPersonKey: verifiedSeller(seller).legalPersonKey,
    });
    const other = submittedOf(world, { parent: 'platforms/q', seller: elsewhere });
    const refusal = await refusalOf(other);
    expect(refusal).toMatchObject({ reason: 'APPLICATION_OPEN', facts: { product: productName } });
    expect(JSON.stringify(refusal)).not.toContain(first.name);
  });

  it('checks without a trace when told to', async () => {
    const { name, etag } = await draftOf(world);
    const before = await rowsOf(name);
    const answer = await applications().submitApplication({
      name,
      etag,
      requestId: requestId(),
      validateOnly: true,
    });
    expect(answer.inputsHash).toMatch(/^[0-9a-f]{64}$/);
    expect(await rowsOf(name)).toEqual(before);
  });

  it('is refused on an etag that is not the revision', async () => {
    const { name } = await draftOf(world);
    const stale = applications().submitApplication({ name, etag: '7', requestId: requestId() });
    expect(await refusalOf(stale)).toMatchObject({
      reason: 'ETAG_MISMATCH',
      facts: { name, currentRevision: '1' },
    });
  });
});

describe('eligibility', () => {
  const check = (change: object = {}) =>
    applications().checkEligibility({
      seller: `${platformName}/sellers/eligible`,
      lender: lenderName,
      product: productName,
      amount: yuan(100_000n),
      termMonths: 12,
      ...change,
    });

  it('is told with the range of the product', async () => {
    expect(await check()).toMatchObject({
      eligible: true,
      obstacles: [],
      amountMin: yuan(20_000n),
      amountMax: yuan(500_000n),
      termMonthsMax: 12,
    });
  });

  it('brings every obstacle at once', async () => {
    const seller = `${platformName}/sellers/hopeless`;
    world.party.deadConsents.add(seller);
    world.party.sellers.set(seller, { ...verifiedSeller(seller), state: 'REGISTERED' });
    const { eligible, obstacles } = await check({ seller, amount: yuan(1n), termMonths: 36 });
    expect(eligible).toBe(false);
    expect(obstacles.map(({ code }) => code)).toEqual([
      'AMOUNT_OUT_OF_RANGE',
      'TERM_OUT_OF_RANGE',
      'SELLER_NOT_VERIFIED',
      'CONSENT_MISSING',
    ]);
  });
});

async function rowsOf(name: string) {
  const { rows } = await world.admin.query(
    `select a.state, a.revision, (select count(*) from outbox) as said,
       (select count(*) from evidence) as evidence, (select count(*) from idempotency) as answers
       from application as a where name = $1`,
    [name],
  );
  return rows;
}
