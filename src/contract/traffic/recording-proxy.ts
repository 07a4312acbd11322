/**
 * A proxy that forwards requests to API paths, and their responses. It forwards paths, bodies, and end-to-end headers unchanged, so that
 * signatures stay valid. It reports each call to an API operation when the call is complete.
 */
import { once } from "node:events";
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request as requestHttp,
  type ServerResponse,
} from "node:http";
import { request as requestHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { OperationId } from "../../../generated/operations.ts";
import { CONTROL_PATH } from "../../control-api/sandbox-paths.ts";
import { createGracefulClose, describeForeignHeader, findForeignHeader } from "../../gateway/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { parseRequestTarget, stripQuery } from "../../protocol/http.ts";
import { findOperation } from "../../protocol/operations.ts";
import { type CapturedBody, captureBody, decodeBody } from "./capture-body.ts";
import type { ProxiedExchange } from "./inspect-exchange.ts";
import { createTargetHeaders, type RequestHead, removeHopByHop, toHeaderList } from "./proxy-headers.ts";
import type { MissingResponse } from "./recording.ts";

export interface RecordingProxyOptions {
  /** The origin of the target: scheme, host, and port. */
  readonly target: string;
  /** The port on 127.0.0.1, or 0 for any free port. */
  readonly port: number;
  /** Called when the body of a request to an operation is complete. */
  readonly onRequest?: (operation: OperationId, body: Uint8Array | undefined) => void;
  /** Called with each exchange, one at a time. While the returned promise is pending, the proxy forwards no new request. */
  readonly onExchange: (exchange: ProxiedExchange) => Promise<void>;
  /** Called with each internal error. The proxy continues. */
  readonly onError: (error: unknown) => void;
  /** The maximum time without data from the target, in milliseconds. Default: 60,000. */
  readonly idleTimeoutMs?: number;
  /** Returns the current time in milliseconds since the Unix epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

export interface RecordingProxy {
  readonly baseUrl: string;
  /** Stops accepting connections and gives open exchanges up to `graceMs` milliseconds to finish. Resolves when all exchanges are reported. */
  readonly close: (graceMs: number) => Promise<void>;
}

/**
 * Starts a recording proxy.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the port is not available
 */
export async function startRecordingProxy(options: RecordingProxyOptions): Promise<RecordingProxy> {
  const server = createServer({ keepAliveTimeout: 5_000 });
  // A pipelined request waits for the previous request, so it must not time out if the target is slow.
  server.requestTimeout = 0;
  const close = createGracefulClose(server);
  const pending = new Set<Promise<void>>();
  let reported: Promise<void> = Promise.resolve();
  // Inspecting an exchange takes up to 25 ms of CPU time. Inspecting several in one turn would block the event loop for too long.
  const onExchange = (exchange: ProxiedExchange): Promise<void> => {
    reported = reported
      .then(() => nextTurn())
      .then(() => options.onExchange(exchange))
      .catch(options.onError);
    return reported;
  };
  server.on("request", (incoming, outgoing) => {
    const handling = reported
      .then(() => handleRequest(incoming, outgoing, { ...options, onExchange }))
      .catch(options.onError)
      .finally(() => pending.delete(handling));
    pending.add(handling);
  });
  try {
    server.listen({ host: "127.0.0.1", port: options.port });
    await once(server, "listening");
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      `Cannot listen on 127.0.0.1:${options.port}: ${code}. Set a different port (--port), or 0 for any free port.`,
    );
  }
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    close: async (graceMs) => {
      await close(graceMs);
      await Promise.all(pending);
    },
  };
}

async function handleRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: RecordingProxyOptions,
): Promise<void> {
  const { target, onRequest, onExchange, now = Date.now } = options;
  if (outgoing.destroyed) return;
  const startedAt = now();
  const path = parseRequestTarget(incoming.url ?? "");
  if (path === undefined) {
    outgoing.writeHead(400, { connection: "close", "content-length": 0 }).end();
    return;
  }
  const method = incoming.method ?? "";
  const rejection = findRejection(incoming, method, path);
  if (rejection) return sendProblem(outgoing, ...rejection);
  const headers = toHeaderList(incoming.rawHeaders);
  const operation = findOperation(path);
  const requestBody = captureBody(incoming);
  incoming.once("end", () => operation && onRequest?.(operation, requestBody.bytes()));
  const { response, missingResponse } = await forward(incoming, outgoing, { path, method, headers }, options);
  if (!operation) return;
  const body = { bytes: requestBody.bytes(), length: requestBody.length() };
  await onExchange({
    operation,
    target,
    startedAt,
    endedAt: now(),
    request: { method, path, headers, body },
    ...(missingResponse ? { missingResponse } : response && { response: await readResponse(response) }),
  });
}

/**
 * Returns the status, title, and reason if a request must not be forwarded. The target might trust this computer, so the proxy rejects
 * requests from web pages that are open in a browser on this computer.
 */
