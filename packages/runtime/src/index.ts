export { ConfigurationInvalid, readConfiguration } from './configuration.ts';
export { type DialSettings, type GrpcSettings, readDialSettings } from './grpc-settings.ts';
export { type ProcessOptions, runProcess } from './life-cycle.ts';
export { createLog, type LogLevel, type LogOptions, logLevels } from './log.ts';
export { createMeter, type ProcessMeter } from './meter.ts';
export { type MetricsServer, serveMetrics } from './metrics-server.ts';
export type { Bounds, Fallback, Reader } from './reader.ts';
export { redact, redactText } from './redaction.ts';
export {
  readMigration,
  readServingSettings,
  readStorageSettings,
  type ServingSettings,
  type StorageSettings,
  serviceLog,
  shortName,
} from './service-settings.ts';
