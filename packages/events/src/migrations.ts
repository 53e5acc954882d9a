import { fileURLToPath } from 'node:url';
import type { Migrations } from '@lianbao/persistence';

/** The tables of outbox and inbox; each service includes them. */
export const eventsMigrations: Migrations = {
  owner: 'events',
  folder: fileURLToPath(new URL('../migrations', import.meta.url)),
};
