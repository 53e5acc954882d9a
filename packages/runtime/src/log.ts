/** The kernel's Log on pino: one JSON object a line, with the trace in hand and without personal data. */
import { currentTraceId, type Log, type LogFields } from '@lianbao/kernel';
import { type Logger, pino } from 'pino';
import { redact, redactText } from './redaction.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export interface LogOptions {
  /** Written into each line. */
  readonly service: string;
  /** `info` when left out. */
  readonly level?: LogLevel;
  /** Where lines go; standard output when left out. */
  readonly destination?: { write(line: string): void };
}

export function createLog({ service, level = 'info', destination }: LogOptions): Log {
  const options = {
    level,
    base: { service },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => {
      const traceId = currentTraceId();
      return traceId === undefined ? {} : { traceId };
    },
  };
  // Written at once: lines kept back would come out of order, or not at all, when the process ends.
  return logOn(pino(options, destination ?? pino.destination({ dest: 1, sync: true })));
}

function logOn(logger: Logger): Log {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') => (fields: LogFields, message: string) => {
      if (logger.isLevelEnabled(level)) logger[level](redact(fields), redactText(message));
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => logOn(logger.child(redact(fields) as Record<string, unknown>)),
  };
}
