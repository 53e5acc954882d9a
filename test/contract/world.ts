/** A running system with a ready market, and what the samples of requests need before they can be sent. */
import { randomUUID } from 'node:crypto';
import {
  type Application,
  ApplicationState,
  type LenderTask,
  RepaymentMethod,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import type { Seller } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import type { Bus } from '@lianbao/events';
import { InvoiceColumns } from '../../deploy/local/src/market/invoice-columns.ts';
import type { Firm } from '../../deploy/local/src/market/market.ts';
import { lenderName, platformName, productName, wholeYuan } from '../../deploy/local/src/set-up.ts';
import {
  consentNamesOf,
  giveConsents,
  registerSeller,
  sellerNameOf,
  verifySeller,
} from '../../deploy/local/src/steps/sellers.ts';
import { type Claims, type System, startSystem } from '../support/all-in-one.ts';
import { eventually } from '../support/eventually.ts';
import { type MarketWish, type ReadyMarket, readyMarket } from '../support/ready-market.ts';

export const platform: Claims = { caller: 'PLATFORM', partner: platformName };
export const bank: Claims = {
  ...{ caller: 'BANK', partner: lenderName, person: 'banker', level: 'COMMITTEE' },
};
export const service: Claims = { caller: 'SERVICE', partner: 'scoring' };
export const operator = (person: string): Claims => ({ caller: 'OPERATOR', person });

/** A ready market, wherever its services run. */
export interface Scene {
  readonly system: Pick<System, 'market' | 'clock'>;
  readonly ready: ReadyMarket;
  /** Counts up, for names that nobody has used. */
  next(): number;
}

export interface World extends Scene {
  readonly system: System;
  readonly hasModel: boolean;
  /** Requests are made, but not carried out: what they name need not be there. */
  readonly isRehearsal: boolean;
}

export interface WorldWish extends MarketWish {
  readonly isRehearsal?: boolean;
  readonly bus?: Bus;
}

export async function startWorld(wish: WorldWish = {}): Promise<World> {
  const { withModel: hasModel = true, isRehearsal = false, bus } = wish;
  const system = await startSystem(bus === undefined ? {} : { bus });
  return { ...(await sceneOn(system, wish)), system, hasModel, isRehearsal };
}

export async function sceneOn(system: Scene['system'], wish: MarketWish = {}): Promise<Scene> {
  let count = 0;
  const next = () => {
    count += 1;
    return count;
  };
  return { system, ready: await readyMarket(system, wish), next };
}

const firstNumber = 100_000; // Past those of the ready market.

/** A firm of its own, without invoices; not registered yet. */
export function newFirm({ ready, next }: Scene): Firm {
  const number = firstNumber + next();
  const [model] = ready.applicants as [Firm];
  return { ...model, code: `T${number}`, number, invoices: new InvoiceColumns(), sales12mFen: 0n };
}

export async function newSeller(world: Scene): Promise<Seller> {
  return registerSeller(world.system.market, newFirm(world));
}

/** Verified, with both consents: all but invoices, so that its applications go to a person. */
export async function newCustomer(world: Scene): Promise<Firm> {
  const firm = newFirm(world);
  const { market, clock } = world.system;
  await registerSeller(market, firm);
  await verifySeller(market, firm, clock);
  await giveConsents(market, firm, clock);
  return firm;
}

export const applicationOf = ({ next }: Scene, firm: Firm, purposeCode = 'STOCK') => {
  const id = `t-${next()}`;
  return {
    parent: platformName,
    applicationId: id,
    externalReference: id,
    seller: sellerNameOf(firm),
    lender: lenderName,
    product: productName,
    requestedAmount: wholeYuan(50_000n),
    termMonths: 12,
    purposeCode,
    repaymentMethod: RepaymentMethod.EQUAL_INSTALMENT,
    consents: consentNamesOf(firm),
  };
};

export interface Wish {
  /** A customer of its own without it. */
  readonly firm?: Firm;
  readonly purposeCode?: string;
}

export async function newDraft(world: Scene, { firm, purposeCode }: Wish = {}) {
  const { applications } = world.system.market.platform(platformName);
  const seller = firm ?? (await newCustomer(world));
  return applications.createApplication(applicationOf(world, seller, purposeCode));
}

/** Waits for the machine's answer. Without a firm that is a referral, for want of records. */
export async function newDecided(world: Scene, wish: Wish = {}): Promise<Application> {
  const { applications } = world.system.market.platform(platformName);
  const { name, etag } = await newDraft(world, wish);
  await applications.submitApplication({ name, etag, requestId: randomUUID() });
  return whenLeft(world, name, ApplicationState.SUBMITTED);
}

/** The application, once it is in another state. */
export const whenLeft = (
  world: Scene,
  name: string,
  state: ApplicationState,
  withinMs = 10_000,
): Promise<Application> =>
  eventually(
    `${name} leaves state ${state}`,
    async () => {
      const { applications } = world.system.market.platform(platformName);
      const application = await applications.getApplication({ name });
      return application.state === state ? undefined : application;
    },
    { withinMs },
  );

/** A person's offer on a referred application, on its present revision. */
export async function offerOn(world: Scene, name: string, yuan: bigint) {
  const { applications } = world.system.market.platform(platformName);
  const { etag } = await applications.getApplication({ name });
  return {
    parent: name,
    principal: wholeYuan(yuan),
    termMonths: 6,
    annualRate: { value: '0.085' },
    repaymentMethod: RepaymentMethod.EQUAL_INSTALMENT,
    note: 'Known to the branch for years.',
    requestId: randomUUID(),
    etag,
  };
}

/** Declined by the machine, whatever else is known: nobody lends for this. */
export const newDeclined = (world: Scene): Promise<Application> =>
  newDecided(world, { purposeCode: 'GIFTS' });

/** The task of a referred application, leased. */
export async function newLease(world: Scene): Promise<LenderTask> {
  const { name } = await newDecided(world);
  return leaseOf(world, name);
}

export async function leaseOf({ system }: Scene, application: string): Promise<LenderTask> {
  const { tasks } = system.market.bank(lenderName, 'banker', 'COMMITTEE');
  const leased = await tasks.leaseTasks({ parent: lenderName, maxTasks: 100, leaseSeconds: 3_600 });
  const task = leased.tasks.find(({ target }) => target === application);
  if (task === undefined) throw new Error(`${application} has no open task`);
  return task;
}
