/** A sound request for every rpc that only reads, and how it is sent. */
import { ApplicationState, TaskState } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { act, leasedTask, type PreparedAct, policyDraft } from './acts.ts';
import { draftOf, referredOf, submittedOf } from './cast.ts';
import { lenderName, platformName, productName } from './names.ts';
import type { World } from './world.ts';

export const reads: Readonly<Record<string, (world: World) => Promise<PreparedAct>>> = {
  GetApplication: async (world) => {
    const { name } = await draftOf(world);
    return act({ name }, (request) => world.platform().applications.getApplication(request));
  },
  ListApplications: async (world) =>
    act(
      {
        parent: platformName,
        pageSize: 1,
        pageToken: '',
        states: [ApplicationState.DRAFT],
        seller: `${platformName}/sellers/s`,
        createTimeMin: { seconds: 1n, nanos: 0 },
      },
      (request) => world.platform().applications.listApplications(request),
    ),
  GetDecision: async (world) => {
    const { name } = await referredOf(world);
    return act({ name: `${name}/decisions/1` }, (request) =>
      world.platform().applications.getDecision(request),
    );
  },
  ListDecisions: async (world) => {
    const { name: parent } = await referredOf(world);
    return act({ parent, pageSize: 1, pageToken: '' }, (request) =>
      world.platform().applications.listDecisions(request),
    );
  },
  ExplainDecision: async (world) => {
    const { name } = await referredOf(world);
    return act({ name: `${name}/decisions/1` }, (request) =>
      world.platform().applications.explainDecision(request),
    );
  },
  ReplayDecision: async (world) => {
    const { name } = await referredOf(world);
    return act({ name: `${name}/decisions/1` }, (request) =>
      world.bank().applications.replayDecision(request),
    );
  },
  GetOffer: async (world) => {
    const { name } = await submittedOf(world);
    await world.score(name);
    const { offers } = await world.platform().applications.listOffers({ parent: name });
    return act({ name: offers[0]?.name ?? '' }, (request) =>
      world.platform().applications.getOffer(request),
    );
  },
  ListOffers: async (world) => {
    const { name: parent } = await draftOf(world);
    return act({ parent, pageSize: 1, pageToken: '' }, (request) =>
      world.platform().applications.listOffers(request),
    );
  },
  GetProductVersion: async (world) =>
    act({ name: `${productName}/versions/v1` }, (request) =>
      world.platform().products.getProductVersion(request),
    ),
  ListProductVersions: async (world) =>
    act({ parent: productName, pageSize: 1, pageToken: '' }, (request) =>
      world.platform().products.listProductVersions(request),
    ),
  GetPolicyVersion: async (world) => {
    const { name } = await policyDraft(world);
    return act({ name }, (request) => world.operator().policies.getPolicyVersion(request));
  },
  ListPolicyVersions: async (world) =>
    act({ parent: 'policies/credit', pageSize: 1, pageToken: '' }, (request) =>
      world.operator().policies.listPolicyVersions(request),
    ),
  GetEffectivePolicy: async (world) =>
    act({}, (request) => world.operator().policies.getEffectivePolicy(request)),
  GetTask: async (world) => {
    const { name } = await leasedTask(world);
    return act({ name }, (request) => world.bank().tasks.getTask(request));
  },
  ListTasks: async (world) =>
    act(
      {
        parent: lenderName,
        pageSize: 1,
        pageToken: '',
        states: [TaskState.OPEN],
        overdueOnly: true,
      },
      (request) => world.bank().tasks.listTasks(request),
    ),
  WatchApplication: async (world) => {
    const { name } = await draftOf(world);
    return act({ name, resumeToken: '' }, async (request) => {
      const leave = new AbortController();
      const stream = world
        .platform()
        .applications.watchApplication(request, { signal: leave.signal, deadlineMs: 2_000 });
      for await (const shown of stream) {
        leave.abort();
        return shown;
      }
      return {};
    });
  },
};
