import { describe, expect, it } from 'vitest';
import { loopback } from './testing/loopback.ts';

async function* texts(...values: string[]) {
  for (const value of values) yield { value };
}

async function collect(values: AsyncIterable<{ value: string }>): Promise<string[]> {
  const all: string[] = [];
  for await (const { value } of values) all.push(value);
  return all;
}

const never = () => new Promise<never>(() => {});

describe('a stream both ways', () => {
  it('answers each message before the next one is sent', async () => {
    const { client } = await loopback({
      async *talk(requests) {
        for await (const { value } of requests) yield { value: `${value}!` };
        yield { value: 'bye' };
      },
    });
    const answered: string[] = [];
    let wake = (): void => undefined;
    async function* asked() {
      for (const value of ['a', 'b', 'c']) {
        yield { value };
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    for await (const { value } of client.talk(asked())) {
      answered.push(value);
      wake();
    }
    expect(answered).toEqual(['a!', 'b!', 'c!', 'bye']);
  });

  it('takes 2,000 messages at the speed of its reader', async () => {
    const { client } = await loopback({
      async *talk(requests) {
        for await (const { value } of requests) yield { value };
      },
    });
    const sent = Array.from({ length: 2_000 }, (_, n) => String(n));
    expect(await collect(client.talk(texts(...sent)))).toEqual(sent);
  });

  it('is told at its greatest age that no more comes, and still says its last word', async () => {
    const { client } = await loopback(
      {
        async *talk(requests) {
          for await (const { value } of requests) yield { value };
          yield { value: 'bye' };
        },
      },
      { limits: { streamMs: 50 } },
    );
    async function* endless() {
      yield { value: 'first' };
      await never();
    }
    expect(await collect(client.talk(endless()))).toEqual(['first', 'bye']);
  });

  it('checks the names of every message', async () => {
    const { client } = await loopback(
      {
        async *talk(requests) {
          for await (const { value } of requests) yield { value };
        },
      },
      {
        access: {
          'lianbao.echo.v1.EchoService/Talk': { callers: ['PLATFORM'], own: 'value' },
        },
      },
    );
    const names = texts('platforms/p/sellers/s', 'platforms/q/sellers/s');
    await expect(collect(client.talk(names))).rejects.toMatchObject({
      reason: 'CALLER_NOT_ALLOWED',
      facts: { cause: 'NOT_OWN' },
    });
  });
});
