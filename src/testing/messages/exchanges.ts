/** Exchanges for the tests of what is expected of answers: right ones, and ones with a single thing changed. @module */

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
/** The number of the document's first request. */
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

/** The right answer to the document's first request. */
export const successBody = (change: object = {}): object => ({
  ...(getResponseMessage("vaultPaymentMethod").examples.get("SUCCESS") as object),
  vaultingRequestId: "id-1",
  ...change,
});

/** An answer's result, alone in it. */
export const resultBody = (resultCode: string, resultStatus: string): object => ({
  result: { resultCode, resultStatus, resultMessage: "So it is." },
  vaultingRequestId: "id-1",
});

/** The headers that a gateway's message has. `signed` stands in the text that is signed in the place of what is sent. */
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

interface Changes {
  readonly operation?: Exchange["operation"];
  readonly request?: Partial<SentRequest>;
  readonly requestBody?: unknown;
  readonly status?: number;
  readonly responseBody?: unknown;
  readonly time?: string;
  /** Put over the headers that are right; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly context?: Partial<ResponseContext>;
}

/** An exchange that is right but for what is changed. */
export async function createExchange(changes: Changes = {}): Promise<Exchange> {
  const { operation = "vaultPaymentMethod", status = 200, responseBody = successBody(), time } = changes;
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
  for (const [name, value] of Object.entries(changes.headers ?? {})) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  return readExchange(operation, request, { status, headers, bytes }, { ...responseContext, ...changes.context });
}

/** What a function says against what it is given; `undefined` where it says nothing. */
export function catchFailure(expecting: () => void): string | undefined {
  try {
    expecting();
  } catch (error) {
    if (error instanceof ContractFailure) return error.message;
    throw error;
  }
  return undefined;
}
