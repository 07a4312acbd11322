/**
 * A server that hands requests on to a target byte for byte, and the answers back: no signature breaks on the way. What calls an operation
 * of the API is shown to whoever listens, once it is over.
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
import type { OperationId } from "../../../generated/operations.ts";
import { createGracefulClose } from "../../gateway/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { parseRequestTarget } from "../../protocol/http.ts";
import { findOperation } from "../../protocol/operations.ts";
import { type CapturedBody, captureBody, decodeBody } from "./capture-body.ts";
import type { ProxiedExchange } from "./inspect-exchange.ts";
import { createTargetHeaders, type RequestHead, removeHopByHop, toHeaderList } from "./proxy-headers.ts";
import type { MissingResponse } from "./recording.ts";

export interface RecordingProxyOptions {
  /** Scheme, host and port. */
  readonly target: string;
  /** On 127.0.0.1; 0 means any free one. */
  readonly port: number;
  /** Told of a request to an operation once its body is there, and of what came of it once that is over. */
  readonly onRequest?: (operation: OperationId, body: Uint8Array | undefined) => void;
  readonly onExchange: (passed: ProxiedExchange) => Promise<void>;
  /** Told of what went wrong here. Whatever it is, the next exchange passes. */
  readonly onError: (error: unknown) => void;
  /** How long the target may say nothing, in milliseconds. Default 60,000. */
  readonly idleTimeoutMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface RecordingProxy {
  readonly baseUrl: string;
  /** Stops accepting, and lets exchanges under way end for at most `graceMs` milliseconds. Resolves once all of them are told. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** @throws AntomVaultError `CONFIGURATION_INVALID` where the port cannot be had */
export async function startRecordingProxy(options: RecordingProxyOptions): Promise<RecordingProxy> {
  const server = createServer({ keepAliveTimeout: 5_000 });
  // A request that comes while another is under way waits for it; nobody is cut off for a slow target.
  server.requestTimeout = 0;
  const close = createGracefulClose(server);
  const inFlight = new Set<Promise<void>>();
  server.on("request", (incoming, outgoing) => {
    const passing = handleRequest(incoming, outgoing, options)
      .catch(options.onError)
      .finally(() => inFlight.delete(passing));
    inFlight.add(passing);
  });
  try {
    server.listen({ host: "127.0.0.1", port: options.port });
    await once(server, "listening");
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new AntomVaultError("CONFIGURATION_INVALID", `Cannot listen on 127.0.0.1:${options.port}: ${code}.`);
  }
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    close: async (graceMs) => {
      await close(graceMs);
      await Promise.all(inFlight);
    },
  };
}

async function handleRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: RecordingProxyOptions,
): Promise<void> {
  const { target, onRequest, onExchange, now = Date.now } = options;
  const startedAt = now();
  const path = parseRequestTarget(incoming.url ?? "");
  if (path === undefined) {
    outgoing.writeHead(400, { connection: "close", "content-length": 0 }).end();
    return;
  }
  const method = incoming.method ?? "";
  const headers = toHeaderList(incoming.rawHeaders);
  const operation = findOperation(path);
  const asked = captureBody(incoming);
  incoming.once("end", () => operation && onRequest?.(operation, asked.bytes()));
  const { response, missingResponse } = await forward(incoming, outgoing, { path, method, headers }, options);
  if (!operation) return;
  const body = { bytes: asked.bytes(), length: asked.length() };
  await onExchange({
    operation,
    target,
    startedAt,
    endedAt: now(),
    request: { method, path, headers, body },
    ...(missingResponse ? { missingResponse } : response && { response: await readResponse(response) }),
  });
}

interface CapturedResponse {
  readonly message: IncomingMessage;
  readonly body: CapturedBody;
}

/** An answer as it was signed. A content coding belongs to the way, and its sender's signature is over what it carries. */
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

/** Hands a request on and its answer back. Resolves once either side has ended it. */
function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  head: RequestHead,
  { target, idleTimeoutMs = IDLE_TIMEOUT_MS }: RecordingProxyOptions,
): Promise<ForwardResult> {
  return new Promise((resolve) => {
    let answer: CapturedResponse | undefined;
    let call: ClientRequest | undefined;
    const end = (noAnswer?: MissingResponse) => resolve({ response: answer, missingResponse: noAnswer });
    let failed = false;
    const fail = (why: string) => {
      if (failed) return;
      failed = true;
      end({ by: "target", why });
      call?.destroy();
      sendBadGateway(outgoing, target, why);
    };
    outgoing.once("close", () => {
      if (outgoing.writableFinished) return end();
      end({ by: "client", why: "The client hung up before it had the answer." });
      call?.destroy();
    });
    incoming.on("error", () => outgoing.destroy());
    outgoing.on("error", () => outgoing.destroy());
    try {
      call = callTarget(target, head);
    } catch (error) {
      return fail(`The request cannot be handed on (${getErrorCode(error)}).`);
    }
    call.setTimeout(idleTimeoutMs, () => fail(`It said nothing for ${idleTimeoutMs / 1000} s.`));
    call.on("error", (error) => answer === undefined && fail(`The connection failed (${getErrorCode(error)}).`));
    call.on("close", () => answer === undefined && fail("It closed the connection without an answer."));
    call.once("response", (message) => {
      answer = { message, body: captureBody(message) };
      const brokenOff = () => {
        end({ by: "target", why: "It broke the answer off." });
        outgoing.destroy();
      };
      message.once("close", () => message.complete || brokenOff());
      message.on("error", brokenOff);
      try {
        const { statusCode = 502, statusMessage, rawHeaders } = message;
        // Nothing is added to what the target said.
        outgoing.sendDate = false;
        outgoing.writeHead(statusCode, statusMessage, removeHopByHop(toHeaderList(rawHeaders)).flat());
        message.pipe(outgoing);
      } catch {
        fail("Its answer is not HTTP.");
      }
    });
    incoming.pipe(call);
  });
}

function callTarget(target: string, head: RequestHead): ClientRequest {
  const { protocol, hostname, port, host } = new URL(target);
  const request = protocol === "https:" ? requestHttps : requestHttp;
  return request({
    // A connection that is kept open may just be closing, and a request that was sent on it must not be sent again.
    agent: false,
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port,
    method: head.method,
    path: head.path,
    // As a flat list they keep their order, their case and their doubles.
    headers: createTargetHeaders(head, host).flat(),
    rejectUnauthorized: true,
  });
}

/** Says that there is no answer; where a part of one has gone out already, ends the connection. */
function sendBadGateway(outgoing: ServerResponse, target: string, why: string): void {
  if (outgoing.headersSent || outgoing.destroyed) {
    outgoing.destroy();
    return;
  }
  const detail = `antom-vault record has no answer from ${target}. ${why} This is not the gateway's answer.`;
  const body = JSON.stringify({ type: "about:blank", title: "No answer from the target", status: 502, detail });
  outgoing.writeHead(502, {
    "content-type": "application/problem+json",
    "content-length": Buffer.byteLength(body),
    connection: "close",
  });
  outgoing.end(body);
}

/** Of a foreign error only its code, for example ECONNREFUSED. */
function getErrorCode(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
}
