import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import {
  ServerReflection,
  ServerReflectionRequestSchema,
} from '@lianbao/api/grpc/reflection/v1/reflection_pb';
import { file_lianbao_party_v1_party_events } from '@lianbao/api/lianbao/party/v1/party_events_pb';
import { SellerService } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { expect, it } from 'vitest';
import { clientOf } from './client.ts';
import { bind, type Handlers } from './handlers.ts';
import { loopback } from './testing/loopback.ts';

type Asked = NonNullable<MessageInitShape<typeof ServerReflectionRequestSchema>['messageRequest']>;

async function ask(...asked: Asked[]) {
  const unused = Object.fromEntries(
    SellerService.methods.map((m) => [m.localName, async () => ({})]),
  );
  const binding = bind(SellerService, unused as unknown as Handlers<typeof SellerService>, [
    file_lianbao_party_v1_party_events,
  ]);
  const { channel } = await loopback({}, { bindings: [binding] });
  async function* requests() {
    for (const messageRequest of asked) yield { messageRequest };
  }
  const answers = [];
  const client = clientOf(channel, ServerReflection);
  for await (const { messageResponse } of client.serverReflectionInfo(requests())) {
    answers.push(messageResponse);
  }
  return answers;
}

const filesIn = (answer: Awaited<ReturnType<typeof ask>>[number] | undefined) =>
  answer?.case === 'fileDescriptorResponse'
    ? answer.value.fileDescriptorProto.map(
        (bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name,
      )
    : answer;

it('lists the services, its own ones too', async () => {
  const [answer] = await ask({ case: 'listServices', value: '' });
  expect(answer?.value).toMatchObject({
    service: [
      { name: 'lianbao.echo.v1.EchoService' },
      { name: 'lianbao.party.v1.SellerService' },
      { name: 'grpc.health.v1.Health' },
      { name: 'grpc.reflection.v1.ServerReflection' },
    ],
  });
});

it('gives the file of a symbol, and all that it imports before it', async () => {
  const party = 'lianbao/party/v1/party_service.proto';
  const answers = await ask(
    { case: 'fileContainingSymbol', value: 'lianbao.party.v1.SellerService' },
    { case: 'fileContainingSymbol', value: 'lianbao.party.v1.SellerService.CreateSeller' },
    { case: 'fileByFilename', value: party },
    { case: 'fileContainingSymbol', value: 'google.rpc.ErrorInfo' },
  );
  const [bySymbol, byMethod, byName, details] = answers.map(filesIn);
  expect(bySymbol).toContain('buf/validate/validate.proto');
  expect(bySymbol).toMatchObject({ length: (bySymbol as string[]).indexOf(party) + 1 });
  expect(byMethod).toEqual(bySymbol);
  expect(byName).toEqual(bySymbol);
  expect(details).toContain('google/rpc/error_details.proto');
});

it('knows the extensions that hold the rules', async () => {
  const containingType = 'google.protobuf.FieldOptions';
  const [numbers, file, none] = await ask(
    { case: 'allExtensionNumbersOfType', value: containingType },
    { case: 'fileContainingExtension', value: { containingType, extensionNumber: 1159 } as never },
    { case: 'fileContainingExtension', value: { containingType, extensionNumber: 1 } as never },
  );
  expect(numbers?.value).toMatchObject({ extensionNumber: expect.arrayContaining([1159]) });
  expect(filesIn(file)).toContain('buf/validate/validate.proto');
  expect(none).toMatchObject({ case: 'errorResponse' });
});

it('answers for what it does not know, and goes on', async () => {
  const answers = await ask(
    { case: 'fileContainingSymbol', value: 'no.such.Thing' },
    { case: 'fileByFilename', value: 'no.proto' },
    { case: 'listServices', value: '' },
  );
  expect(answers.map((answer) => answer.case)).toEqual([
    'errorResponse',
    'errorResponse',
    'listServicesResponse',
  ]);
});

it('answers tools that ask by the older name', async () => {
  const { server } = await loopback({});
  const client = new Client(server.address, credentials.createInsecure());
  const asked = create(ServerReflectionRequestSchema, {
    messageRequest: { case: 'listServices', value: '' },
  });
  const call = client.makeBidiStreamRequest<Uint8Array, Buffer>(
    '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
    (bytes) => Buffer.from(bytes),
    (bytes) => bytes,
    new Metadata(),
  );
  call.end(toBinary(ServerReflectionRequestSchema, asked));
  const answers: string[] = [];
  for await (const bytes of call) answers.push(String(bytes));
  client.close();
  expect(answers).toEqual([expect.stringContaining('lianbao.echo.v1.EchoService')]);
});

it('gives the file of a message that travels inside another', async () => {
  const [answer] = await ask({
    case: 'fileContainingSymbol',
    value: 'lianbao.party.v1.SellerVerified',
  });
  expect(filesIn(answer)).toContain('lianbao/party/v1/party_events.proto');
});
