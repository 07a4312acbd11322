/** A merchant that writes its requests byte by byte: signed as it should be, or as no library would. */
import { once } from "node:events";
import { connect } from "node:net";
import { type Credentials, importSigningKey, type SigningKey, signSync } from "../../gateway/index.ts";
import { formatSignatureHeader } from "../../signature/index.ts";

export interface RawResponse {
  /** 0 where the connection ended without a whole answer. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** The head as it came. */
  readonly head: string;
}

export interface RawConnection {
  /** Writes, and reads one answer. One at a time. */
  readonly send: (bytes: Uint8Array, options?: { readonly withoutBody?: boolean }) => Promise<RawResponse>;
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

const NO_RESPONSE: RawResponse = { status: 0, headers: new Map(), body: Buffer.alloc(0), head: "" };

/** Opens a connection that is kept alive. An answer that is not there within `timeoutMs` counts as none. */
export async function openRawConnection(baseUrl: string, timeoutMs = 15_000): Promise<RawConnection> {
  const { port, hostname: host } = new URL(baseUrl);
  const socket = connect({ port: Number(port), host, noDelay: true });
  await once(socket, "connect");
  let received = Buffer.alloc(0);
  let open = true;
  let look = () => {};
  socket.on("data", (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    look();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    open = false;
    look();
  });
  return {
    isOpen: () => open,
    close: () => socket.destroy(),
    send: (bytes, { withoutBody = false } = {}) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => done(NO_RESPONSE), timeoutMs);
        const done = (answer: RawResponse) => {
          clearTimeout(timer);
          look = () => {};
          resolve(answer);
        };
        look = () => {
          const read = parseResponse(received, withoutBody);
          if (read) {
            received = received.subarray(read.end);
            if (read.answer.headers.get("connection")?.toLowerCase() === "close") open = false;
            done(read.answer);
          } else if (!open) done(NO_RESPONSE);
        };
        if (open) socket.write(bytes);
        look();
      }),
  };
}

function parseResponse(
  received: Buffer,
  withoutBody: boolean,
): { readonly answer: RawResponse; readonly end: number } | undefined {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = received.toString("latin1", 0, headEnd);
  const [statusLine = "", ...lines] = head.split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  const begin = headEnd + 4;
  if (status < 200) {
    const next = parseResponse(received.subarray(begin), withoutBody);
    return next && { answer: next.answer, end: begin + next.end };
  }
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const end = begin + (withoutBody ? 0 : Number(headers.get("content-length") ?? 0));
  if (received.length < end) return undefined;
  return { answer: { status, headers, head, body: Buffer.from(received.subarray(begin, end)) }, end };
}

export interface RawMerchant {
  readonly clientId: string;
  /** The value of a signature header over these parts. */
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

/** A whole request as bytes. A header's text is written in Latin-1, as it stands. */
export function buildRawRequest(
  method: string,
  target: string,
  headers: readonly (readonly [string, string])[],
  body: Uint8Array,
): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1"), body]);
}

/** A request as it should be. */
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
