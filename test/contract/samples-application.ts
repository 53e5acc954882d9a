/** Requests about applications that succeed. */
import { randomUUID } from 'node:crypto';
import {
  ApplicationService,
  ApplicationState,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { lenderName, platformName, productName, wholeYuan } from '../../deploy/local/src/set-up.ts';
import { sellerNameOf } from '../../deploy/local/src/steps/sellers.ts';
import { on, type Sampler } from './sample.ts';
import { settled } from './settled.ts';
import {
  applicationOf,
  newCustomer,
  newDecided,
  newDeclined,
  newDraft,
  operator,
  platform,
  type World,
  whenLeft,
} from './world.ts';

const requestId = () => randomUUID();

/** One approved application is enough for all who read its offer. */
const approvedOf = new WeakMap<World, Promise<string>>();

function approved(world: World): Promise<string> {
  if (!world.hasModel) return Promise.resolve(`${platformName}/applications/none`);
  const known = approvedOf.get(world);
  if (known !== undefined) return known;
  const made = (async () => {
    const [firm] = world.ready.applicants;
    const { name, state } = await newDecided(world, firm === undefined ? {} : { firm });
    if (state !== ApplicationState.APPROVED) throw new Error(`${name} is not approved`);
    return name;
  })();
  approvedOf.set(world, made);
  return made;
}

const platformOf = ({ system }: World) => system.market.platform(platformName).applications;

const application = ApplicationService.method;

export const applicationSamples: readonly Sampler[] = [
  on(application.checkEligibility, async (world) => ({
    claims: platform,
    request: {
      seller: sellerNameOf(await newCustomer(world)),
      lender: lenderName,
      product: productName,
      amount: wholeYuan(50_000n),
      termMonths: 12,
    },
  })),
  on(application.createApplication, async (world) => {
    const request = { ...applicationOf(world, await newCustomer(world)), requestId: requestId() };
    const name = `${platformName}/applications/${request.applicationId}`;
    const change = () =>
      platformOf(world).withdrawApplication({ name, etag: '1', requestId: requestId() });
    return { claims: platform, request, change };
  }),
  on(application.submitApplication, async (world) => {
    const { name, etag } = await newDraft(world);
    return {
      claims: platform,
      request: { name, etag, requestId: requestId() },
      change: () => whenLeft(world, name, ApplicationState.SUBMITTED),
    };
  }),
  // Nothing changes an application that was withdrawn.
  on(application.withdrawApplication, async (world) => {
    const { name, etag } = await newDecided(world);
    return { claims: platform, request: { name, etag, requestId: requestId() } };
  }),
  on(application.getApplication, async (world) => ({
    claims: platform,
    request: { name: (await newDraft(world)).name },
  })),
  on(application.listApplications, () => ({
    claims: platform,
    request: { parent: platformName, pageSize: 2 },
  })),
  on(application.watchApplication, async (world) => ({
    claims: platform,
    request: { name: (await newDraft(world)).name },
  })),
  on(application.requestManualReview, async (world) => {
    const { name } = await newDeclined(world);
    const change = async () => {
      await settled(world.system); // The late score is in: it changes the review once more.
      const applications = platformOf(world);
      const { applications: found } = await applications.listApplications({
        parent: platformName,
      });
      const review = found.find(({ reviewOf }) => reviewOf === name);
      await applications.withdrawApplication({
        ...{ name: review?.name ?? '', etag: review?.etag ?? '', requestId: requestId() },
      });
    };
    return { claims: platform, request: { name, requestId: requestId() }, change };
  }),
  on(application.getDecision, async (world) => ({
    claims: platform,
    request: { name: (await newDeclined(world)).decision },
  })),
  on(application.listDecisions, async (world) => ({
    claims: platform,
    request: { parent: (await newDeclined(world)).name },
  })),
  on(application.explainDecision, async (world) => ({
    claims: platform,
    request: { name: (await newDeclined(world)).decision },
  })),
  on(application.replayDecision, async (world) => ({
    claims: operator('auditor'),
    request: { name: (await newDeclined(world)).decision },
  })),
  on(application.getOffer, async (world) => {
    const parent = await approved(world);
    if (!world.hasModel) return { claims: platform, request: { name: `${parent}/offers/none` } };
    const { offers } = await platformOf(world).listOffers({ parent });
    return { claims: platform, request: { name: offers[0]?.name ?? '' } };
  }),
  on(application.listOffers, async (world) => ({
    claims: platform,
    request: { parent: await approved(world) },
  })),
];
