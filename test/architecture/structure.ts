/** The names the rules go by. A new package, edge or folder is a decision, so it is made here, in the open. */

export const serviceNames = ['party', 'scoring', 'guarantee', 'pledge', 'approval', 'servicing'];

export const sciencePackages = ['scorecard', 'loan-math'];

/** Who may depend on whom, by the short name of the package. */
export const below: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  api: [],
  runtime: ['kernel'], // Logs and metrics reach the others through the kernel's Log and Meter ports.
  persistence: ['kernel'],
  grpc: ['api', 'kernel'],
  events: ['kernel', 'persistence'],
  scorecard: ['kernel'],
  'loan-math': ['kernel'],
};

/** What a service may depend on: every package, and no other service. */
export const belowServices: readonly string[] = Object.keys(below);

export const topLevel = [
  'proto',
  'services',
  'packages',
  'deploy',
  'test',
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'tsconfig.base.json',
  'vitest.config.ts',
  'biome.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

export const testFolders = [
  'architecture',
  'integration',
  'contract',
  'clients',
  'e2e',
  'load',
  'faults',
  'support',
];

export const serviceFolders = ['domain', 'application', 'rpc', 'events', 'clients', 'storage'];

export const serviceFiles = [
  'README.md',
  'package.json',
  'src/app.ts',
  'src/main.ts',
  'src/config.ts',
];

/** Files that may be longer than the limit, each with its reason. */
export const longFiles: readonly string[] = [];
