export {
  type AccessRule,
  type AccessTable,
  compareAccess,
} from './access.ts';
export { actOf } from './act.ts';
export { type Channel, type ClientTls, channelTo } from './channel.ts';
export { type CallOptions, type ClientOf, type ClientOptions, clientOf } from './client.ts';
export { rpcName } from './definition.ts';
export { type Binding, bind, type Call, type Handler, type Handlers } from './handlers.ts';
export {
  type IssuerKeys,
  joinPublicKeys,
  newIssuerKeys,
  type PublicKey,
  type PublicKeys,
  readIssuerKeys,
  readPublicKeys,
} from './issuer-keys.ts';
export { defaultLimits, type ServerLimits } from './limits.ts';
export { CallEnded, type Ending } from './open-call.ts';
export { type Page, readPage } from './page.ts';
export { perTenant } from './per-tenant.ts';
export { RpcFailure } from './refusal-of-status.ts';
export { type RunningServer, type Served, type ServeOptions, serve } from './serve.ts';
export type { ServerTls } from './server-tls.ts';
export { statusFrom } from './status.ts';
export {
  heldToken,
  serviceTokens,
  type TokenClaims,
  type TokenIssuer,
  tokenIssuer,
} from './token-issuer.ts';
export { type TokenVerifier, type TokenVerifierOptions, tokenVerifier } from './token-verifier.ts';
export { replayedTrailer } from './unary-call.ts';
export { fieldInvalid, fieldsInvalid, violationsIn } from './validation.ts';
export {
  readDate,
  readDecimalPpm,
  readEnum,
  readMoney,
  readTimestamp,
  toDate,
  toDecimal,
  toMoney,
  toTimestamp,
} from './values.ts';
