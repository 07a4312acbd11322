/** A gateway on a real TCP socket that returns scripted responses and signs them by default. @module */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { text as readText } from "node:stream/consumers";
import { createVaultClient, type VaultClient, type VaultClientOptions } from "../../client/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../signature/index.ts";
import { OTHER_PKCS8, OTHER_SPKI, PKCS8 } from "../messages/signature-vectors.ts";
import { startNodeServer } from "./node-server.ts";

export const CLIENT_ID = "SANDBOX_5Y00000000000000";
export const MERCHANT_PRIVATE_KEY = PKCS8;
export const ANTOM_PUBLIC_KEY = OTHER_SPKI;

const gatewayKey = await importPrivateKey(OTHER_PKCS8);

export interface ReceivedRequest {
  readonly method: string;
  /** The path and query, exactly as received. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A response as it is sent over the network. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface ScriptedResponse {
  /** Text and bytes are sent unchanged, and any other value as JSON. */
  readonly body?: unknown;
  readonly status?: number;
  /** The value of the Response-Time header. Default: the current time. */
  readonly time?: string;
  /** Replaces values in the string to sign. `false` sends no signature. */
  readonly signed?:
    | false
    | { readonly path?: string; readonly clientId?: string; readonly time?: string; readonly key?: string };
  /** Values that replace valid headers. `undefined` removes a header. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Changes the response after it is signed. */
  readonly alter?: (wireResponse: WireResponse) => WireResponse;
  /** Sends nothing, resets the connection, or closes it after half of the body. */
  readonly fault?: "silence" | "reset" | "truncation";
}

export type Script = (request: ReceivedRequest, requestNumber: number) => ScriptedResponse | Promise<ScriptedResponse>;

/** Builds a gateway's response, for a server or an injected `fetch`. */
export async function buildResponse(path: string, response: ScriptedResponse): Promise<WireResponse> {
  const { body: content = {}, status = 200, time = new Date().toISOString(), signed = {}, headers = {} } = response;
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const body = content instanceof Uint8Array ? Uint8Array.from(content) : new TextEncoder().encode(text);
  const defaults = { "content-type": "application/json; charset=UTF-8", "client-id": CLIENT_ID, "response-time": time };
  const allHeaders: Record<string, string | undefined> = { ...defaults, ...headers };
  if (signed && !("signature" in headers)) {
    const key = signed.key === undefined ? gatewayKey : await importPrivateKey(signed.key);
    const signature = await sign({ path, clientId: CLIENT_ID, time, ...signed, body }, key);
    allHeaders["signature"] = formatSignatureHeader(signature, 1);
  }
  const present = Object.entries(allHeaders).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const wireResponse: WireResponse = { status, headers: Object.fromEntries(present), body };
  return response.alter?.(wireResponse) ?? wireResponse;
}

/** Creates a `fetch` function that returns scripted responses. */
export const createScriptedFetch =
  (script: (url: URL, init: RequestInit) => ScriptedResponse | Promise<ScriptedResponse>) =>
  async (input: string, init: RequestInit): Promise<Response> => {
    const url = new URL(input);
    const { body, ...rest } = await buildResponse(url.pathname + url.search, await script(url, init));
    return new Response(body, rest);
  };

export interface TestGateway extends AsyncDisposable {
  readonly baseUrl: string;
  readonly received: readonly ReceivedRequest[];
  /** Creates a client for this gateway. By default, the client does not wait between attempts. */
  readonly client: (options?: Partial<VaultClientOptions>) => VaultClient;
}

/** Starts a gateway on a free port. Stop it with `await using`. */
export async function startScriptedGateway(script: Script): Promise<TestGateway> {
  const received: ReceivedRequest[] = [];
  const server = await startNodeServer(async (request, response) => {
    const receivedRequest = await readRequest(request);
    received.push(receivedRequest);
    const scripted = await script(receivedRequest, received.length);
    send(request, response, scripted.fault, await buildResponse(receivedRequest.path, scripted));
  });
  const { baseUrl } = server;
  return {
    baseUrl,
    received,
    client: (options) => createTestClient({ baseUrl, ...options }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const { method = "", url: path = "", headers } = request;
  return { method, path, headers, body: await readText(request) };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  fault: ScriptedResponse["fault"],
  wireResponse: WireResponse,
): void {
  if (fault === "silence") return;
  if (fault === "reset") {
    request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(wireResponse.status, {
    ...wireResponse.headers,
    "content-length": String(wireResponse.body.byteLength),
  });
  if (fault === "truncation")
    response.write(wireResponse.body.subarray(0, wireResponse.body.length / 2), () => request.socket.destroy());
  else response.end(wireResponse.body);
}

export const createTestClient = (options: Partial<VaultClientOptions>): VaultClient =>
  createVaultClient({
    clientId: CLIENT_ID,
    merchantPrivateKey: MERCHANT_PRIVATE_KEY,
    antomPublicKey: ANTOM_PUBLIC_KEY,
    clock: { now: Date.now, sleep: async () => {} },
    ...options,
  });

/** Returns the AntomVaultError with which a call rejects. Throws if the call resolves, or if it rejects with a different error. */
export async function catchError(call: Promise<unknown>): Promise<AntomVaultError> {
  const error = await call.then(
    (value) => new Error(`Expected the call to fail, but it resolved to ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof AntomVaultError) return error;
  throw error;
}
