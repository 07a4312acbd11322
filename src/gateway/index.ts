export {
  CREDENTIALS_FILE,
  type Credentials,
  GATEWAY_KEY_FILE,
  type GatewayKeys,
  generateCredentials as throwAwayCredentials,
  openCredentials,
  rotateCredentials,
  withNextKey,
  writeCredentials,
} from "./credentials.ts";
export {
  createGateway,
  type Gateway,
  type GatewayOptions,
  type GatewayRequest as GatewayMessage,
  type GatewayResponse as GatewayAnswer,
  type Merchant,
  type RejectedSignature as RefusedSignature,
  type RequestSummary as About,
  type Signer,
  type VerifiedRequest as Call,
} from "./gateway.ts";
export {
  createFailure as gatewayFailure,
  createUnknownException as unknownException,
  type ResultBody,
} from "./gateway-results.ts";
export { createGracefulClose as gracefulClose } from "./graceful-close.ts";
export { type HttpServer as Listening, startHttpServer as listen } from "./http-server.ts";
export { importSigningKey, type SigningKey, signSync as signNow } from "./node-crypto.ts";
export type { ResponseHandler as Answering, TruncatableResponse as CuttableAnswer } from "./node-request-listener.ts";
