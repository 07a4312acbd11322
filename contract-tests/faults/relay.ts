/**
 * A right server with one thing wrong: a sandbox, and before it a relay that changes a request or an answer on its way. It has the keys of
 * both sides, so that what it changes is signed again and nothing but the change itself is wrong.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Target } from "../../src/contract/index.ts";
import { importSigningKey, type SigningKey, signNow } from "../../src/gateway/index.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import { formatSignatureHeader } from "../../src/signature/index.ts";

export type Body = Readonly<Record<string, unknown>>;

/** A request on its way to the right server. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came. */
  readonly text: string;
}

/** An answer on its way back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Handler = (call: Call) => Promise<Answer>;

/** What a fault is made with. */
export interface Keys {
  readonly gateway: SigningKey;
  readonly merchant: SigningKey;
  readonly clientId: string;
}

/** From the right server to a faulty one. */
export type Wrong = (right: Handler, keys: Keys) => Handler;

export interface Fault {
  /** For example `two-vaultings-share-a-token`. */
  readonly name: string;
  /** The check that stands for it; others may fail too. */
  readonly by: string;
  readonly wrong: Wrong;
}

export interface Faulty extends AsyncDisposable {
  readonly target: Target;
}

/** Starts a sandbox behind a relay; `change` makes its fault. */
export async function startFaulty(name: string, change: Wrong): Promise<Faulty> {
  const data = await mkdtemp(join(tmpdir(), "faulty-"));
  const sandbox = await startSandbox({ data });
  const { credentials } = sandbox;
  const keys = {
    gateway: await importSigningKey(await readFile(join(data, "gateway-private-key.pem"), "utf8"), "gateway"),
    merchant: await importSigningKey(credentials.merchantPrivateKey, "merchant"),
    clientId: credentials.clientId,
  };
  const right: Handler = (call) => forward(credentials.baseUrl, call);
  const faulty = change(right, keys);
  const server = createServer(async (request, response) => {
    const call = await read(request);
    const answer = await (call.path.includes("/v1/vaults/") ? faulty : right)(call);
    response.writeHead(answer.status, answer.headers).end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    target: { ...credentials, name, baseUrl: `http://127.0.0.1:${port}` },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await sandbox[Symbol.asyncDispose]();
      await rm(data, { recursive: true });
    },
  };
}

const HOP_BY_HOP = new Set(["host", "connection", "content-length", "transfer-encoding", "keep-alive", "date"]);
const travelling = (headers: Iterable<readonly [string, string]>) =>
  Object.fromEntries([...headers].filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase())));

async function read(request: IncomingMessage): Promise<Call> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  // One character a byte: bytes that are no UTF-8 have to arrive as they are.
  const body = await text(request.setEncoding("latin1"));
  return { method: request.method ?? "", path: request.url ?? "", headers: travelling(headers), text: body };
}

async function forward(baseUrl: string, { method, path, headers, text: body }: Call): Promise<Answer> {
  const bodiless = method === "GET" || method === "HEAD";
  const response = await fetch(baseUrl + path, {
    method,
    headers,
    redirect: "manual",
    ...(bodiless ? {} : { body: Buffer.from(body, "latin1") }),
  });
  return { status: response.status, headers: travelling(response.headers), text: await response.text() };
}

/** The text of a call's body; what came as bytes is one character each. */
export const utf8 = (call: Call): string => Buffer.from(call.text, "latin1").toString();
const bytes = (utf8Text: string): string => Buffer.from(utf8Text).toString("latin1");

/** The call with another body, signed by the merchant as it would have been. */
export function withBody(call: Call, body: string, { merchant, clientId }: Keys): Call {
  const time = call.headers["request-time"] ?? "";
  const signature = signNow({ path: call.path, clientId: call.headers["client-id"] ?? clientId, time, body }, merchant);
  return { ...call, text: bytes(body), headers: { ...call.headers, signature: formatSignatureHeader(signature, 1) } };
}

/** The answer with another body, signed as before: by the gateway, or not at all. */
export function answering(call: Call, answer: Answer, body: string, { gateway }: Keys): Answer {
  if (answer.headers["signature"] === undefined) return { ...answer, text: body };
  return signed(call, { ...answer, text: body }, gateway);
}

/** An answer signed with a key. */
export function signed(call: Call, answer: Answer, key: SigningKey): Answer {
  const clientId = call.headers["client-id"] ?? "";
  const time = answer.headers["response-time"] ?? "";
  const path = call.path.replace(/\?.*$/, "");
  const signature = formatSignatureHeader(signNow({ path, clientId, time, body: answer.text }, key), 1);
  return { ...answer, headers: { ...answer.headers, signature } };
}

/** What a text holds, where that is an object; else an empty one. */
export function parsed(source: string): Body {
  try {
    const value: unknown = JSON.parse(source);
    return typeof value === "object" && value !== null ? (value as Body) : {};
  } catch {
    return {};
  }
}
