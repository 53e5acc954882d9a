/** Milliseconds of the machine's monotonic clock: the same in every process, so figures may cross them. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
