/**
 * Runs a code block of a guide in a separate process: `node run-code-block.ts FILE`. With `receiver NAMES PORT`, the block receives notifications:
 * it must acknowledge a notification from the sandbox, and reject unsigned and changed notifications.
 */
import { pathToFileURL } from "node:url";
import { serve } from "@hono/node-server";
import { createVaultClient } from "../../src/index.ts";
import type { RunningSandbox } from "../../src/sandbox/index.ts";
import { vaultRequest } from "../../src/testing/messages/client-messages.ts";

/** The values that the page's comment exports. */
interface Names {
  readonly sandbox: RunningSandbox;
  /** The card tokens that the page's `storeToken` received, by vaultingRequestId. */
  readonly storedTokens: ReadonlyMap<string, string>;
}

type Fetch = (request: Request) => Response | Promise<Response>;

interface LambdaResponse {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

type LambdaFunction = (event: object) => Promise<LambdaResponse>;

interface BlockExports {
  readonly POST?: Fetch;
  readonly handler?: LambdaFunction;
  readonly default?: { readonly fetch?: Fetch };
}

const SIGNED_HEADERS = ["content-type", "client-id", "request-time", "signature"];

const [file = "", mode, names = "", port = ""] = process.argv.slice(2);

// A guide's code must not call Antom or any other host. The page's declarations can redirect calls for Antom's host to a sandbox.
const { fetch: realFetch } = globalThis;
globalThis.fetch = (input, init) => {
  const { hostname } = new URL(input instanceof Request ? input.url : String(input));
  if (hostname !== "127.0.0.1") throw new Error(`A code block must not call ${hostname}.`);
  return realFetch(input, init);
};

const block = (await import(pathToFileURL(file).href)) as BlockExports;
if (mode === "receiver") await testReceiver(block, (await import(pathToFileURL(names).href)) as Names);
// Stop everything that the block has started.
process.exit(0);

async function testReceiver(exported: BlockExports, { sandbox, storedTokens }: Names): Promise<void> {
  const lambda = exported.handler && toFetch(exported.handler);
  const handler = exported.POST ?? lambda ?? exported.default?.fetch?.bind(exported.default);
  // A block that exports a handler starts no server.
  if (handler) await listen(handler, Number(port));
  const receiverUrl = `http://127.0.0.1:${port}/antom/notifications`;
  await expectRejection(receiverUrl, { "content-type": "application/json" }, "{}");
  // The sandbox sends its notifications to a relay. The relay sends each one to the receiver twice: first with a changed body, then unchanged.
  const relayPort = await listen(async (request) => {
    const headers = Object.fromEntries(SIGNED_HEADERS.map((name) => [name, request.headers.get(name) ?? ""]));
    const body = await request.text();
    // The JSON value is unchanged, but the bytes are no longer those that were signed.
    await expectRejection(receiverUrl, headers, `${body} `);
    return fetch(receiverUrl, { method: "POST", headers, body });
  }, 0);
  const vaultingRequestId = "order-17-card-1";
  const outcome = await createVaultClient(sandbox.credentials).vaultPaymentMethod({
    ...vaultRequest,
    vaultingRequestId,
    vaultingNotificationUrl: `http://127.0.0.1:${relayPort}/antom/notifications`,
  });
  if (outcome.outcome !== "vaulted") throw new Error(`The card was not vaulted: ${outcome.outcome}.`);
  const { state, attempts } = await sandbox.notifications.waitFor(vaultingRequestId, {
    timeoutMs: 20_000,
    attempts: 1,
  });
  if (state !== "ACKNOWLEDGED") throw new Error(`The notification is ${state}: ${JSON.stringify(attempts)}`);
  if (storedTokens.get(vaultingRequestId) !== outcome.cardToken)
    throw new Error("The handler did not receive the card token.");
}

/** Calls a Lambda function with events like those of API Gateway. */
function toFetch(handler: LambdaFunction): Fetch {
  return async (request) => {
    const body = Buffer.from(await request.arrayBuffer()).toString("base64");
    const event = { headers: Object.fromEntries(request.headers), body, isBase64Encoded: true };
    const { statusCode, headers = {}, ...response } = await handler(event);
    return new Response(response.body, { status: statusCode, headers });
  };
}

/** Listens on a port, or on a free one if the port is 0. Resolves to the port. */
function listen(fetch: Fetch, port: number): Promise<number> {
  return new Promise((resolve) => void serve({ fetch, hostname: "127.0.0.1", port }, (info) => resolve(info.port)));
}

/** Requires HTTP 401 as the response to a notification with an invalid signature. In the relay, the error becomes a failed delivery. */
async function expectRejection(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<void> {
  const { status } = await fetch(url, { method: "POST", headers, body });
  if (status !== 401)
    throw new Error(`The receiver responded to an invalid signature with HTTP ${status} instead of 401.`);
}
