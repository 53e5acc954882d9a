import { expect, it } from 'vitest';
import { readLogLevel, readMigration } from './service-settings.ts';

it.each(['party', 'scoring', 'approval'])(
  'migrates %s for its own role unless told another',
  (service) => {
    const ownerUrl = `postgresql://${service}_owner@/${service}?host=/run/pg`;
    const env = { DATABASE_OWNER_URL: ownerUrl };
    expect(readMigration(env, service)).toEqual({ ownerUrl, appRole: `${service}_app` });
    const DATABASE_APP_ROLE = 'another_role';
    expect(readMigration({ ...env, DATABASE_APP_ROLE }, service)).toEqual({
      ownerUrl,
      appRole: DATABASE_APP_ROLE,
    });
  },
);

it('needs the owner of the database to migrate, and a role that is a plain name', () => {
  const read = () => readMigration({ DATABASE_APP_ROLE: 'x"; drop' }, 'party');
  expect(read).toThrow(
    expect.objectContaining({
      complaints: [
        expect.stringMatching(/^DATABASE_OWNER_URL is missing/),
        expect.stringMatching(/^DATABASE_APP_ROLE is not/),
      ],
    }),
  );
});

it('logs from information on unless told another level', () => {
  expect(readLogLevel({})).toBe('info');
  expect(readLogLevel({ LOG_LEVEL: 'debug' })).toBe('debug');
  expect(() => readLogLevel({ LOG_LEVEL: 'loud' })).toThrow('LOG_LEVEL is not one of');
});
