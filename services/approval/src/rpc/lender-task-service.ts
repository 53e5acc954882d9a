import type { LenderTaskService } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { actOf, fieldInvalid, type Handlers, readDecimalPpm, readPage } from '@lianbao/grpc';
import type { ShownTask } from '../application/task-ports.ts';
import type { UseCases } from '../application/use-cases.ts';
import { readPositive, toApplication } from './convert-application.ts';
import { toOffer } from './convert-decision.ts';
import { readTaskKinds, readTaskStates, toTask } from './convert-task.ts';
import { readRepaymentMethod } from './convert-terms.ts';

export const lenderTaskService = ({
  clock,
  ...use
}: UseCases): Handlers<typeof LenderTaskService> => ({
  leaseTasks: (request, call) =>
    use.leaseTasks(
      actOf(call, request, (tasks: readonly ShownTask[]) => ({
        tasks: tasks.map(toTask(call.caller)),
      })),
      {
        lender: request.parent,
        kinds: readTaskKinds(request.kinds),
        count: request.maxTasks,
        seconds: request.leaseSeconds,
      },
    ),

  acknowledgeTask: (request, call) =>
    use.acknowledgeTask(
      actOf(call, request, toTask(call.caller)),
      request.name,
      request.leaseToken,
    ),

  extendTaskLease: (request, call) =>
    use.extendTaskLease(
      actOf(call, request, toTask(call.caller)),
      request.name,
      request.leaseToken,
      request.leaseSeconds,
    ),

  completeTask: (request, call) =>
    use.completeTask(actOf(call, request, toTask(call.caller)), request.name, request.leaseToken),

  getTask: async ({ name }, { caller }) => toTask(caller)(await use.getTask(caller, name)),

  listTasks: async (request, call) => {
    const page = readPage(call, request, clock());
    const { parent, states, overdueOnly } = request;
    const filter = {
      lender: parent === 'lenders/-' ? undefined : parent,
      states: readTaskStates(states),
      overdueOnly,
    };
    const { items, next } = await use.listTasks(call.caller, filter, page);
    return {
      tasks: items.map(toTask(call.caller)),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },

  submitOffer: (request, call) =>
    use.submitOffer(actOf(call, request, toOffer), request.parent, {
      principalFen: readPositive(request.principal, 'principal'),
      termMonths: request.termMonths,
      annualRatePpm: readRate(request.annualRate),
      repaymentMethod: readRepaymentMethod(request.repaymentMethod, 'repayment_method'),
      note: request.note,
    }),

  declineApplication: (request, call) =>
    use.declineApplication(actOf(call, request, toApplication), request.name, {
      reasonCodes: request.reasonCodes,
      note: request.note,
    }),
});

const ratePpmMax = 10_000_000n; // Ten times the loan a year: beyond it somebody wrote per cent.

function readRate(value: Parameters<typeof readDecimalPpm>[0]): bigint {
  const ratePpm = readDecimalPpm(value, 'annual_rate');
  if (ratePpm < 0n || ratePpm > ratePpmMax) {
    throw fieldInvalid('annual_rate', 'rate.range', 'is below 0 or above 10');
  }
  return ratePpm;
}
