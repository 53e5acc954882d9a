/** Texts that may stand in a field are kept as they are; cursors of others, or of nobody, are refused. */
import { create, toBinary } from '@bufbuild/protobuf';
import { SellerService } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { rpcName } from '@lianbao/grpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformName } from '../../deploy/local/src/set-up.ts';
import { creditCodeOf } from '../../deploy/local/src/synthetic-identity.ts';
import { hostileTexts } from './hostile-values.ts';
import { rawCall } from './raw-call.ts';
import { contractMethods, samplerOf } from './samples.ts';
import { platform, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ withModel: false, isRehearsal: true });
});
afterAll(() => world?.system.stop());

it('keeps a hostile name to the letter, and finds what it stands in again', async () => {
  const { sellers } = world.system.market.platform(platformName);
  const names = hostileTexts.filter((text) => text.length > 0 && text.length <= 200);
  for (const [at, legalName] of names.entries()) {
    const { name } = await sellers.createSeller({
      parent: platformName,
      sellerId: `hostile-${at}`,
      kind: 1,
      legalName,
      identityNumber: creditCodeOf(800_000_000 + at),
      regionCode: '330100',
      tradeCategory: 'F52',
      externalReference: legalName.slice(0, 100),
    });
    expect((await sellers.getSeller({ name })).legalName).toBe(legalName);
  }
  const { sellers: listed } = await sellers.listSellers({ parent: platformName, pageSize: 500 });
  const found = listed.map(({ legalName }) => legalName);
  expect(found).toEqual(expect.arrayContaining([...names]));
});

const lists = contractMethods.filter(({ input }) =>
  input.fields.some(({ name }) => name === 'page_token'),
);

describe.each(lists.map((method) => [rpcName(method), method] as const))('%s', (_, method) => {
  it('refuses page tokens that it did not give', async () => {
    const { claims, message } = await samplerOf(method).make(world);
    const token = await world.system.token(claims);
    const others = method.name === 'ListSellers' ? [] : [await tokenOfAnotherList()];
    for (const pageToken of [...others, ...hostileTexts]) {
      if (pageToken === '' || [...pageToken].length > 1_000) continue;
      const bytes = toBinary(
        method.input,
        create(method.input, { ...message, pageToken } as never),
      );
      const answer = await rawCall(world.system.channel, { method, bytes, token });
      expect(answer, pageToken).toMatchObject({
        ...{ code: 'INVALID_ARGUMENT', reason: 'PAGE_TOKEN_INVALID' },
      });
    }
  });
});

/** A real one, of sellers by twos. */
async function tokenOfAnotherList(): Promise<string> {
  const { sellers } = world.system.market.platform(platformName);
  const { nextPageToken } = await sellers.listSellers({ parent: platformName, pageSize: 2 });
  expect(nextPageToken).not.toBe('');
  return nextPageToken;
}

it('gives a page token to one caller and list only', async () => {
  const foreign = await tokenOfAnotherList();
  const method = SellerService.method.listSellers;
  const bytes = toBinary(
    method.input,
    create(method.input, { parent: platformName, pageToken: foreign }),
  );
  const send = async (claims: Parameters<typeof world.system.token>[0]) =>
    rawCall(world.system.channel, { method, bytes, token: await world.system.token(claims) });
  expect(await send(platform)).toMatchObject({ code: 'OK' });
  expect(await send({ caller: 'OPERATOR', person: 'reader' })).toMatchObject({
    reason: 'PAGE_TOKEN_INVALID',
  });
});
