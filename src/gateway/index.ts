export {
  CREDENTIALS_FILE,
  type Credentials,
  GATEWAY_KEY_FILE,
  type GatewayKeys,
  generateCredentials,
  openCredentials,
  rotateCredentials,
  withNextKey,
  writeCredentials,
} from "./credentials.ts";
export { type DirectoryLock, lockDirectory } from "./directory-lock.ts";
export {
  describeForeignHeader,
  findForeignHeader,
  isExposed,
  type ServerAddress,
} from "./foreign-request.ts";
export {
  createGateway,
  type Gateway,
  type GatewayOptions,
  type GatewayRequest,
  type GatewayResponse,
  type RequestSummary,
  type Signer,
  type VerifiedRequest,
} from "./gateway.ts";
export {
  createFailure,
  createUnknownException,
  type ResultBody,
} from "./gateway-results.ts";
export { createGracefulClose } from "./graceful-close.ts";
export { type HttpServer, startHttpServer } from "./http-server.ts";
export {
  findSignatureErrorSync,
  getKeyFingerprint,
  importSigningKey,
  type SigningKey,
  signInPool,
  signSync,
} from "./node-crypto.ts";
export type { ResponseHandler, TruncatableResponse } from "./node-request-listener.ts";
export { createPrivateFile, readPrivateFile, TLS_AUTHORITY_FILE, writePrivateFile } from "./private-files.ts";
export { requireDependencies } from "./require-dependencies.ts";
export {
  createTlsCertificates,
  openTlsCertificates,
  type TlsCertificates,
} from "./tls-certificates.ts";
export type { Merchant, RejectedSignature } from "./verify-request.ts";
