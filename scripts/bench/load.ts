/**
 * Load in a process of its own: requests that were signed before, over connections that stay open, one under way on each. Plain sockets: a
 * client's own work must not be measured with the server's.
 */
import { createPrivateKey, sign } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { vaultRequest } from "./vault-request.ts";

export interface LoadOrder {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly merchantPrivateKey: string;
  readonly operation: "vaultPaymentMethod" | "inquireVaulting";
  readonly connections: number;
  readonly requests: number;
  /** Requests that are sent before and not counted. */
  readonly warmUp: number;
  /** The first of the IDs, which count up. */
  readonly from: number;
  readonly notificationUrl: string;
  /** What each answer must hold. */
  readonly expect: string;
  readonly path?: string;
  /** How many a second at the most; they are signed on the way then. Default: as fast as the answers come. */
  readonly perSecond?: number;
}

export interface LoadReport {
  readonly requests: number;
  readonly wrong: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

const order = JSON.parse(process.argv[2] ?? "{}") as LoadOrder;
const key = createPrivateKey(order.merchantPrivateKey);
const url = new URL(order.baseUrl);
const path = order.path ?? `/ams/sandbox/api/v1/vaults/${order.operation}`;

function bodyOf(id: number): string {
  const vaultingRequestId = `bench-${id}`;
  const isInquiry = order.operation === "inquireVaulting";
  return JSON.stringify(isInquiry ? { vaultingRequestId } : vaultRequest(vaultingRequestId, order.notificationUrl));
}

function signedRequest(id: number): Buffer {
  const body = bodyOf(id);
  const time = String(Date.now());
  const text = `POST ${path}\n${order.clientId}.${time}.${body}`;
  const signature = encodeURIComponent(sign("sha256", Buffer.from(text), key).toString("base64"));
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${url.host}`,
    "Content-Type: application/json; charset=UTF-8",
    `Client-Id: ${order.clientId}`,
    `Request-Time: ${time}`,
    `Signature: algorithm=RSA256,keyVersion=1,signature=${signature}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

const CONTENT_LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

/** One connection: sends, waits for the whole answer, sends the next. */
async function converse(
  socket: Socket,
  next: () => Promise<Buffer | undefined>,
  took: (ms: number, right: boolean) => void,
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
    took(performance.now() - started, received.includes(order.expect));
    send();
  });
  socket.on("error", done.reject);
  socket.on("close", () => done.reject(new Error("the server closed a connection")));
  send();
  await done.promise;
  socket.removeAllListeners("close").destroy();
}

async function run(requests: Iterator<Buffer, undefined>): Promise<LoadReport> {
  let sent = 0;
  const next = async () => {
    const early = order.perSecond === undefined ? 0 : started + (sent / order.perSecond) * 1000 - performance.now();
    sent += 1;
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    return requests.next().value;
  };
  const times: number[] = [];
  let wrong = 0;
  const sockets = await Promise.all(
    Array.from({ length: order.connections }, async () => {
      const socket = connect(Number(url.port), url.hostname);
      await once(socket, "connect");
      return socket.setNoDelay(true);
    }),
  );
  const started = performance.now();
  await Promise.all(
    sockets.map((socket) =>
      converse(socket, next, (ms, right) => {
        times.push(ms);
        if (!right) wrong += 1;
      }),
    ),
  );
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { requests: times.length, wrong, seconds, p50: at(0.5), p99: at(0.99) };
}

function* signed(count: number, from: number): Generator<Buffer, undefined> {
  for (let at = 0; at < count; at++) yield signedRequest(from + at);
}
const before = (requests: Generator<Buffer, undefined>) => [...requests].values();
const warmUp = before(signed(order.warmUp, order.from));
const all = signed(order.requests, order.from + order.warmUp);
const measured = order.perSecond === undefined ? before(all) : all;
if (order.warmUp > 0) await run(warmUp);
process.send?.("ready");
await once(process, "message");
process.send?.(await run(measured));
process.exit(0);
