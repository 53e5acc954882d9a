import { expect, it } from 'vitest';
import { readProcess } from './config.ts';

it('says all at once what is missing', () => {
  expect(() => readProcess({ METRICS_PORT: 'x' })).toThrow(
    expect.objectContaining({
      complaints: expect.arrayContaining([
        expect.stringMatching(/^DATABASE_URL/),
        expect.stringMatching(/^PARTY_ADDRESS/),
        expect.stringMatching(/^KAFKA_BROKERS/),
        expect.stringMatching(/^TOKEN_KEYS_FILE/),
        expect.stringMatching(/^SERVICE_KEY_FILE/),
        expect.stringMatching(/^METRICS_PORT/),
      ]),
    }),
  );
});
