/**
 * The road to the decision over three processes and a real Kafka, with the broker and a service away in
 * between: nothing is lost, and everybody ends in order.
 */
import { randomUUID } from 'node:crypto';
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import {
  ApplicationState,
  EvidenceState,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { PolicyContentSchema } from '@lianbao/api/lianbao/approval/v1/policy_pb';
import { policyZero } from '@lianbao/api/policy-0';
import { createTopics, topics } from '@lianbao/events';
import { channelTo } from '@lianbao/grpc';
import { type AuthorityLevel, eventUid, type Tenant } from '@lianbao/kernel';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clients, type Market, marketOn } from '../../deploy/local/src/partners.ts';
import { platformName } from '../../deploy/local/src/set-up.ts';
import { newDecided, newDraft, type Scene, sceneOn, whenLeft } from '../contract/world.ts';
import { contexts } from '../support/all-in-one.ts';
import { eventually } from '../support/eventually.ts';
import { kafkaForTests, type TestKafka } from '../support/kafka.ts';
import { migratedServices, type ServiceProcesses } from './service-processes.ts';

const tenant = 'local' as Tenant;
let kafka: TestKafka | undefined;
let services: ServiceProcesses;
let scene: Scene;
let closeChannels = (): void => undefined;

beforeAll(async () => {
  kafka = await kafkaForTests();
  if (kafka === undefined) return;
  await createTopics(kafka.brokers);
  services = await migratedServices(kafka.brokers);
  await Promise.all(contexts.map((context) => services.start(context)));
  scene = await sceneOn(
    { market: marketOverAll(), clock: () => new Date() },
    { applicantCount: 4 },
  );
});
afterAll(async () => {
  closeChannels();
  await services?.stop();
  if (kafka?.ours) await kafka.stop();
});

/** Each service is called at its own address. */
function marketOverAll(): Market {
  const channels = contexts.map((context) => channelTo(services.addresses[context]));
  closeChannels = () => {
    for (const channel of channels) channel.close();
  };
  const [party, scoring, approval] = channels.map((channel) =>
    marketOn(channel, { issuer: services.issuer, tenant }),
  ) as [Market, Market, Market];
  const whole = (of: (market: Market) => Clients): Clients => {
    const { partners, sellers, consents, feed } = of(party);
    const { records, scoring: scores, models } = of(scoring);
    return { ...of(approval), partners, sellers, consents, feed, records, scoring: scores, models };
  };
  return {
    operator: (person) => whole((market) => market.operator(person)),
    bank: (lender, person, level?: AuthorityLevel) =>
      whole((market) => market.bank(lender, person, level)),
    platform: (platform) => whole((market) => market.platform(platform)),
  };
}

const skipWithout = (skip: (note?: string) => never): TestKafka => kafka ?? skip('no broker');
const applications = () => scene.system.market.platform(platformName).applications;
const requestId = () => randomUUID();

/** Ids of all events in the outboxes, once all of them are published. */
async function publishedIds(): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const context of contexts) {
    const client = services.admin[context];
    await eventually(`${context} has published all`, async () => {
      const { rows } = await client.query('select 1 from outbox_pending limit 1');
      return rows.length === 0 ? true : undefined;
    });
    const { rows } = await client.query<Record<'topic' | 'key' | 'epoch' | 'sequence', string>>(
      'select topic, key, epoch, sequence from outbox where topic is not null',
    );
    for (const { topic, key, epoch, sequence } of rows) {
      ids.push(eventUid(tenant, topic, key, BigInt(epoch), BigInt(sequence)));
    }
  }
  return ids.sort();
}

const kafkaOf = ({ brokers }: TestKafka) =>
  new Kafka({ brokers: [...brokers], clientId: 'journey-test', logLevel: logLevel.NOTHING });

async function recordsInBroker(broker: TestKafka): Promise<number> {
  const admin = kafkaOf(broker).admin();
  await admin.connect();
  try {
    const offsets = await Promise.all(topics.map(({ name }) => admin.fetchTopicOffsets(name)));
    return offsets.flat().reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  } finally {
    await admin.disconnect();
  }
}

/** Ids of all records of the broker, each once. */
async function idsInBroker(broker: TestKafka): Promise<ReadonlySet<string>> {
  const count = await recordsInBroker(broker);
  const consumer = kafkaOf(broker).consumer({ groupId: `journey-test-${randomUUID()}` });
  const ids = new Set<string>();
  let seen = 0;
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: topics.map(({ name }) => name), fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        ids.add(String(message.headers?.ce_id));
        seen += 1;
      },
    });
    await eventually('all records are read', () => (seen >= count ? true : undefined), {
      withinMs: 30_000,
    });
    return ids;
  } finally {
    await consumer.disconnect();
  }
}

