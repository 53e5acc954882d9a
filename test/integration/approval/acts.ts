/** A sound request for every rpc that changes something, and how it is sent. */
import { RepaymentMethod, TaskKind } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  applicationRequest,
  draftOf,
  get,
  policyContent,
  productRequest,
  referredOf,
  requestId,
  submittedOf,
} from './cast.ts';
import { lenderName, platformName, productName, yuan } from './names.ts';
import type { World } from './world.ts';

export interface PreparedAct {
  readonly request: object & { readonly requestId?: string };
  // A changed request is not of the request's type any more.
  send(request: object): Promise<object>;
}

export const act = <R extends object>(
  request: R,
  send: (request: R) => Promise<object>,
): PreparedAct => ({
  request,
  send: send as PreparedAct['send'],
});

/** The same values as an object literal has them, of which copies can be made. */
function plain<T>(message: T): T {
  if (Array.isArray(message)) return message.map(plain) as T;
  if (typeof message !== 'object' || message === null) return message;
  const members = Object.entries(message).filter(([name]) => name !== '$typeName');
  return Object.fromEntries(members.map(([name, value]) => [name, plain(value)])) as T;
}

let count = 0;
const fresh = (): string => {
  count += 1;
  return `act-${count}`;
};

export async function leasedTask(world: World) {
  await referredOf(world);
  const { tasks } = await world
    .bank()
    .tasks.leaseTasks({ parent: lenderName, maxTasks: 1, leaseSeconds: 3_600 });
  const [task] = tasks;
  return { name: task?.name ?? '', leaseToken: task?.leaseToken ?? '' };
}

export const policyDraft = (world: World) =>
  world.operator('Maker').policies.createPolicyVersion({
    policyId: 'credit',
    versionId: fresh(),
    content: policyContent(),
    requestId: requestId(),
  });

const policyValidated = async (world: World) => {
  const { name } = await policyDraft(world);
  return world.operator('Maker').policies.validatePolicyVersion({ name, requestId: requestId() });
};

export const acts: Readonly<Record<string, (world: World) => Promise<PreparedAct>>> = {
  CreateProductVersion: async (world) =>
    act({ ...productRequest(fresh()), productId: 'other' }, (request) =>
      world.operator().products.createProductVersion(request),
    ),
  ApproveProductVersion: async (world) => {
    const made = await world
      .operator('Maker')
      .products.createProductVersion({ ...productRequest(fresh()), productId: 'other' });
    return act({ name: made.name, etag: made.etag, requestId: requestId() }, (request) =>
      world.operator('Checker').products.approveProductVersion(request),
    );
  },
  CreatePolicyVersion: async (world) =>
    act(
      {
        policyId: 'credit',
        versionId: fresh(),
        content: plain(policyContent()),
        requestId: requestId(),
      },
      (request) => world.operator().policies.createPolicyVersion(request),
    ),
  ValidatePolicyVersion: async (world) => {
    const { name } = await policyDraft(world);
    return act({ name, requestId: requestId() }, (request) =>
      world.operator().policies.validatePolicyVersion(request),
    );
  },
  ApprovePolicyVersion: async (world) => {
    const { name, etag } = await policyValidated(world);
    return act({ name, etag, requestId: requestId() }, (request) =>
      world.operator('Checker').policies.approvePolicyVersion(request),
    );
  },
  ActivatePolicyVersion: async (world) => {
    const { name, etag } = await policyValidated(world);
    const approved = await world
      .operator('Checker')
      .policies.approvePolicyVersion({ name, etag, requestId: requestId() });
    return act(
      {
        name,
        etag: approved.etag,
        effectiveTime: { seconds: 1_600_000_000n, nanos: 0 },
        requestId: requestId(),
      },
      (request) => world.operator().policies.activatePolicyVersion(request),
    );
  },
  CheckEligibility: async (world) =>
    act(
      {
        seller: `${platformName}/sellers/s`,
        lender: lenderName,
        product: productName,
        amount: yuan(100_000n),
        termMonths: 12,
      },
      (request) => world.platform().applications.checkEligibility(request),
    ),
  CreateApplication: async (world) =>
    act({ ...applicationRequest(), requestId: requestId() }, (request) =>
      world.platform().applications.createApplication(request),
    ),
  SubmitApplication: async (world) => {
    const { name, etag } = await draftOf(world);
    return act({ name, etag, requestId: requestId() }, (request) =>
      world.platform().applications.submitApplication(request),
    );
  },
  WithdrawApplication: async (world) => {
    const { name, etag } = await submittedOf(world);
    return act({ name, etag, requestId: requestId() }, (request) =>
      world.platform().applications.withdrawApplication(request),
    );
  },
  RequestManualReview: async (world) => {
    const { name } = await submittedOf(world);
    await world.score(name, { grade: 'D', pdPpm: 400_000n });
    return act({ name, requestId: requestId() }, (request) =>
      world.platform().applications.requestManualReview(request),
    );
  },
  LeaseTasks: async (world) => {
    await referredOf(world);
    return act(
      {
        parent: lenderName,
        kinds: [TaskKind.UNDERWRITE],
        maxTasks: 1,
        leaseSeconds: 60,
        requestId: requestId(),
      },
      (request) => world.bank().tasks.leaseTasks(request),
    );
  },
  AcknowledgeTask: async (world) =>
    act({ ...(await leasedTask(world)), requestId: requestId() }, (request) =>
      world.bank().tasks.acknowledgeTask(request),
    ),
  ExtendTaskLease: async (world) =>
    act({ ...(await leasedTask(world)), leaseSeconds: 60, requestId: requestId() }, (request) =>
      world.bank().tasks.extendTaskLease(request),
    ),
  SubmitOffer: async (world) => {
    const { name } = await referredOf(world);
    const { etag } = await get(world, name);
    return act(
      {
        parent: name,
        etag,
        principal: yuan(50_000n),
        termMonths: 12,
        annualRate: { value: '0.1' },
        repaymentMethod: RepaymentMethod.BULLET,
        note: 'known',
        requestId: requestId(),
      },
      (request) => world.bank().tasks.submitOffer(request),
    );
  },
  DeclineApplication: async (world) => {
    const { name } = await referredOf(world);
    const { etag } = await get(world, name);
    return act(
      {
        name,
        etag,
        reasonCodes: ['LENDER_JUDGEMENT'],
        note: 'no',
        requestId: requestId(),
      },
      (request) => world.bank().tasks.declineApplication(request),
    );
  },
};
