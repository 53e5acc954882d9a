/** A service of four rpcs, one of each kind, over google.protobuf.StringValue. */
import { create, createFileRegistry } from '@bufbuild/protobuf';
import type { GenService } from '@bufbuild/protobuf/codegenv2';
import {
  FileDescriptorProtoSchema,
  file_google_protobuf_wrappers,
  type StringValueSchema,
} from '@bufbuild/protobuf/wkt';
import type { AccessTable } from '../access.ts';

interface Text {
  readonly input: typeof StringValueSchema;
  readonly output: typeof StringValueSchema;
}

export type EchoService = GenService<{
  say: Text & { readonly methodKind: 'unary' };
  count: Text & { readonly methodKind: 'server_streaming' };
  join: Text & { readonly methodKind: 'client_streaming' };
  talk: Text & { readonly methodKind: 'bidi_streaming' };
}>;

const text = '.google.protobuf.StringValue';
const rpc = (name: string, clientStreaming: boolean, serverStreaming: boolean) => ({
  name,
  inputType: text,
  outputType: text,
  clientStreaming,
  serverStreaming,
});

const file = create(FileDescriptorProtoSchema, {
  name: 'lianbao/echo/v1/echo_service.proto',
  package: 'lianbao.echo.v1',
  dependency: ['google/protobuf/wrappers.proto'],
  syntax: 'proto3',
  service: [
    {
      name: 'EchoService',
      method: [
        rpc('Say', false, false),
        rpc('Count', false, true),
        rpc('Join', true, false),
        rpc('Talk', true, true),
      ],
    },
  ],
});

export const EchoService = createFileRegistry(file, () => file_google_protobuf_wrappers).getService(
  'lianbao.echo.v1.EchoService',
) as EchoService;

const allCallers = { callers: ['PLATFORM', 'BANK', 'OPERATOR', 'SERVICE'] } as const;

export const echoAccess: AccessTable = Object.fromEntries(
  ['Say', 'Count', 'Join', 'Talk'].map((name) => [
    `lianbao.echo.v1.EchoService/${name}`,
    allCallers,
  ]),
);
