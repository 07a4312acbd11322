/** Creates exchanges that are valid except for the given changes. @module */
import { readExchange } from "../../contract/conversation/read-exchange.ts";
import { getResponseMessage } from "../../contract/document/openapi-document.ts";
import { createRequestBody } from "../../contract/document/sample-requests.ts";
import type { Exchange, ResponseContext, SentRequest } from "../../contract/model/exchange.ts";
import { ContractFailure } from "../../contract/model/failure.ts";
import { formatMessageTime } from "../../protocol/http.ts";
import { formatSignatureHeader, importKeyring, importPrivateKey, sign } from "../../signature/index.ts";
import { PKCS8, SPKI } from "./signature-vectors.ts";

export const CLIENT_ID = "SANDBOX_5X00000000000000";
export const PATH = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";
/** The card number of the first example request in the OpenAPI document. */
export const CARD_NO = "4112273146798764";
const gatewayKey = await importPrivateKey(PKCS8);

export const responseContext: ResponseContext = {
  clientId: CLIENT_ID,
  keyring: await importKeyring(SPKI, "antomPublicKey"),
  lenient: false,
  isStateful: true,
};

export const toBytes = (body: unknown): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));

/** Creates the body of a successful response to the first example request, with the given changes. */
export const createSuccessBody = (change: object = {}): object => ({
  ...(getResponseMessage("vaultPaymentMethod").examples.get("SUCCESS") as object),
  vaultingRequestId: "id-1",
  ...change,
});

/** Creates the body of a response that contains only a result and the vaultingRequestId. */
export const createResultBody = (resultCode: string, resultStatus: string): object => ({
  result: { resultCode, resultStatus, resultMessage: "A message." },
  vaultingRequestId: "id-1",
});

/** Creates the headers of a message signed by the gateway. `signed.path` changes only the string to sign; `signed.time` also sets the time header. */
export async function createSignedHeaders(
  timeHeader: "request-time" | "response-time",
  body: Uint8Array<ArrayBuffer>,
  signed: { readonly path?: string; readonly time?: string } = {},
): Promise<Headers> {
  const time = formatMessageTime(Date.now());
  const signature = await sign({ path: PATH, clientId: CLIENT_ID, time, body, ...signed }, gatewayKey);
  return new Headers({
    "content-type": "application/json; charset=UTF-8",
    "client-id": CLIENT_ID,
    [timeHeader]: signed.time ?? time,
    signature: formatSignatureHeader(signature, 1),
  });
}

/** Values that replace valid headers. `undefined` removes a header. */
export type HeaderOverrides = Readonly<Record<string, string | undefined>>;

export function overrideHeaders(headers: Headers, overrides: HeaderOverrides = {}): void {
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
}

interface Changes {
  readonly operation?: Exchange["operation"];
  readonly request?: Partial<SentRequest>;
  readonly requestBody?: unknown;
  readonly status?: number;
  readonly responseBody?: unknown;
  readonly time?: string;
  readonly headers?: HeaderOverrides;
  readonly context?: Partial<ResponseContext>;
}

/** Creates an exchange that is valid except for the given changes. */
export async function createExchange(changes: Changes = {}): Promise<Exchange> {
  const { operation = "vaultPaymentMethod", status = 200, responseBody = createSuccessBody(), time } = changes;
  const request: SentRequest = {
    method: "POST",
    baseUrl: "http://gateway.example",
    path: PATH,
    headers: new Headers({ "client-id": CLIENT_ID, "content-type": "application/json" }),
    bytes: toBytes(changes.requestBody ?? createRequestBody(operation, "id-1")),
    expect: "accepted",
    isBodyRead: true,
    reusesId: false,
    ...changes.request,
  };
  const bytes = toBytes(responseBody);
  const headers = await createSignedHeaders("response-time", bytes, time === undefined ? {} : { time });
  overrideHeaders(headers, changes.headers);
  return readExchange(operation, request, { status, headers, bytes }, { ...responseContext, ...changes.context });
}

/** Returns the message of the failure that a check throws, or `undefined` if it passes. */
export function catchFailure(check: () => void): string | undefined {
  try {
    check();
  } catch (error) {
    if (error instanceof ContractFailure) return error.message;
    throw error;
  }
  return undefined;
}
