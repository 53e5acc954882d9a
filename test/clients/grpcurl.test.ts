/** grpcurl knows nothing of this contract but what the running server tells it by reflection. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractServices } from '../../deploy/local/src/partners.ts';
import { type System, startSystem } from '../support/all-in-one.ts';
import { grpcurl } from './tools.ts';

const run = promisify(execFile);
const minutes = 60_000;

let path: string | undefined;
let system: System;
beforeAll(async () => {
  path = await grpcurl(); // Builds it, the first time.
  if (path !== undefined) system = await startSystem();
}, 10 * minutes);
afterAll(() => system?.stop());

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Skips where there is no grpcurl. */
async function say(skip: () => never, ...args: readonly string[]): Promise<Said> {
  if (path === undefined) return skip();
  try {
    return { code: 0, ...(await run(path, ['-plaintext', '-max-time', '10', ...args])) };
  } catch (error) {
    return error as Said;
  }
}

const bearer = async () => [
  '-H',
  `authorization: Bearer ${await system.token({ caller: 'OPERATOR', person: 'curl' })}`,
];

describe('grpcurl', () => {
  it('lists every service of the contract, health and reflection', async ({ skip }) => {
    const { stdout } = await say(skip, system?.address ?? '', 'list');
    expect(stdout.trim().split('\n').sort()).toEqual(
      [
        ...contractServices.map(({ typeName }) => typeName),
        'grpc.health.v1.Health',
        'grpc.reflection.v1.ServerReflection',
      ].sort(),
    );
  });

  it('describes each service with every rpc', async ({ skip }) => {
    for (const { typeName, methods } of contractServices) {
      const { code, stdout } = await say(skip, system?.address ?? '', 'describe', typeName);
      expect(code, stdout).toBe(0);
      for (const { name, input } of methods) {
        expect(stdout).toMatch(new RegExp(`rpc ${name} \\( (stream )?\\.${input.typeName} \\)`));
      }
    }
  });

  it('describes a request field by field', async ({ skip }) => {
    const name = 'lianbao.approval.v1.CreateApplicationRequest';
    const { stdout } = await say(skip, system?.address ?? '', 'describe', name);
    expect(stdout).toContain('.google.type.Money requested_amount = 7');
    expect(stdout).toContain('string request_id = 12');
  });

  it('calls an rpc and shows the answer', async ({ skip }) => {
    if (path === undefined) return skip();
    const { address } = system;
    const rpc = 'lianbao.approval.v1.PolicyService/GetEffectivePolicy';
    const { code, stdout } = await say(skip, ...(await bearer()), '-d', '{}', address, rpc);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ policyVersion: 'policy-0' });
  });

  it('shows why a request is refused, with ErrorInfo and every field', async ({ skip }) => {
    if (path === undefined) return skip();
    const { address } = system;
    const rpc = 'lianbao.party.v1.PartnerService/CreatePlatform';
    const { code, stderr } = await say(skip, ...(await bearer()), '-d', '{}', address, rpc);
    expect(code).not.toBe(0);
    expect(stderr).toContain('Code: InvalidArgument');
    expect(stderr).toContain('google.rpc.ErrorInfo');
    expect(stderr).toContain('"reason": "FIELD_INVALID"');
    for (const field of ['platform_id', 'display_name', 'identity_number', 'request_id']) {
      expect(stderr).toContain(`"field": "${field}"`);
    }
    expect(stderr).toContain('google.rpc.LocalizedMessage');
  });

  it('is refused without a token, and without a deadline of its own is told so', async ({
    skip,
  }) => {
    if (path === undefined) return skip();
    const rpc = 'lianbao.party.v1.PartnerService/ListPlatforms';
    const { stderr } = await say(skip, '-d', '{}', system.address, rpc);
    expect(stderr).toContain('Code: Unauthenticated');
    expect(stderr).toContain('CREDENTIAL_INVALID');
    const plain = ['-plaintext', ...(await bearer()), '-d', '{}', system.address, rpc];
    const { stderr: without } = await run(path, plain).catch((error: Said) => error);
    expect(without).toContain('Code: InvalidArgument');
    expect(without).toContain('grpc-timeout');
  });

  it('asks for health without a token', async ({ skip }) => {
    const { code, stdout } = await say(skip, system?.address ?? '', 'grpc.health.v1.Health/Check');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ status: 'SERVING' });
  });
});
