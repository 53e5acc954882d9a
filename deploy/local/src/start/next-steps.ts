/** What to type next: calls that work as they are printed, with names that are there. */
import type { Application } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import type { Seller } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { idOf } from '@lianbao/kernel';
import type { Market } from '../partners.ts';
import { lenderName, platformName, productName } from '../set-up.ts';

export interface Standing {
  readonly applications: readonly Application[];
  readonly sellers: readonly Seller[];
}

const pageSize = 500;
const pagesMax = 20;

/** The first ten thousand of each. */
export async function standingOf(market: Market): Promise<Standing> {
  const { applications, sellers } = market.platform(platformName);
  const parent = platformName;
  return {
    applications: await pages(async (pageToken) => {
      const page = await applications.listApplications({ parent, pageSize, pageToken });
      return [page.applications, page.nextPageToken];
    }),
    sellers: await pages(async (pageToken) => {
      const page = await sellers.listSellers({ parent, pageSize, pageToken });
      return [page.sellers, page.nextPageToken];
    }),
  };
}

async function pages<Item>(
  read: (pageToken: string) => Promise<[readonly Item[], string]>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let token = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const [items, next] = await read(token);
    all.push(...items);
    if (next === '') break;
    token = next;
  }
  return all;
}

export function nextSteps({ applications, sellers }: Standing): string[] {
  const decided = applications.find(({ decision }) => decision !== '');
  const applied = new Set(applications.map(({ seller }) => seller));
  const names = new Set(applications.map(({ name }) => idOf(name)));
  // The set-up numbers its firms, and those that the model has not seen come last.
  const free = sellers
    .filter(({ name }) => !applied.has(name) && !names.has(idOf(name)))
    .sort((a, b) => numberIn(b.name) - numberIn(a.name))[0];
  return [
    'What to type next, in another terminal in this folder',
    line('call', 'every service and rpc'),
    line('call ApplicationService/CreateApplication', 'what an rpc takes and answers'),
    ...(free === undefined ? [] : ownApplication(free.name)),
    ...(decided === undefined ? [] : ofDecided(decided)),
    line(call('ApplicationService/ListApplications', { parent: lenderName }, ' --as bank'), ''),
    line(
      call(
        'LenderTaskService/LeaseTasks',
        { parent: lenderName, maxTasks: 1, leaseSeconds: 600 },
        ' --as bank --person li',
      ),
      '',
    ),
    line(
      'run token --as bank --person li',
      'a token of ten minutes, for clients that are not ours',
    ),
    line('demo', '200 synthetic firms; real ones with --data DIR'),
    line('reset', 'removes the database and the keys, after asking'),
  ];
}

const numberIn = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);

function ownApplication(seller: string): string[] {
  const id = idOf(seller);
  const name = `${platformName}/applications/${id}`;
  const draft = {
    parent: platformName,
    applicationId: id,
    externalReference: id,
    seller,
    lender: lenderName,
    product: productName,
    requestedAmount: { currencyCode: 'CNY', units: '50000' },
    termMonths: 12,
    purposeCode: 'STOCK',
    repaymentMethod: 'REPAYMENT_METHOD_EQUAL_INSTALMENT',
    consents: ['scoring', 'share'].map((consent) => `${seller}/consents/${consent}`),
  };
  return [
    line(call('ApplicationService/CreateApplication', draft), ''),
    line(call('ApplicationService/SubmitApplication', { name, etag: '1' }), ''),
    line(call('ApplicationService/GetApplication', { name }), 'a moment later'),
  ];
}

const ofDecided = ({ decision }: Application): string[] => [
  line(call('ApplicationService/ExplainDecision', { name: decision }), ''),
  line(call('ApplicationService/ReplayDecision', { name: decision }, ' --as bank'), ''),
];

const call = (rpc: string, request: object, options = ''): string =>
  `call ${rpc} '${JSON.stringify(request)}'${options}`;

const line = (command: string, says: string): string =>
  `  npx -y pnpm ${command}${says === '' ? '' : `   # ${says}`}`;
