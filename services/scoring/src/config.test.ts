import { expect, it } from 'vitest';
import { readMigrationConfig, readProcessConfig } from './config.ts';

it('says all at once what is missing', () => {
  expect(() => readProcessConfig({ METRICS_PORT: 'x' })).toThrow(
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

it('migrates for its own role unless told another', () => {
  const DATABASE_OWNER_URL = 'postgresql://scoring_owner@db/scoring';
  expect(readMigrationConfig({ DATABASE_OWNER_URL })).toEqual({
    ownerUrl: DATABASE_OWNER_URL,
    appRole: 'scoring_app',
    logLevel: 'info',
  });
});
