import { setTimeout as pause } from 'node:timers/promises';
import type { DescService } from '@bufbuild/protobuf';
import {
  type Health,
  HealthCheckResponse_ServingStatus as Status,
} from '@lianbao/api/grpc/health/v1/health_pb';
import { commonRefusals } from '@lianbao/kernel';
import type { Handlers } from './handlers.ts';
import type { ServerLimits } from './limits.ts';

/**
 * Names: `readiness`, each service and the empty one say whether calls are welcome; `startup` that
 * they once were; `liveness` only that the process answers.
 */
export function healthHandlers(
  ready: () => boolean,
  services: readonly DescService[],
  { healthPollMs }: Pick<ServerLimits, 'healthPollMs'>,
): Handlers<typeof Health> {
  let started = false;
  const isReady = () => {
    const now = ready();
    started ||= now;
    return now;
  };
  const probes = new Map<string, () => boolean>([
    ['', isReady],
    ['readiness', isReady],
    ['startup', () => isReady() || started],
    ['liveness', () => true],
    ...services.map(({ typeName }) => [typeName, isReady] as const),
  ]);
  const statusOf = (name: string): Status => {
    const probe = probes.get(name);
    if (probe === undefined) return Status.SERVICE_UNKNOWN;
    return probe() ? Status.SERVING : Status.NOT_SERVING;
  };
  return {
    check: async ({ service }) => {
      if (!probes.has(service)) throw commonRefusals.NAME_UNKNOWN({ name: service });
      return { status: statusOf(service) };
    },
    list: async () => ({
      statuses: Object.fromEntries(
        [...probes.keys()].map((name) => [name, { status: statusOf(name) }]),
      ),
    }),
    async *watch({ service }, { signal }) {
      let last: Status | undefined;
      while (!signal.aborted) {
        const status = statusOf(service);
        if (status !== last) yield { status };
        last = status;
        await pause(healthPollMs, undefined, { signal, ref: false });
      }
    },
  };
}
