/**
 * A gateway on a real socket that returns scripted responses and signs them by default.
 *
 * @module
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createVaultClient, type VaultClient, type VaultClientOptions } from "../../client/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../signature/index.ts";
import { OTHER_PKCS8, OTHER_SPKI, PKCS8 } from "../messages/signature-vectors.ts";

export const CLIENT_ID = "SANDBOX_5Y00000000000000";
export const MERCHANT_PRIVATE_KEY = PKCS8;
export const ANTOM_PUBLIC_KEY = OTHER_SPKI;

const gatewayKey = await importPrivateKey(OTHER_PKCS8);

export interface ReceivedRequest {
  readonly method: string;
  /** The path and query exactly as requested. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A response as it is sent. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface ScriptedResponse {
  /** Text and bytes are sent unchanged, and any other value as JSON. */
  readonly body?: unknown;
  readonly status?: number;
  /** The response-time. Default: now. */
  readonly time?: string;
  /** Replaces values in the string to sign. `false` sends no signature. */
  readonly signed?:
    | false
    | { readonly path?: string; readonly clientId?: string; readonly time?: string; readonly key?: string };
  /** Overrides valid headers. `undefined` removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Changes the signed response. */
  readonly alter?: (written: WireResponse) => WireResponse;
  /** Sends nothing, resets the connection, or sends half of the body. */
  readonly fault?: "silence" | "reset" | "truncation";
}

export type Script = (request: ReceivedRequest, number: number) => ScriptedResponse | Promise<ScriptedResponse>;

/** Builds the response of a gateway, for a server or an injected `fetch`. */
export async function buildResponse(path: string, response: ScriptedResponse): Promise<WireResponse> {
  const { body: content = {}, status = 200, time = new Date().toISOString(), signed = {}, headers = {} } = response;
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const body = content instanceof Uint8Array ? Uint8Array.from(content) : new TextEncoder().encode(text);
  const defaults = { "content-type": "application/json; charset=UTF-8", "client-id": CLIENT_ID, "response-time": time };
  const all: Record<string, string | undefined> = { ...defaults, ...headers };
  if (signed && !("signature" in headers)) {
    const key = signed.key === undefined ? gatewayKey : await importPrivateKey(signed.key);
    const signature = await sign({ path, clientId: CLIENT_ID, time, ...signed, body }, key);
    all["signature"] = formatSignatureHeader(signature, 1);
  }
  const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const written: WireResponse = { status, headers: Object.fromEntries(present), body };
  return response.alter?.(written) ?? written;
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
  /** Creates a client of this gateway that does not wait between attempts. */
  readonly client: (options?: Partial<VaultClientOptions>) => VaultClient;
}

/** Starts a gateway on a free port. Stop it with `await using`. */
export async function startScriptedGateway(script: Script): Promise<TestGateway> {
  const received: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const read = await readRequest(request);
    received.push(read);
    const scripted = await script(read, received.length);
    send(request, response, scripted.fault, await buildResponse(read.path, scripted));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    baseUrl,
    received,
    client: (options) => createTestClient({ baseUrl, ...options }),
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = "", url: path = "", headers } = request;
  return { method, path, headers, body: Buffer.concat(chunks).toString("utf8") };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  fault: ScriptedResponse["fault"],
  written: WireResponse,
): void {
  if (fault === "silence") return;
  if (fault === "reset") {
    request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(written.status, { ...written.headers, "content-length": String(written.body.byteLength) });
  if (fault === "truncation")
    response.write(written.body.subarray(0, written.body.length / 2), () => request.socket.destroy());
  else response.end(written.body);
}

export const createTestClient = (options: Partial<VaultClientOptions>): VaultClient =>
  createVaultClient({
    clientId: CLIENT_ID,
    merchantPrivateKey: MERCHANT_PRIVATE_KEY,
    antomPublicKey: ANTOM_PUBLIC_KEY,
    clock: { now: Date.now, sleep: async () => {} },
    ...options,
  });

/** Returns the AntomVaultError with which a call rejects. Throws if the call resolves or rejects with a different error. */
export async function catchError(call: Promise<unknown>): Promise<AntomVaultError> {
  const error = await call.then(
    (value) => new Error(`Expected an error, but got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof AntomVaultError) return error;
  throw error;
}