describe('three processes and a broker', { timeout: 90_000 }, () => {
  it('take an application to its decision', async ({ skip }) => {
    skipWithout(skip);
    const [firm] = scene.ready.applicants;
    const { name, state, decision } = await newDecided(scene, firm === undefined ? {} : { firm });
    const outcomes: readonly ApplicationState[] = [
      ...[ApplicationState.APPROVED, ApplicationState.DECLINED, ApplicationState.REFERRED],
    ];
    expect(outcomes).toContain(state);
    expect(decision).toBe(`${name}/decisions/1`);
    const explained = await applications().explainDecision({ name: decision });
    expect(explained.decision?.modelVersion).toBe('scoreModels/invoices/versions/1');
  });

  it('hold in the broker just what stands in the outboxes', async ({ skip }) => {
    const broker = skipWithout(skip);
    if (!broker.ours) skip('a broker of others holds more');
    const published = await publishedIds();
    expect(await recordsInBroker(broker)).toBe(published.length);
  });

  it('lose nothing while the broker is away', async ({ skip }) => {
    const broker = skipWithout(skip);
    if (!broker.ours) skip('a broker of others is not ours to stop');
    const drafts = [await newDraft(scene), await newDraft(scene), await newDraft(scene)];
    await broker.halt();
    for (const { name, etag } of drafts) {
      const submitted = await applications().submitApplication({
        ...{ name, etag, requestId: requestId() },
      });
      expect(submitted.state).toBe(ApplicationState.SUBMITTED);
    }
    await broker.resume();
    for (const { name } of drafts) {
      const { state } = await whenLeft(scene, name, ApplicationState.SUBMITTED, 40_000);
      expect(state).toBe(ApplicationState.REFERRED);
    }
    const published = await publishedIds();
    expect([...(await idsInBroker(broker))].sort()).toEqual(published);
  });

  it('refer to a person what a killed service did not answer in time, and show its answer later', async ({
    skip,
  }) => {
    skipWithout(skip);
    await waitForEvidence(5);
    const [, firm] = scene.ready.applicants;
    const { name, etag } = await newDraft(scene, firm === undefined ? {} : { firm });
    await services.kill('scoring');
    await applications().submitApplication({ name, etag, requestId: requestId() });
    const referred = await whenLeft(scene, name, ApplicationState.SUBMITTED, 20_000);
    expect(referred.state).toBe(ApplicationState.REFERRED);
    expect(referred.reasons.map(({ code }) => code)).toEqual(['EVIDENCE_MISSING']);
    await services.start('scoring');
    const late = await eventually(
      'the score has arrived',
      async () => {
        const application = await applications().getApplication({ name });
        const [evidence] = application.evidence;
        return evidence?.state === EvidenceState.AWAITED ? undefined : application;
      },
      { withinMs: 30_000, everyMs: 100 },
    );
    expect(late.state).toBe(ApplicationState.REFERRED);
    expect(late.evidence.map(({ state }) => state)).toEqual([EvidenceState.LATE]);
  });

  it('end in order when they are told to', async ({ skip }) => {
    skipWithout(skip);
    const published = await publishedIds();
    const codes = await Promise.all(contexts.map((context) => services.terminate(context)));
    expect(codes, contexts.map((context) => services.said(context)).join('\n')).toEqual([0, 0, 0]);
    expect(await publishedIds()).toEqual(published);
  });
});

/** Puts a policy in force that waits so long for evidence. */
async function waitForEvidence(seconds: number): Promise<void> {
  const { policies: maker } = scene.system.market.operator('setup-1');
  const { policies: checker } = scene.system.market.operator('setup-2');
  const content = fromJson(PolicyContentSchema, policyZero as unknown as JsonValue);
  if (content.decision !== undefined) content.decision.evidenceSecondsMax = seconds;
  const { name } = await maker.createPolicyVersion({
    ...{ policyId: 'credit', versionId: 'hasty', content, requestId: requestId() },
  });
  const { etag } = await maker.validatePolicyVersion({ name, requestId: requestId() });
  const approved = await checker.approvePolicyVersion({ name, etag, requestId: requestId() });
  await checker.activatePolicyVersion({
    ...{ name, etag: approved.etag, requestId: requestId() },
  });
}
