/**
 * The system under test as a process of its own: all services, on PostgreSQL with its durable defaults.
 * It tells its parent where it serves, what it used, and, on the local bus, which events went over it.
 */
import { type Bus, kafkaBus, localBus } from '@lianbao/events';
import { createLog, createMeter } from '@lianbao/runtime';
import { startAllInOne } from '../../deploy/local/src/all-in-one.ts';
import { openHome } from '../../deploy/local/src/home.ts';
import { type CpuProfile, startCpuProfile } from './cpu-profile.ts';
import { seenOn } from './seen-event.ts';
import type { FromServer, ToServer } from './server-process.ts';

const [folder = '', brokers = '', settings = '{}'] = process.argv.slice(2);
const tellEveryMs = 20;

const tell = (message: FromServer) => void process.send?.(message);

const home = await openHome(folder);
const log = createLog({
  service: 'bench',
  level: 'warn',
  destination: { write: (line) => process.stderr.write(line) },
});
const meter = createMeter();
const bus: Bus =
  brokers === ''
    ? localBus()
    : kafkaBus({ brokers: brokers.split(','), clientId: 'bench', log, meter });
// On Kafka the parent listens for itself. Here there is no other place, and it costs a push.
const seen = brokers === '' ? seenOn(bus) : undefined;
const running = await startAllInOne({
  home,
  clock: () => new Date(),
  log,
  meter,
  bus,
  port: 0,
  settings: JSON.parse(settings) as Record<string, string>,
});
const telling = setInterval(() => {
  const events = seen?.take() ?? [];
  if (events.length > 0) tell({ type: 'events', events });
}, tellEveryMs);

let profile: CpuProfile | undefined;

const answers: Readonly<Record<ToServer, () => Promise<void>>> = {
  usage: async () => {
    const { user, system } = process.cpuUsage();
    const rssMaxMb = process.resourceUsage().maxRSS / 1024;
    const heapMb = process.memoryUsage().heapUsed / 2 ** 20;
    tell({ type: 'usage', usage: { cpuMs: (user + system) / 1_000, rssMaxMb, heapMb } });
  },
  profile: async () => {
    profile = await startCpuProfile();
  },
  profiled: async () => tell({ type: 'profiled', profile: (await profile?.stop()) ?? '' }),
  stop: async () => {
    clearInterval(telling);
    await running.stop();
    process.disconnect();
  },
};
process.on('message', (message: ToServer) => void answers[message]());
process.once('disconnect', () => void running.stop().then(() => process.exit()));

const { address, adminUrl, databaseUrls } = running;
tell({ type: 'serving', serving: { address, adminUrl, databaseUrls } });
