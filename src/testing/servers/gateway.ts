/** Creates a gateway with one merchant, and signed requests from that merchant. Uses the keys of the signature vectors. */
import { expect } from "vitest";
import { strictResponseValidators } from "../../../generated/operation-validators.ts";
import { basePaths, type OperationId, operationPaths } from "../../../generated/operations.ts";
import { getRequestMessage } from "../../contract/document/openapi-document.ts";
import {
  createGateway,
  type GatewayOptions,
  importSigningKey,
  type RejectedSignature,
  type VerifiedRequest,
} from "../../gateway/index.ts";
import {
  findSignatureError,
  formatSignatureHeader,
  importKeyring,
  importPrivateKey,
  importPublicKey,
  sign,
} from "../../signature/index.ts";
import { OTHER_PKCS8, OTHER_SPKI, PKCS8, SPKI } from "../messages/signature-vectors.ts";

export const CLIENT_ID = "SANDBOX_5X00000000000000";
export const NOW = Date.UTC(2026, 10, 23, 12);
export const TIME = String(NOW);
export const getOperationPath = (operation: OperationId): string => basePaths.sandbox + operationPaths[operation];
export const PATH = getOperationPath("vaultPaymentMethod");

/** The merchant's private key. */
export const MERCHANT_KEY = await importPrivateKey(PKCS8);
/** A private key that the gateway does not know. */
export const UNKNOWN_KEY = await importPrivateKey(OTHER_PKCS8);
const MERCHANT = { clientId: CLIENT_ID, publicKeys: await importKeyring(SPKI, "merchant") };
const GATEWAY_KEY = await importSigningKey(OTHER_PKCS8, "gateway");
const GATEWAY_PUBLIC_KEYS = await importKeyring(await importPublicKey(OTHER_SPKI), "gateway");

/** Returns the name and value of each example request for an operation. */
export const listExamples = (operation: OperationId): readonly (readonly [string, object])[] => [
  ...(getRequestMessage(operation).examples as ReadonlyMap<string, object>),
];

/** Returns, as JSON text, Antom's sample request for an operation, or its first example if Antom has no sample. */
export function getSampleBody(operation: OperationId): string {
  const examples = listExamples(operation);
  return JSON.stringify((examples.find(([name]) => name === "Sample") ?? examples[0])?.[1]);
}
export const SAMPLE_BODY = getSampleBody("vaultPaymentMethod");

/** Creates a valid response body. It contains the request's ID if the operation echoes IDs. */
export const createResponseBody = ({
  operation,
  vaultingRequestId,
}: Pick<VerifiedRequest, "operation" | "vaultingRequestId">): object => {
  const result = { resultCode: "PROCESS_FAIL", resultStatus: "F", resultMessage: "Rejected by the test." };
  return operation === "createVaultingSession" ? { result } : { result, vaultingRequestId };
};

/** Creates a gateway that responds to all calls, and records calls, rejected signatures, and errors. */
export function createTestGateway(options: Partial<GatewayOptions> = {}) {
  const calls: VerifiedRequest[] = [];
  const rejected: RejectedSignature[] = [];
  const errors: unknown[] = [];
  const gateway = createGateway({
    findMerchant: (clientId) => (clientId === CLIENT_ID ? MERCHANT : undefined),
    privateKey: GATEWAY_KEY,
    keyVersion: "1",
    now: () => NOW,
    handle: async (call) => {
      calls.push(call);
      return createResponseBody(call);
    },
    onSignatureRejected: (signature) => void rejected.push(signature),
    onError: (error) => void errors.push(error),
    ...options,
  });
  return { gateway, calls, rejected, errors };
}

/** The parts of a message that its signature covers. */
export interface SignedParts {
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

export interface TestRequest extends SignedParts {
  readonly method: string;
  readonly key: typeof MERCHANT_KEY;
  /** Values that replace valid headers. `undefined` removes a header. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const VALID_REQUEST: TestRequest = {
  path: PATH,
  clientId: CLIENT_ID,
  time: TIME,
  body: SAMPLE_BODY,
  method: "POST",
  key: MERCHANT_KEY,
  headers: {},
};

/** Creates the headers of a request. `signed` replaces values in the string to sign. */
export async function createHeaders(
  sent: Partial<TestRequest> = {},
  signed: Partial<SignedParts> = {},
): Promise<Headers> {
  const { path, clientId, time, body, key, headers } = { ...VALID_REQUEST, ...sent };
  const signature = formatSignatureHeader(await sign({ path, clientId, time, body, ...signed }, key), 1);
  const all: TestRequest["headers"] = {
    "content-type": "application/json; charset=UTF-8",
    "client-id": clientId,
    "request-time": time,
    signature,
    ...headers,
  };
  return new Headers(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Creates a request from the merchant. `signed` replaces values in the string to sign. */
export async function createRequest(
  sent: Partial<TestRequest> = {},
  signed: Partial<SignedParts> = {},
): Promise<Request> {
  const { path, method, body } = { ...VALID_REQUEST, ...sent };
  const headers = await createHeaders(sent, signed);
  const withoutBody = method === "GET" || method === "HEAD";
  return new Request(`http://gateway.example${path}`, { method, headers, ...(withoutBody ? {} : { body }) });
}

export interface CheckedResponse {
  readonly text: string;
  readonly resultCode: string;
  readonly resultStatus: string;
  readonly resultMessage: string;
  readonly vaultingRequestId: string | undefined;
  readonly signed: boolean;
}

/**
 * Checks that a response is valid, and returns its content. A valid response has status 200, the documented headers, a body that matches the OpenAPI
 * document, and a valid signature unless the request's signature or API key was rejected.
 */
export async function expectValidResponse(
  response: Response,
  { path = PATH, clientId = CLIENT_ID, operation = "vaultPaymentMethod" as OperationId } = {},
): Promise<CheckedResponse> {
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/json; charset=UTF-8");
  expect(response.headers.get("client-id") ?? "").toBe(clientId);
  const time = response.headers.get("response-time");
  const body = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(body);
  const checked = strictResponseValidators[operation](JSON.parse(text));
  if (!checked.valid) expect.fail(`${text} does not match the OpenAPI document: ${JSON.stringify(checked.issues)}`);
  const { result } = checked.value;
  const signature = response.headers.get("signature");
  if (["INVALID_SIGNATURE", "OAUTH_FAIL"].includes(result.resultCode)) expect([signature, time]).toEqual([null, null]);
  else {
    expect(time).toBe("2026-11-23T12:00:00Z");
    const message = { path, clientId, time: time ?? "", body };
    expect(await findSignatureError(GATEWAY_PUBLIC_KEYS, message, signature)).toBeUndefined();
  }
  const vaultingRequestId = "vaultingRequestId" in checked.value ? checked.value.vaultingRequestId : undefined;
  return { ...result, text, vaultingRequestId, signed: signature !== null };
}
