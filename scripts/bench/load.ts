/**
 * Generates load in a separate process: signed requests over persistent connections, with one pending request on each connection. Raw sockets
 * minimize the CPU time of the load generator.
 */
import { createPrivateKey, sign } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Credentials } from "../../src/sandbox/index.ts";
import { createVaultRequest } from "./vault-request.ts";

export interface LoadOptions extends Omit<Credentials, "antomPublicKey"> {
  readonly operation: "vaultPaymentMethod" | "inquireVaulting";
  readonly connections: number;
  readonly requests: number;
  /** The number of warm-up requests, which are not measured. */
  readonly warmUp: number;
  /** The first of the consecutive IDs. */
  readonly firstId: number;
  readonly notificationUrl: string;
  /** The text that each response must contain. */
  readonly expect: string;
  readonly path?: string;
  /** The maximum number of requests per second. Default: no limit. With a limit, requests are signed as they are sent instead of in advance. */
  readonly perSecond?: number;
}

export interface LoadReport {
  readonly requests: number;
  readonly unexpected: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

const options = JSON.parse(process.argv[2] ?? "{}") as LoadOptions;
const key = createPrivateKey(options.merchantPrivateKey);
const url = new URL(options.baseUrl);
const path = options.path ?? `/ams/sandbox/api/v1/vaults/${options.operation}`;

function createBody(id: number): string {
  const vaultingRequestId = `bench-${id}`;
  const isInquiry = options.operation === "inquireVaulting";
  return JSON.stringify(
    isInquiry ? { vaultingRequestId } : createVaultRequest(vaultingRequestId, options.notificationUrl),
  );
}

function signRequest(id: number): Buffer {
  const body = createBody(id);
  const time = String(Date.now());
  const stringToSign = `POST ${path}\n${options.clientId}.${time}.${body}`;
  const signature = encodeURIComponent(sign("sha256", Buffer.from(stringToSign), key).toString("base64"));
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${url.host}`,
    "Content-Type: application/json; charset=UTF-8",
    `Client-Id: ${options.clientId}`,
    `Request-Time: ${time}`,
    `Signature: algorithm=RSA256,keyVersion=1,signature=${signature}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

const CONTENT_LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

/** Sends requests on a connection. Waits for each response before sending the next request. */
async function runConnection(
  socket: Socket,
  next: () => Promise<Buffer | undefined>,
  onResponse: (ms: number, expected: boolean) => void,
) {
  let received = "";
  let started = 0;
  const done = Promise.withResolvers<void>();
  const send = async () => {
    const request = await next();
    if (!request) return done.resolve();
    received = "";
    started = performance.now();
    socket.write(request);
  };
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    const end = received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(CONTENT_LENGTH.exec(received)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
    onResponse(performance.now() - started, received.includes(options.expect));
    send();
  });
  socket.on("error", done.reject);
  socket.on("close", () => done.reject(new Error("The server closed a connection.")));
  send();
  await done.promise;
  socket.removeAllListeners("close").destroy();
}

async function run(requests: Iterator<Buffer, undefined>): Promise<LoadReport> {
  let sent = 0;
  const next = async () => {
    const waitMs =
      options.perSecond === undefined ? 0 : started + (sent / options.perSecond) * 1000 - performance.now();
    sent += 1;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    return requests.next().value;
  };
  const times: number[] = [];
  let unexpected = 0;
  const sockets = await Promise.all(
    Array.from({ length: options.connections }, async () => {
      const socket = connect(Number(url.port), url.hostname);
      await once(socket, "connect");
      return socket.setNoDelay(true);
    }),
  );
  const started = performance.now();
  await Promise.all(
    sockets.map((socket) =>
      runConnection(socket, next, (ms, expected) => {
        times.push(ms);
        if (!expected) unexpected += 1;
      }),
    ),
  );
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const percentile = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { requests: times.length, unexpected, seconds, p50: percentile(0.5), p99: percentile(0.99) };
}

function* signRequests(count: number, from: number): Generator<Buffer, undefined> {
  for (let index = 0; index < count; index++) yield signRequest(from + index);
}
const signAll = (requests: Generator<Buffer, undefined>) => [...requests].values();
const warmUp = signAll(signRequests(options.warmUp, options.firstId));
const all = signRequests(options.requests, options.firstId + options.warmUp);
const measured = options.perSecond === undefined ? signAll(all) : all;
if (options.warmUp > 0) await run(warmUp);
process.send?.("ready");
await once(process, "message");
process.send?.(await run(measured));
process.exit(0);
