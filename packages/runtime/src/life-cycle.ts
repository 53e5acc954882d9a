/** The life of a process: start, serve, stop at a signal, and never live on after a defect nobody caught. */
import type { Log } from '@lianbao/kernel';

/** Exit codes of a process that a signal ended: 128 and the signal's number. */
const signals = { SIGINT: 130, SIGTERM: 143 } as const;

export interface ProcessOptions {
  readonly log: Log;
  /** Gives the function that stops what was started. */
  readonly start: () => Promise<() => Promise<void>>;
}

/**
 * Resolves when started. The first SIGTERM or SIGINT stops and exits with 0, also when it comes during
 * the start; the second exits at once. A failed start or stop, or a defect, is logged and exits with 1.
 */
export async function runProcess({ log, start }: ProcessOptions): Promise<void> {
  const end = (message: string) => (error: unknown) => {
    log.error({ error }, message);
    process.exit(1);
  };
  process.on('unhandledRejection', end('a promise was rejected and nobody handled it'));
  process.on('uncaughtException', end('an error was thrown and nobody caught it'));

  // In the next turn: a signal that comes with the first line of the start is heard already.
  const started = Promise.resolve().then(start);
  let stopping = false;
  const stop = async () => {
    await (await started)();
    log.info({}, 'stopped');
    process.exit(0);
  };
  for (const [signal, code] of Object.entries(signals)) {
    process.on(signal, () => {
      if (stopping) process.exit(code);
      stopping = true;
      log.info({ signal }, 'stopping');
      stop().catch(end('the stop failed'));
    });
  }

  try {
    await started;
  } catch (error) {
    end('the start failed')(error);
  }
}
