/** Fills proto/deps, which git ignores, with the protos of others, out of npm packages alone. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { file_buf_validate_validate } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { protoFolder } from './buf.ts';
import { printProto } from './print-proto.ts';

const packageFolder = (name: string): string =>
  dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));

const readFrom = (name: string, path: string): string =>
  readFileSync(join(packageFolder(name), path), 'utf8');

const googleFiles = [
  'google/rpc/code.proto',
  'google/rpc/error_details.proto',
  'google/rpc/status.proto',
  'google/type/date.proto',
  'google/type/decimal.proto',
  'google/type/money.proto',
];

export function fillThirdParty(): void {
  for (const path of googleFiles) keep(path, readFrom('google-proto-files', path));
  keep(
    'grpc/health/v1/health.proto',
    readFrom('grpc-health-check', 'proto/health/v1/health.proto'),
  );
  keep(
    'grpc/reflection/v1/reflection.proto',
    readFrom('@grpc/reflection', 'build/proto/grpc/reflection/v1/reflection.proto'),
  );
  keep('buf/validate/validate.proto', printProto(file_buf_validate_validate));
}

function keep(path: string, text: string): void {
  const target = join(protoFolder, 'deps', path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
