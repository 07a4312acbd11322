/** A stateless mock of the API that returns examples through Prism. */
import { operationPaths } from "../../generated/operations.ts";
import {
  type Credentials,
  createFailure,
  createGateway,
  findForeignHeader,
  type Gateway,
  type GatewayKeys,
  type GatewayOptions,
  generateCredentials,
  importSigningKey,
  isExposed,
  type RejectedSignature,
  startHttpServer,
  type VerifiedRequest,
} from "../gateway/index.ts";
import { parseGenerated } from "../machine/generated-documents.ts";
import { derivePublicKey, importKeyring } from "../signature/index.ts";
import { createPrism, type Preference, type PrismResponse } from "./prism.ts";

export interface MockOptions {
  readonly host?: string;
  readonly port?: number;
  /** An additional host name that clients use to reach the mock. */
  readonly name?: string | undefined;
  /** A certificate and its private key in PEM. If set, the mock serves only https. */
  readonly certificate?: string | undefined;
  /** The keys of the gateway and the merchant. Default: temporary keys, which are not stored. */
  readonly keys?: GatewayKeys;
  /** Returns the current time in milliseconds since the Unix epoch. Default: the system clock. */
  readonly now?: () => number;
  readonly onSignatureRejected?: (rejected: RejectedSignature) => void;
  readonly onError?: (error: unknown) => void;
}

export interface RunningMock extends AsyncDisposable {
  /** The options for a client that calls the mock. */
  readonly credentials: Credentials;
  readonly close: () => Promise<void>;
}

/**
 * Starts a local mock of the Vault API. By default, the mock returns the first example of an operation, which is a success.
 *
 * To get a different example, send the header `Prefer: example=NAME`. A client that cannot set headers can use a vaultingRequestId of the
 * form `mock:NAME` or `mock:NAME:anything`, such as `mock:VERIFICATION_FAIL:order-17`. NAME is the name of an example in the OpenAPI document.
 * Most examples are named after their result code.
 *
 * @throws {AntomVaultError} `DEPENDENCY_MISSING` if Prism is not installed.
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the mock cannot listen on the port.
 * @example
 * ```ts
 * await using mock = await startMock();
 * const vault = createVaultClient(mock.credentials);
 * ```
 */
export async function startMock(options: MockOptions = {}): Promise<RunningMock> {
  const { host = "127.0.0.1", port, certificate, name, keys = await generateCredentials() } = options;
  const address = { baseUrl: "http://127.0.0.1:0", isExposed: isExposed({ host }), names: [host, name] };
  const mock = await createMock({
    ...options,
    keys,
    findForeignHeader: (request) => findForeignHeader(request, address),
  });
  const { baseUrl, close } = await startHttpServer(mock, { host, port, certificate });
  address.baseUrl = baseUrl;
  const { clientId, merchantPrivateKey, antomPublicKey } = keys;
  return {
    credentials: { baseUrl, clientId, merchantPrivateKey, antomPublicKey },
    close: () => close(),
    [Symbol.asyncDispose]: () => close(),
  };
}

type GatewaySettings = Pick<GatewayOptions, "now" | "onSignatureRejected" | "onError" | "findForeignHeader">;

async function createMock({ keys, ...options }: GatewaySettings & { readonly keys: GatewayKeys }): Promise<Gateway> {
  const prism = await createPrism(parseGenerated("openapi.json"));
  const merchant = {
    clientId: keys.clientId,
    publicKeys: await importKeyring(await derivePublicKey(keys.merchantPrivateKey), "merchantPrivateKey"),
  };
  return createGateway({
    ...options,
    findMerchant: (clientId) => (clientId === merchant.clientId ? merchant : undefined),
    privateKey: await importSigningKey(keys.gatewayPrivateKey, "gatewayPrivateKey"),
    keyVersion: String(keys.versions.length),
    handle: async (call) => {
      const preference = getPreference(call);
      if (!preference) return createFailure("PARAM_ILLEGAL", UNSUPPORTED_PREFERENCE, getEcho(call));
      const findExample = (preference: Preference) => prism(operationPaths[call.operation], call.body, preference);
      const first = await findExample(preference);
      // The examples of failed vaultings in an inquiry are named FAIL_CODE. Clients may also use CODE.
      const isMissing = first.status === 404 && call.operation === "inquireVaulting";
      return toResponseBody(
        call,
        isMissing ? await findExample({ ...preference, example: `FAIL_${preference.example}` }) : first,
      );
    },
  });
}

/** The preferences that a `Prefer` header can contain, with patterns for their values. */
const PREFERENCES = new Map([
  ["example", /^[\w.-]{1,100}$/],
  ["code", /^200$/],
  ["dynamic", /^(?:true|false)$/],
]);
const UNSUPPORTED_PREFERENCE =
  "The header Prefer contains an unsupported preference. Use only example=NAME, code=200 (the only HTTP status of the API), and dynamic=true or dynamic=false.";

/**
 * Returns the preferences in the `Prefer` header. If the header names no example, uses the example that the vaultingRequestId names.
 * Returns `undefined` if the header contains an unsupported preference.
 */
export function getPreference({
  headers,
  vaultingRequestId,
}: Pick<VerifiedRequest, "headers" | "vaultingRequestId">): Preference | undefined {
  const given = new Map<string, string>();
  for (const part of (headers.get("prefer") ?? "").split(/[,;]/).filter((text) => text.trim() !== "")) {
    const [name = "", ...values] = part.split("=").map((text) => text.trim());
    const key = name.toLowerCase();
    const value = values.join("=").replace(/^"(.*)"$/, "$1");
    if (!PREFERENCES.get(key)?.test(value)) return undefined;
    // If a preference is repeated, only the first one counts (RFC 7240).
    if (!given.has(key)) given.set(key, value);
  }
  const example = given.get("example") ?? /^mock:([\w.-]{1,60})(?::|$)/.exec(vaultingRequestId)?.[1];
  return { ...(example === undefined ? {} : { example }), dynamic: given.get("dynamic") === "true" };
}

/** Returns the vaultingRequestId that the response must contain, or `undefined` for createVaultingSession. */
const getEcho = ({ operation, vaultingRequestId }: VerifiedRequest): string | undefined =>
  operation === "createVaultingSession" ? undefined : vaultingRequestId;

/** Returns the example with the request's vaultingRequestId, or a failure if Prism returned no example. */
function toResponseBody(call: VerifiedRequest, { status, body }: PrismResponse): object {
  const echo = getEcho(call);
  if (status === 200 && typeof body === "object" && body !== null) {
    return echo === undefined ? body : { ...body, vaultingRequestId: echo };
  }
  const message =
    status === 404
      ? `${call.operation} has no example with this name. To list all names, run: antom-vault spec --examples`
      : "Prism rejected the request.";
  return createFailure("PARAM_ILLEGAL", message, echo);
}
