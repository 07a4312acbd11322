/**
 * A right server with one thing wrong: a sandbox, and before it a relay that changes a request or an answer on its way. It has the keys of
 * both sides, so that what it changes is signed again and nothing but the change itself is wrong.
 */
import { writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { ContractTarget } from "../../src/contract/index.ts";
import {
  GATEWAY_KEY_FILE,
  type GatewayKeys,
  generateCredentials,
  importSigningKey,
  writeCredentials,
} from "../../src/gateway/index.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import { derivePublicKey, importKeyring } from "../../src/signature/index.ts";
import { createTemporaryDirectory } from "../../src/testing/processes/command.ts";
import { startNodeServer } from "../../src/testing/servers/node-server.ts";
import type { Call, Handler, HttpResponse } from "./http-messages.ts";
import type { Mutations } from "./index.ts";
import { isNotification, postNotification, readNotification, routeThroughRelay } from "./notification-relay.ts";

export interface RunningFaultyServer extends AsyncDisposable {
  readonly target: ContractTarget;
}

/** Starts a sandbox behind a relay that makes its fault. */
export async function startFaultyServer(name: string, { handler, delivery }: Mutations): Promise<RunningFaultyServer> {
  await using starting = new AsyncDisposableStack();
  const { path: data } = starting.use(createTemporaryDirectory());
  const { gatewayPrivateKey } = await writeKeys(data);
  const { credentials } = starting.use(await startSandbox({ data }));
  const keys = {
    gateway: await importSigningKey(gatewayPrivateKey, "gateway"),
    merchant: await importSigningKey(credentials.merchantPrivateKey, "merchant"),
    merchantPublic: await importKeyring(await derivePublicKey(credentials.merchantPrivateKey), "merchant"),
    clientId: credentials.clientId,
    memory: new Set<string>(),
  };
  const right: Handler = (call) => forward(credentials.baseUrl, call);
  // Where notifications go wrong they have to come by here.
  const behind: Handler = delivery ? async (call) => right(await routeThroughRelay(relay.baseUrl, call, keys)) : right;
  const faulty = handler ? handler(behind, keys) : behind;
  const deliver = delivery?.(postNotification, keys);
  const relay = starting.use(
    await startNodeServer(async (request, response) => {
      const call = await readCall(request);
      try {
        const answer = await (deliver && isNotification(call)
          ? deliver(readNotification(call, keys))
          : (/\/v1\/vaults\//i.test(call.path) ? faulty : right)(call));
        response.writeHead(answer.status, answer.headers).end(answer.text);
      } catch {
        // Whoever was asked hung up.
        request.socket.destroy();
      }
    }),
  );
  const started = starting.move();
  return {
    target: { ...credentials, name, baseUrl: relay.baseUrl },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

let sharedKeys: Promise<GatewayKeys> | undefined;

/** The same keys for every faulty server: making them takes longer than all that a check asks. */
async function writeKeys(folder: string): Promise<GatewayKeys> {
  sharedKeys ??= generateCredentials();
  const keys = await sharedKeys;
  await writeFile(join(folder, GATEWAY_KEY_FILE), keys.gatewayPrivateKey, { mode: 0o600 });
  await writeCredentials(folder, { ...keys, baseUrl: "" });
  return keys;
}

const HOP_BY_HOP = new Set(["host", "connection", "content-length", "transfer-encoding", "keep-alive", "date"]);
const forwardedHeaders = (headers: Iterable<readonly [string, string]>) =>
  Object.fromEntries([...headers].filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase())));

async function readCall(request: IncomingMessage): Promise<Call> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  // One character a byte: bytes that are no UTF-8 have to arrive as they are.
  const body = await text(request.setEncoding("latin1"));
  return { method: request.method ?? "", path: request.url ?? "", headers: forwardedHeaders(headers), text: body };
}

async function forward(baseUrl: string, { method, path, headers, text: body }: Call): Promise<HttpResponse> {
  const bodiless = method === "GET" || method === "HEAD";
  const response = await fetch(baseUrl + path, {
    method,
    headers,
    redirect: "manual",
    ...(bodiless ? {} : { body: Buffer.from(body, "latin1") }),
  });
  return { status: response.status, headers: forwardedHeaders(response.headers), text: await response.text() };
}