function findRejection(
  { headersDistinct, socket }: IncomingMessage,
  method: string,
  path: string,
): readonly [status: number, title: string, reason: string] | undefined {
  const headers = { get: (name: string) => headersDistinct[name]?.join(", ") ?? null };
  const address = { baseUrl: `http://127.0.0.1:${socket.localPort}`, isExposed: false };
  const foreign = findForeignHeader({ method, headers }, address);
  if (foreign)
    return [403, "Request not allowed", `antom-vault record rejected the request: ${describeForeignHeader(foreign)}`];
  if (isApiPath(stripQuery(path))) return undefined;
  return [
    404,
    "Not an API path",
    "antom-vault record forwards only paths of the Vault API, such as /ams/sandbox/api/v1/vaults/vaultPaymentMethod.",
  ];
}

/** Returns whether a path has the form of an API path, under any base path, even if its operation or version is unknown. */
const isApiPath = (path: string): boolean =>
  /^[^#]*\/v\d+\/vaults\/\w+$/.test(path) && !path.includes(`${CONTROL_PATH}/`);

interface CapturedResponse {
  readonly message: IncomingMessage;
  readonly body: CapturedBody;
}

/** Reads a response, and decodes its body, because the signature covers the decoded body. */
async function readResponse({ message, body }: CapturedResponse): Promise<NonNullable<ProxiedExchange["response"]>> {
  const bytes = await decodeBody(body.bytes(), message.headers["content-encoding"]);
  return {
    status: message.statusCode ?? 0,
    headers: toHeaderList(message.rawHeaders),
    body: { bytes, length: body.length() },
  };
}

interface ForwardResult {
  readonly response: CapturedResponse | undefined;
  readonly missingResponse: MissingResponse | undefined;
}

const IDLE_TIMEOUT_MS = 60_000;

/** Forwards a request and its response. Resolves when either side has ended the exchange. */
function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  head: RequestHead,
  { target, idleTimeoutMs = IDLE_TIMEOUT_MS }: RecordingProxyOptions,
): Promise<ForwardResult> {
  return new Promise((resolve) => {
    let response: CapturedResponse | undefined;
    let call: ClientRequest | undefined;
    const end = (noResponse?: MissingResponse) => resolve({ response, missingResponse: noResponse });
    let failed = false;
    const fail = (reason: string) => {
      if (failed) return;
      failed = true;
      end({ by: "target", why: reason });
      call?.destroy();
      const detail = `antom-vault record could not forward a response from ${target}: ${reason}`;
      sendProblem(outgoing, 502, "No response from the target", detail);
    };
    outgoing.once("close", () => {
      if (outgoing.writableFinished) return end();
      end({ by: "client", why: "Client disconnected before it received the response." });
      call?.destroy();
    });
    incoming.on("error", () => outgoing.destroy());
    outgoing.on("error", () => outgoing.destroy());
    try {
      call = callTarget(target, head);
    } catch (error) {
      return fail(`Request cannot be forwarded (${getErrorCode(error)}).`);
    }
    call.setTimeout(idleTimeoutMs, () => fail(`Target sent no data for ${idleTimeoutMs / 1000} s.`));
    call.on("error", (error) => response === undefined && fail(`Connection failed (${getErrorCode(error)}).`));
    call.on("close", () => response === undefined && fail("Target closed the connection without a response."));
    call.once("response", (message) => {
      response = { message, body: captureBody(message) };
      const abort = () => {
        end({ by: "target", why: "Target closed the connection before the response was complete." });
        outgoing.destroy();
      };
      message.once("close", () => message.complete || abort());
      message.on("error", abort);
      try {
        const { statusCode = 502, statusMessage, rawHeaders } = message;
        // Do not add a Date header to the response.
        outgoing.sendDate = false;
        outgoing.writeHead(statusCode, statusMessage, removeHopByHop(toHeaderList(rawHeaders)).flat());
        message.pipe(outgoing);
      } catch {
        fail("Response is not valid HTTP.");
      }
    });
    incoming.pipe(call);
  });
}

function callTarget(target: string, head: RequestHead): ClientRequest {
  const { protocol, hostname, port, host } = new URL(target);
  const request = protocol === "https:" ? requestHttps : requestHttp;
  return request({
    // Use a new connection. The target might be closing a reused connection, and Node.js would then send the request again.
    agent: false,
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port,
    method: head.method,
    path: head.path,
    // A flat list keeps the order, case, and duplicates of the headers.
    headers: createTargetHeaders(head, host).flat(),
    rejectUnauthorized: true,
  });
}

/** Responds with problem details (RFC 9457), or closes the connection if part of the response has been sent. */
function sendProblem(outgoing: ServerResponse, status: number, title: string, reason: string): void {
  if (outgoing.headersSent || outgoing.destroyed) {
    outgoing.destroy();
    return;
  }
  const detail = `${reason} This response is not from the gateway.`;
  const body = JSON.stringify({ type: "about:blank", title, status, detail });
  outgoing.writeHead(status, {
    "content-type": "application/problem+json",
    "content-length": Buffer.byteLength(body),
    connection: "close",
  });
  outgoing.end(body);
}

/** Returns only the code of a system error, for example ECONNREFUSED, or only the name of any other error. */
function getErrorCode(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
}
