import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly kafka: boolean;
  /** Applications a second; from the last one on the rate is raised until it breaks. */
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly knee: boolean;
  /** Where the figures go as JSON. */
  readonly json: string | undefined;
  /** Of each of the realistic sellers. */
  readonly invoicesPerFirm: number;
  /** A folder for a CPU profile and a list of statements, both of the last fixed rate. */
  readonly profile: string | undefined;
}

export const usage =
  'pnpm bench:journey [--kafka] [--rates 20,100] [--seconds 30] [--no-knee] [--invoices 1000] [--json FILE] [--profile DIR]';

export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      kafka: { type: 'boolean', default: false },
      rates: { type: 'string', default: '20,100' },
      seconds: { type: 'string', default: '30' },
      knee: { type: 'boolean', default: true },
      invoices: { type: 'string', default: '1000' },
      json: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  return {
    kafka: values.kafka,
    rates: values.rates.split(',').map((text) => positive('--rates', text)),
    seconds: positive('--seconds', values.seconds),
    knee: values.knee,
    invoicesPerFirm: positive('--invoices', values.invoices),
    json: values.json,
    profile: values.profile,
  };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option}: not whole and above zero`);
  return value;
}
