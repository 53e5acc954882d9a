/** Tells tools such as grpcurl what this server offers, rules and error details included. */
import {
  createRegistry,
  type DescExtension,
  type DescFile,
  type DescService,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { status } from '@grpc/grpc-js';
import { file_google_rpc_error_details } from '@lianbao/api/google/rpc/error_details_pb';
import type {
  ServerReflection,
  ServerReflectionRequest,
  ServerReflectionResponseSchema,
} from '@lianbao/api/grpc/reflection/v1/reflection_pb';
import type { Handlers } from './handlers.ts';

type Response = NonNullable<
  MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse']
>;

export function reflectionHandlers(
  services: readonly DescService[],
  inside: readonly DescFile[] = [],
): Handlers<typeof ServerReflection> {
  const files = closure([
    ...services.map(({ file }) => file),
    ...inside,
    file_google_rpc_error_details,
  ]);
  const registry = createRegistry(...files);
  const extensions = [...registry].filter((type) => type.kind === 'extension');

  // A method, field or enum value is found by the type that holds it.
  const fileOf = (symbol: string): DescFile | undefined =>
    (registry.get(symbol) ?? registry.get(symbol.slice(0, symbol.lastIndexOf('.'))))?.file;
  const extensionsOf = (type: string): readonly DescExtension[] =>
    extensions.filter(({ extendee }) => extendee.typeName === type);

  function answer({ messageRequest: asked }: ServerReflectionRequest): Response {
    switch (asked.case) {
      case 'listServices': {
        const service = services.map(({ typeName }) => ({ name: typeName }));
        return { case: 'listServicesResponse', value: { service } };
      }
      case 'fileByFilename':
        return fileAnswer(files.find(({ proto }) => proto.name === asked.value));
      case 'fileContainingSymbol':
        return fileAnswer(fileOf(asked.value));
      case 'fileContainingExtension': {
        const { containingType, extensionNumber } = asked.value;
        const found = extensionsOf(containingType).find(({ number }) => number === extensionNumber);
        return fileAnswer(found?.file);
      }
      case 'allExtensionNumbersOfType': {
        if (registry.getMessage(asked.value) === undefined) return notFound;
        const extensionNumber = extensionsOf(asked.value).map(({ number }) => number);
        return {
          case: 'allExtensionNumbersResponse',
          value: { baseTypeName: asked.value, extensionNumber },
        };
      }
      default:
        return notFound;
    }
  }

  return {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        const { host: validHost } = request;
        yield { validHost, originalRequest: request, messageResponse: answer(request) };
      }
    },
  };
}

const notFound: Response = {
  case: 'errorResponse',
  value: { errorCode: status.NOT_FOUND, errorMessage: 'not found' },
};

function fileAnswer(file: DescFile | undefined): Response {
  if (file === undefined) return notFound;
  const fileDescriptorProto = closure([file]).map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

/** The files and all they import, imports first. */
function closure(files: readonly DescFile[], seen = new Map<string, DescFile>()): DescFile[] {
  for (const file of files) {
    if (seen.has(file.proto.name)) continue;
    closure(file.dependencies, seen);
    seen.set(file.proto.name, file);
  }
  return [...seen.values()];
}
