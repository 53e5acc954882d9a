import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { freshDatabase } from '../../support/database.ts';

it.each([
  ['plumbing', 'outbox'],
  ['party', 'outbox'],
  ['party', 'verification'],
  ['scoring', 'outbox'],
  ['scoring', 'trading_record'],
  ['scoring', 'model_artefact'],
  ['scoring', 'score'],
  ['scoring', 'application_answer'],
  ['approval', 'outbox'],
  ['approval', 'decision'],
])('%s can add to %s and can alter or take nothing of it', async (service, table) => {
  const { appUrl } = await freshDatabase(service);
  const app = new pg.Client({ connectionString: appUrl });
  await app.connect();
  onTestFinished(() => app.end());
  await app.query(`set app.tenant = 'local'`);
  for (const statement of [`update ${table} set tenant = tenant`, `delete from ${table}`]) {
    await expect(app.query(statement)).rejects.toMatchObject({ code: '42501' });
  }
  const { rows } = await app.query(`select has_table_privilege($1, 'insert') as may`, [table]);
  expect(rows).toEqual([{ may: true }]);
});
