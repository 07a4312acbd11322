export {
  CREDENTIALS_FILE,
  type Credentials,
  GATEWAY_KEY_FILE,
  type GatewayKeys,
  openCredentials,
  rotateCredentials,
  throwAwayCredentials,
  withNextKey,
  writeCredentials,
} from "./credentials.ts";
export {
  type About,
  type Call,
  createGateway,
  type Gateway,
  type GatewayAnswer,
  type GatewayMessage,
  type GatewayOptions,
  type Merchant,
  type RefusedSignature,
  type Signer,
} from "./gateway.ts";
export { gatewayFailure, type ResultBody, unknownException } from "./gateway-results.ts";
export { gracefulClose } from "./graceful-close.ts";
export { type Listening, listen } from "./http-server.ts";
export { importSigningKey, type SigningKey, signNow } from "./node-crypto.ts";
export type { Answering, CuttableAnswer } from "./node-request-listener.ts";
