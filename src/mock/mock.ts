/** The mock: Prism's examples behind the API's own protocol. It keeps no state. */
import { operationPaths } from "../../generated/operations.ts";
import {
  type Credentials,
  createFailure,
  createGateway,
  type Gateway,
  type GatewayKeys,
  generateCredentials,
  importSigningKey,
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
  /** Default: fresh ones. */
  readonly keys?: GatewayKeys;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly onSignatureRejected?: (refused: RejectedSignature) => void;
  readonly onError?: (error: unknown) => void;
}

export interface RunningMock extends AsyncDisposable {
  /** What a client needs to call it. */
  readonly credentials: Credentials;
  readonly close: () => Promise<void>;
}

/**
 * Starts a mock of the Vault API on this machine.
 *
 * Which example it answers with is asked for in one of two ways: the header `Prefer: example=NAME`, or, for a client that cannot set
 * headers, a vaultingRequestId of the form `mock:NAME` or `mock:NAME:anything`. NAME is the name of an example in the document, which for
 * a result code is that code: `mock:VERIFICATION_FAIL:order-17`. Without either, the first example: success.
 *
 * @throws AntomVaultError `DEPENDENCY_MISSING`, `CONFIGURATION_INVALID` where the port cannot be had
 * @example
 * ```ts
 * await using mock = await startMock();
 * const vault = createVaultClient(mock.credentials);
 * ```
 */
export async function startMock({ host, port, ...options }: MockOptions = {}): Promise<RunningMock> {
  const keys = options.keys ?? (await generateCredentials());
  const { baseUrl, close } = await startHttpServer(await createMock({ ...options, keys }), { host, port });
  const { clientId, merchantPrivateKey, antomPublicKey } = keys;
  return {
    credentials: { baseUrl, clientId, merchantPrivateKey, antomPublicKey },
    close: () => close(),
    [Symbol.asyncDispose]: () => close(),
  };
}

async function createMock({ keys, ...options }: MockOptions & { readonly keys: GatewayKeys }): Promise<Gateway> {
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
      const ask = (preference: Preference) => prism(operationPaths[call.operation], call.body, preference);
      const preference = getPreference(call);
      const first = await ask(preference);
      // An inquiry names the failure of a vaulting FAIL_…, whose code alone is asked for as well.
      const again = first.status === 404 && call.operation === "inquireVaulting";
      return toResponseBody(call, again ? await ask({ ...preference, example: `FAIL_${preference.example}` }) : first);
    },
  });
}

/** What a call asks for. */
export function getPreference({
  headers,
  vaultingRequestId,
}: Pick<VerifiedRequest, "headers" | "vaultingRequestId">): Preference {
  const prefer = headers.get("prefer") ?? "";
  const example =
    /(?:^|[,;\s])example="?([\w.-]{1,100})"?/.exec(prefer)?.[1] ??
    /^mock:([\w.-]{1,60})(?::|$)/.exec(vaultingRequestId)?.[1];
  return { ...(example === undefined ? {} : { example }), dynamic: /(?:^|[,;\s])dynamic=true/.test(prefer) };
}

/** The example, with the request's own ID in the place of the example's: an answer echoes it. */
function toResponseBody({ operation, vaultingRequestId }: VerifiedRequest, { status, body }: PrismResponse): object {
  const echo = operation === "createVaultingSession" ? undefined : vaultingRequestId;
  if (status === 200 && typeof body === "object" && body !== null) {
    return echo === undefined ? body : { ...body, vaultingRequestId: echo };
  }
  const why =
    status === 404
      ? `${operation} has no example of the name that was asked for. antom-vault spec --examples lists them.`
      : "Prism refused the request.";
  return createFailure("PARAM_ILLEGAL", why, echo);
}
