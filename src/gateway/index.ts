export {
  type Credentials,
  type GatewayKeys,
  openCredentials,
  throwAwayCredentials,
  writeCredentials,
} from "./credentials.ts";
export { type Call, createGateway, type GatewayOptions, type Merchant, type RefusedSignature } from "./gateway.ts";
export { type Listening, listen } from "./listen.ts";
export { gatewayFailure, unknownException } from "./result.ts";
