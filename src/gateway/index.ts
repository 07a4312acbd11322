export { type Credentials, type GatewayKeys, openCredentials, throwAwayCredentials } from "./credentials.ts";
export { type Call, createGateway, type GatewayOptions, type Merchant, type RefusedSignature } from "./gateway.ts";
export { listen, type Listening } from "./listen.ts";
export { gatewayFailure, unknownException } from "./result.ts";
