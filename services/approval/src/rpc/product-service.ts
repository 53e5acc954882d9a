import type { ProductService } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { actOf, type Handlers, readPage } from '@lianbao/grpc';
import type { UseCases } from '../application/use-cases.ts';
import { readProductTerms, toProductVersion } from './convert-terms.ts';

export const productService = ({ clock, ...use }: UseCases): Handlers<typeof ProductService> => ({
  createProductVersion: (request, call) =>
    use.createProductVersion(
      actOf(call, request, toProductVersion),
      `products/${request.productId}/versions/${request.versionId}`,
      readProductTerms(request),
    ),

  approveProductVersion: (request, call) =>
    use.approveProductVersion(actOf(call, request, toProductVersion), request.name),

  getProductVersion: async ({ name }, { caller }) =>
    toProductVersion(await use.getProductVersion(caller, name)),

  listProductVersions: async (request, call) => {
    const page = readPage(call, request, clock());
    const product = request.parent === '' ? undefined : request.parent;
    const { items, next } = await use.listProductVersions(call.caller, product, page);
    return {
      productVersions: items.map(toProductVersion),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },
});
