/**
 * Posts one notification to a merchant's address, which is as hostile as an address can be: it may name a machine that it must not reach,
 * answer never, without end or with nonsense. Every attempt has a connection of its own, so that no earlier one can spoil it.
 *
 * @module
 */
import { promises as dns, type LookupAddress } from "node:dns";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { isIP, type LookupFunction, type Socket, type TcpSocketConnectOpts } from "node:net";
import {
  type AddressRules,
  checkEndpoint,
  checkTarget,
  getBareHost,
  getPort,
  isLocalhost,
  type NetworkScope,
} from "./address-guard.ts";

export interface PosterOptions {
  readonly scope: NetworkScope;
  /** The port on which the sandbox itself listens, asked at each attempt. */
  readonly ownPort: () => number;
  /** Milliseconds for all of an attempt: look-up, connection, TLS, headers and body. Default 10,000. */
  readonly timeoutMs?: number;
  /** Bytes that an answer's body may have. Default 65,536. */
  readonly answerLimit?: number;
  /** All addresses of a host name. Default: the system's resolver. */
  readonly lookup?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

export interface PostMessage {
  /** The merchant's address as it stands in the request. */
  readonly url: string;
  /** Without `Host` and `Content-Length`, which follow from the rest. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What became of an attempt. `detail` is a sentence that quotes nothing that came from the other side. */
export type PostResult =
  | {
      readonly outcome: "ANSWERED";
      /** Any status: a redirect is an answer too, and is never followed. */
      readonly status: number;
      readonly body: Uint8Array;
      readonly contentType: string | null;
    }
  | { readonly outcome: PostFailure; readonly detail: string };

export type PostFailure =
  | "ADDRESS_BLOCKED"
  | "HOST_NOT_FOUND"
  | "CONNECTION_FAILED"
  | "TLS_FAILED"
  | "TIMEOUT"
  | "RESPONSE_TOO_LARGE"
  | "ABORTED";

/** One attempt. Never rejects; the connection is closed whatever the result. */
export type Poster = (message: PostMessage, signal?: AbortSignal) => Promise<PostResult>;

/**
 * Makes the function that posts. It looks a name up once, refuses the attempt if any of its addresses is refused, connects to one of them
 * and to nothing else, and judges the address again once it is connected, before anything is written.
 *
 * @example
 * const post = createPoster({ reach: "loopback", ownPort: () => 4010 });
 * const result = await post({ url: "http://127.0.0.1:3000/notify", headers: { "content-type": "application/json" }, body: "{}" });
 */
export function createPoster(options: PosterOptions): Poster {
  const { scope, ownPort, timeoutMs = 10_000, answerLimit = 65_536, lookup = lookupAll } = options;
  return async (message, signal) => {
    if (signal?.aborted) return ABORTED;
    const rules = { reach: scope, ownPort: ownPort() };
    const target = checkTarget(message.url, rules);
    if ("rejected" in target) return addressBlocked(target.rejected);
    return runAttempt({ url: target.url, message, rules, timeoutMs, answerLimit, lookup, signal });
  };
}

const lookupAll = (hostname: string): Promise<readonly LookupAddress[]> => dns.lookup(hostname, { all: true });

/** The names of this machine need no resolver (RFC 6761), and a resolver must not be able to say otherwise. */
const LOCALHOST_ADDRESSES: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

const ABORTED: PostResult = { outcome: "ABORTED", detail: "The attempt was called off." };
const addressBlocked = (reason: string): PostResult => ({
  outcome: "ADDRESS_BLOCKED",
  detail: `The address is refused. ${reason}`,
});

interface AttemptOptions extends Required<Pick<PosterOptions, "timeoutMs" | "answerLimit" | "lookup">> {
  readonly url: URL;
  readonly message: PostMessage;
  readonly rules: AddressRules;
  readonly signal: AbortSignal | undefined;
}

type Stage = "look-up" | "connection" | "TLS handshake" | "answer";

/** What the parts of an attempt share: how far it is, and the one way to end it. */
interface Progress {
  stage: Stage;
  finished: boolean;
  readonly finish: (result: PostResult) => void;
}

function runAttempt(task: AttemptOptions): Promise<PostResult> {
  const { message, signal, timeoutMs } = task;
  return new Promise((resolve) => {
    let request: ClientRequest | undefined;
    const finish = (result: PostResult) => {
      if (progress.finished) return;
      progress.finished = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      resolve(result);
      request?.destroy();
    };
    const progress: Progress = { stage: "connection", finished: false, finish };
    const abort = () => finish(ABORTED);
    const timer = setTimeout(() => {
      const detail = `The attempt was given up after ${timeoutMs} ms, during the ${progress.stage}.`;
      finish({ outcome: "TIMEOUT", detail });
    }, timeoutMs);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      request = openRequest(task, progress);
      // The look-up begins while the request is made, so the end may be there before it.
      if (progress.finished) request.destroy();
      else request.end(message.body);
    } catch {
      finish({ outcome: "CONNECTION_FAILED", detail: "Nothing was sent: a header of the message cannot be written." });
    }
  });
}

function openRequest(task: AttemptOptions, progress: Progress): ClientRequest {
  const { url, answerLimit } = task;
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const request = send(toRequestOptions(task, progress));
  let answering = false;
  let interim = 0;
  request.on("socket", (socket) => watchConnection(socket, task, progress));
  // Interim answers (100, 103) have no end by themselves.
  request.on("information", () => {
    if (++interim > 8) progress.finish(TOO_LARGE);
  });
  request.on("response", (response) => {
    answering = true;
    readResponse(response, answerLimit, progress);
  });
  request.on("error", (error) => progress.finish(toFailure(error, progress.stage)));
  // The request can be closed before the last bytes of its answer are read.
  request.on("close", () => {
    if (!answering) progress.finish(connectionEnded());
  });
  return request;
}

function toRequestOptions(task: AttemptOptions, progress: Progress): RequestOptions {
  const { url, message, timeoutMs } = task;
  const host = getBareHost(url);
  const options: RequestOptions & Partial<TcpSocketConnectOpts> = {
    method: "POST",
    host,
    port: getPort(url),
    path: url.pathname + url.search,
    headers: { ...message.headers, host: url.host, "content-length": Buffer.byteLength(message.body) },
    agent: false,
    lookup: createGuardedLookup(task, progress),
    // Where a name has several addresses, a dead one must not use up the time of the attempt.
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.max(10, Math.ceil(timeoutMs / 4)),
    // Given explicitly, so that no environment variable or option of the process can loosen them.
    insecureHTTPParser: false,
    maxHeaderSize: 16_384,
    rejectUnauthorized: true,
    // No IP address may stand in SNI, nor a name's trailing dot.
    servername: isIP(host) ? "" : host.replace(/\.$/, ""),
  };
  return options;
}

/** The one look-up of an attempt. Its addresses are judged here and given to the connection, which asks nobody else. */
function createGuardedLookup({ url, rules, lookup }: AttemptOptions, progress: Progress): LookupFunction {
  const addressesOf = async (hostname: string) =>
    isLocalhost(hostname) ? LOCALHOST_ADDRESSES : await lookup(hostname);
  return (hostname, { all }, callback) => {
    progress.stage = "look-up";
    addressesOf(hostname)
      .then((addresses) => {
        if (progress.finished) return;
        const [first] = addresses;
        if (!first) return progress.finish(HOST_NOT_FOUND);
        for (const { address } of addresses) {
          const refusal = checkEndpoint(address, getPort(url), rules);
          if (refusal) return progress.finish(addressBlocked(refusal));
        }
        progress.stage = "connection";
        if (all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      })
      .catch(() => progress.finish(HOST_NOT_FOUND));
  };
}

const HOST_NOT_FOUND: PostResult = { outcome: "HOST_NOT_FOUND", detail: "No address is known for the host name." };

function watchConnection(socket: Socket, { url, rules }: AttemptOptions, progress: Progress): void {
  // First of the listeners: those of TLS and HTTP write.
  socket.prependOnceListener("connect", () => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return progress.finish(connectionEnded());
    const refusal = checkEndpoint(remoteAddress, getPort(url), rules);
    if (refusal) return progress.finish(addressBlocked(refusal));
    progress.stage = url.protocol === "https:" ? "TLS handshake" : "answer";
  });
  socket.once("secureConnect", () => {
    progress.stage = "answer";
  });
}

const TOO_LARGE: PostResult = { outcome: "RESPONSE_TOO_LARGE", detail: "The answer is larger than it may be." };

function readResponse(response: IncomingMessage, limit: number, { finish }: Progress): void {
  const { socket } = response;
  let bytes = new Uint8Array(Math.min(limit, 512));
  let size = 0;
  response.on("data", (chunk: Uint8Array) => {
    const needed = size + chunk.byteLength;
    // The second limit is for what is no body: a chunk of one byte can have kilobytes of extensions.
    if (needed > limit || socket.bytesRead > 8 * limit + 65_536) return finish(TOO_LARGE);
    // Copied, because a chunk of one byte can hold on to the 64 KiB that it was read with.
    if (needed > bytes.byteLength) {
      const larger = new Uint8Array(Math.min(limit, needed * 2));
      larger.set(bytes.subarray(0, size));
      bytes = larger;
    }
    bytes.set(chunk, size);
    size = needed;
  });
  response.on("end", () => {
    const { statusCode: status = 0, headers } = response;
    const contentType = headers["content-type"] ?? null;
    finish({ outcome: "ANSWERED", status, body: bytes.slice(0, size), contentType });
  });
  response.on("error", (error) => finish(toFailure(error, "answer")));
  response.on("close", () => finish(connectionEnded()));
}

function toFailure(error: NodeJS.ErrnoException, stage: Stage): PostResult {
  const code = error.code ?? "";
  if (code === "HPE_HEADER_OVERFLOW" || code === "HPE_CHUNK_EXTENSIONS_OVERFLOW") return TOO_LARGE;
  // Codes are words of Node's and OpenSSL's own. Their messages may quote the other side: a certificate's names, for example.
  const cause = /^[A-Z\d_]{1,80}$/.test(code) ? ` (${code})` : "";
  if (stage === "TLS handshake") return { outcome: "TLS_FAILED", detail: `No secure connection was made${cause}.` };
  if (stage === "answer") {
    return code.startsWith("HPE_")
      ? { outcome: "CONNECTION_FAILED", detail: `What came back is not HTTP${cause}.` }
      : connectionEnded(cause);
  }
  return { outcome: "CONNECTION_FAILED", detail: `No connection was made${cause}.` };
}

const connectionEnded = (cause = ""): PostResult => ({
  outcome: "CONNECTION_FAILED",
  detail: `The connection ended before an answer was complete${cause}.`,
});
