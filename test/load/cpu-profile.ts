/** A CPU profile of this very process, as Chrome's tools and speedscope read it. */
import { Session } from 'node:inspector/promises';

export interface CpuProfile {
  /** The profile as JSON text. */
  stop(): Promise<string>;
}

export async function startCpuProfile(): Promise<CpuProfile> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 }); // Microseconds.
  await session.post('Profiler.start');
  return {
    stop: async () => {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      return JSON.stringify(profile);
    },
  };
}
