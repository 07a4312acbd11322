/** A merchant that builds its requests from raw bytes, so that it can send requests that HTTP libraries cannot create. */
import { once } from "node:events";
import { connect } from "node:net";
import { type Credentials, importSigningKey, type SigningKey, signSync } from "../../gateway/index.ts";
import { formatSignatureHeader } from "../../signature/index.ts";

export interface RawResponse {
  /** The HTTP status, or 0 if no complete response arrived. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** The unparsed head. */
  readonly head: string;
}

export interface RawConnection {
  /** Writes bytes and reads one response. Do not make concurrent calls. */
  readonly send: (bytes: Uint8Array, options?: { readonly withoutBody?: boolean }) => Promise<RawResponse>;
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

const NO_RESPONSE: RawResponse = { status: 0, headers: new Map(), body: Buffer.alloc(0), head: "" };

/** Opens a keep-alive connection. If no response arrives within `timeoutMs` milliseconds, `send` resolves to a response with status 0. */
export async function openRawConnection(baseUrl: string, timeoutMs = 15_000): Promise<RawConnection> {
  const { port, hostname: host } = new URL(baseUrl);
  const socket = connect({ port: Number(port), host, noDelay: true });
  await once(socket, "connect");
  let received = Buffer.alloc(0);
  let open = true;
  let check = () => {};
  socket.on("data", (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    check();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    open = false;
    check();
  });
  return {
    isOpen: () => open,
    close: () => socket.destroy(),
    send: (bytes, { withoutBody = false } = {}) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => done(NO_RESPONSE), timeoutMs);
        const done = (response: RawResponse) => {
          clearTimeout(timer);
          check = () => {};
          resolve(response);
        };
        check = () => {
          const parsed = parseResponse(received, withoutBody);
          if (parsed) {
            received = received.subarray(parsed.end);
            if (parsed.response.headers.get("connection")?.toLowerCase() === "close") open = false;
            done(parsed.response);
          } else if (!open) done(NO_RESPONSE);
        };
        if (open) socket.write(bytes);
        check();
      }),
  };
}

function parseResponse(
  received: Buffer,
  withoutBody: boolean,
): { readonly response: RawResponse; readonly end: number } | undefined {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = received.toString("latin1", 0, headEnd);
  const [statusLine = "", ...lines] = head.split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  const start = headEnd + 4;
  if (status < 200) {
    const next = parseResponse(received.subarray(start), withoutBody);
    return next && { response: next.response, end: start + next.end };
  }
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const end = start + (withoutBody ? 0 : Number(headers.get("content-length") ?? 0));
  if (received.length < end) return undefined;
  return { response: { status, headers, head, body: Buffer.from(received.subarray(start, end)) }, end };
}

export interface RawMerchant {
  readonly clientId: string;
  /** Returns the value of the Signature header. */
  readonly sign: (parts: {
    readonly path: string;
    readonly time: string;
    readonly body: Uint8Array<ArrayBuffer>;
  }) => string;
}

export async function createRawMerchant({ clientId, merchantPrivateKey }: Credentials): Promise<RawMerchant> {
  const key: SigningKey = await importSigningKey(merchantPrivateKey, "merchantPrivateKey");
  return {
    clientId,
    sign: ({ path, time, body }) => formatSignatureHeader(signSync({ path, clientId, time, body }, key), "1"),
  };
}

/** Returns the bytes of a request. The head is encoded as Latin-1. */
export function buildRawRequest(
  method: string,
  target: string,
  headers: readonly (readonly [string, string])[],
  body: Uint8Array,
): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1"), body]);
}

/** Returns the bytes of a POST request with valid headers and a valid signature. */
export function buildValidRequest(
  merchant: RawMerchant,
  path: string,
  message: object | string,
  { keepAlive = true } = {},
): Buffer {
  const body = Buffer.from(typeof message === "string" ? message : JSON.stringify(message));
  const time = String(Date.now());
  return buildRawRequest(
    "POST",
    path,
    [
      ["host", "127.0.0.1"],
      ["content-type", "application/json; charset=UTF-8"],
      ["client-id", merchant.clientId],
      ["request-time", time],
      ["signature", merchant.sign({ path, time, body })],
      ["content-length", String(body.length)],
      ...(keepAlive ? [] : ([["connection", "close"]] as const)),
    ],
    body,
  );
}
