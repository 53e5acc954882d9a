/** Products come into force by two persons. */
import { ProductState } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  draftOf,
  get,
  productRequest,
  readyWorld,
  refusalOf,
  requestId,
  submittedOf,
} from './cast.ts';
import { productName } from './names.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await readyWorld();
});
afterAll(() => world.close());

describe('a product', () => {
  const make = (versionId: string, change: object = {}) =>
    world
      .operator('Ann')
      .products.createProductVersion({ ...productRequest(versionId), ...change });

  it('is approved by another person than its maker, however the name is spelt', async () => {
    const { name, etag } = await make('four-eyes');
    const approve = (person: string) =>
      world.operator(person).products.approveProductVersion({ name, etag, requestId: requestId() });
    expect(await refusalOf(approve('Ann'))).toMatchObject({ reason: 'FOUR_EYES_SAME_PERSON' });
    expect(await refusalOf(approve('  ＡＮＮ '))).toMatchObject({
      reason: 'FOUR_EYES_SAME_PERSON',
    });
    const approved = await approve('Ben');
    expect(approved).toMatchObject({ state: ProductState.APPROVED, maker: 'ann', approver: 'ben' });
    const { productVersions } = await world
      .platform()
      .products.listProductVersions({ parent: productName });
    expect(productVersions.map(({ name: each, state }) => [each, state])).toEqual([
      [`${productName}/versions/four-eyes`, ProductState.APPROVED],
      [`${productName}/versions/v1`, ProductState.RETIRED],
    ]);
  });

  it('has one version in force when the first two are approved at once', async () => {
    for (let round = 0; round < 6; round += 1) {
      const productId = `first-${round}`;
      const made = await Promise.all([make('a', { productId }), make('b', { productId })]);
      await Promise.all(
        made.map(({ name, etag }) =>
          world
            .operator('Ben')
            .products.approveProductVersion({ name, etag, requestId: requestId() }),
        ),
      );
      const { productVersions } = await world
        .platform()
        .products.listProductVersions({ parent: `products/${productId}` });
      expect(productVersions.map(({ state }) => state).sort()).toEqual([
        ProductState.APPROVED,
        ProductState.RETIRED,
      ]);
    }
  });

  it('is kept as it was at submission', async () => {
    const { name } = await submittedOf(world);
    const next = await make('later', { amountMax: { currencyCode: 'CNY', units: 50_000n } });
    await world.operator('Ben').products.approveProductVersion({
      name: next.name,
      etag: next.etag,
      requestId: requestId(),
    });
    await world.score(name);
    expect((await get(world, name)).productVersion).toBe(`${productName}/versions/four-eyes`);
    expect(await refusalOf(draftOf(world))).toMatchObject({ reason: 'AMOUNT_OUT_OF_RANGE' });
  });

  it('brings all that is wrong with its ranges at once', async () => {
    const wrong = make('wrong', {
      amountMin: { currencyCode: 'CNY', units: 0n },
      amountMax: { currencyCode: 'CNY', units: -1n },
      termMonthsMin: 12,
      termMonthsMax: 6,
    });
    const refusal = (await refusalOf(wrong)) as { violations: { field: string }[] };
    expect(refusal.violations.map(({ field }) => field)).toEqual([
      'amount_min',
      'amount_max',
      'term_months_max',
    ]);
  });

  it('is a bank’s for itself only', async () => {
    const request = { ...productRequest('foreign'), lenders: ['lenders/l', 'lenders/m'] };
    expect(await refusalOf(world.bank().products.createProductVersion(request))).toMatchObject({
      reason: 'CALLER_NOT_ALLOWED',
    });
  });
});
