/**
 * Posts a notification to a URL that might be malicious: it might point to an internal host, or its server might not respond, respond endlessly, or
 * send invalid data. A connection is reused only after a complete response, and only for the same host and port.
 *
 * @module
 */
import { promises as dns, type LookupAddress } from "node:dns";
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
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
  /** Returns the port of the sandbox. */
  readonly ownPort: () => number;
  /** The timeout of an attempt in milliseconds, from the DNS lookup to the end of the response. Default 10,000. */
  readonly timeoutMs?: number;
  /** The maximum size of a response body in bytes. Default 65,536. */
  readonly responseLimit?: number;
  /** Returns all addresses of a host name. Default: the system's resolver. */
  readonly lookup?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

export interface PostMessage {
  /** The notification URL as the merchant sent it. */
  readonly url: string;
  /** All headers except `Host` and `Content-Length`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The response of the server. If the body is too large, `body` is its beginning. */
export interface ReceivedResponse {
  /** Any status. Redirects are not followed. */
  readonly status: number;
  readonly body: Uint8Array;
  readonly headers: IncomingHttpHeaders;
}

/** The result of an attempt. `detail` is human-readable and never quotes the response. */
export type PostResult =
  | ({ readonly outcome: "RESPONSE" } & ReceivedResponse)
  | { readonly outcome: PostFailure; readonly detail: string; readonly received?: ReceivedResponse };

export type PostFailure =
  | "ADDRESS_BLOCKED"
  | "HOST_NOT_FOUND"
  | "CONNECTION_FAILED"
  | "TLS_FAILED"
  | "TIMEOUT"
  | "RESPONSE_TOO_LARGE"
  | "ABORTED";

/** A function that makes one attempt. Its promise never rejects. */
export type Poster = (message: PostMessage, signal?: AbortSignal) => Promise<PostResult>;

/**
 * Creates a function that posts a message. The function resolves a host name once, and blocks the attempt if any address is blocked. It connects
 * only to one of these addresses, and checks the address again after it connects, before it writes anything.
 *
 * @example
 * const post = createPoster({ scope: "loopback", ownPort: () => 4010 });
 * const result = await post({ url: "http://127.0.0.1:3000/notify", headers: { "content-type": "application/json" }, body: "{}" });
 */
export function createPoster(options: PosterOptions): Poster {
  const { scope, ownPort, timeoutMs = 10_000, responseLimit = 65_536, lookup = lookupAll } = options;
  // Idle connections close after 100 ms, before a typical server would close them. Under load, they are idle only for a few milliseconds.
  const reuse = { keepAlive: true, timeout: 100 };
  const agents = { "http:": new HttpAgent(reuse), "https:": new HttpsAgent(reuse) };
  return async (message, signal) => {
    if (signal?.aborted) return ABORTED;
    const rules = { scope, ownPort: ownPort() };
    const target = checkTarget(message.url, rules);
    if ("rejected" in target) return createBlockedResult(target.rejected);
    const agent = agents[target.url.protocol === "https:" ? "https:" : "http:"];
    return runAttempt({ url: target.url, message, rules, timeoutMs, responseLimit, lookup, signal, agent });
  };
}

const lookupAll = (hostname: string): Promise<readonly LookupAddress[]> => dns.lookup(hostname, { all: true });

/** The addresses of `localhost` are fixed (RFC 6761), so that a resolver cannot change them. */
const LOCALHOST_ADDRESSES: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

const ABORTED: PostResult = { outcome: "ABORTED", detail: "The attempt was aborted." };
const createBlockedResult = (reason: string): PostResult => ({
  outcome: "ADDRESS_BLOCKED",
  detail: `The address is blocked. ${reason}`,
});

interface AttemptOptions extends Required<Pick<PosterOptions, "timeoutMs" | "responseLimit" | "lookup">> {
  readonly url: URL;
  readonly message: PostMessage;
  readonly rules: AddressRules;
  readonly signal: AbortSignal | undefined;
  /** Keeps idle connections for reuse. */
  readonly agent: HttpAgent;
}

/** The end of the timeout message for each stage. */
const STAGES = {
  "DNS lookup": "while resolving the host name",
  connection: "while connecting",
  "TLS handshake": "during the TLS handshake",
  response: "while waiting for the response",
} as const;
type Stage = keyof typeof STAGES;

/** The shared state of an attempt. */
interface Progress {
  stage: Stage;
  finished: boolean;
  request?: ClientRequest;
  readonly finish: (result: PostResult) => void;
}

function runAttempt(options: AttemptOptions): Promise<PostResult> {
  const { signal, timeoutMs } = options;
  return new Promise((resolve) => {
    const finish = (result: PostResult) => {
      if (progress.finished) return;
      progress.finished = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      resolve(result);
      if (result.outcome !== "RESPONSE") progress.request?.destroy();
    };
    const progress: Progress = { stage: "connection", finished: false, finish };
    const abort = () => finish(ABORTED);
    const timer = setTimeout(() => {
      const detail = `The attempt timed out after ${timeoutMs} ms ${STAGES[progress.stage]}.`;
      finish({ outcome: "TIMEOUT", detail });
    }, timeoutMs);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      sendRequest(options, progress);
    } catch {
      finish({ outcome: "CONNECTION_FAILED", detail: "Nothing was sent: the message contains an invalid header." });
    }
  });
}

function sendRequest(options: AttemptOptions, progress: Progress): void {
  const { url, responseLimit, message } = options;
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const request = send(toRequestOptions(options, progress));
  let responding = false;
  let interimCount = 0;
  let bytesBefore = 0;
  request.on("socket", (socket) => {
    bytesBefore = socket.bytesRead;
    if (request.reusedSocket) progress.stage = "response";
    else watchConnection(socket, options, progress);
  });
  // A server can send interim responses (100, 103) endlessly.
  request.on("information", () => {
    if (++interimCount > 8) progress.finish(TOO_LARGE);
  });
  request.on("response", (response) => {
    responding = true;
    readResponse(response, bytesBefore, responseLimit, progress);
  });
  // Never retries, even on a reused connection, because the merchant's handler might have received the notification.
  request.on("error", (error) => progress.finish(toFailure(error, progress.stage)));
  // The request can close before the end of the response is read.
  request.on("close", () => {
    if (!responding) progress.finish(createClosedResult());
  });
  progress.request = request;
  // The DNS lookup starts immediately, so the attempt may already be finished.
  if (progress.finished) request.destroy();
  else request.end(message.body);
}

function toRequestOptions(options: AttemptOptions, progress: Progress): RequestOptions {
  const { url, message, timeoutMs, agent } = options;
  const host = getBareHost(url);
  const requestOptions: RequestOptions & Partial<TcpSocketConnectOpts> = {
    method: "POST",
    host,
    port: getPort(url),
    path: url.pathname + url.search,
    headers: { ...message.headers, host: url.host, "content-length": Buffer.byteLength(message.body) },
    agent,
    lookup: createGuardedLookup(options, progress),
    // An unresponsive address must not use up the whole time of the attempt.
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.max(10, Math.ceil(timeoutMs / 4)),
    // Explicit values, so that no environment variable or option of the process can override them.
    insecureHTTPParser: false,
    maxHeaderSize: 16_384,
    rejectUnauthorized: true,
    // SNI must not contain an IP address or a trailing dot.
    servername: isIP(host) ? "" : host.replace(/\.$/, ""),
  };
  return requestOptions;
}

/** Creates the connection's lookup function. The function checks all addresses, and runs at most once for each attempt. */
function createGuardedLookup({ url, rules, lookup }: AttemptOptions, progress: Progress): LookupFunction {
  const resolve = async (hostname: string) => (isLocalhost(hostname) ? LOCALHOST_ADDRESSES : await lookup(hostname));
  return (hostname, { all }, callback) => {
    progress.stage = "DNS lookup";
    resolve(hostname)
      .then((addresses) => {
        if (progress.finished) return;
        const [first] = addresses;
        if (!first) return progress.finish(HOST_NOT_FOUND);
        for (const { address } of addresses) {
          const reason = checkEndpoint(address, getPort(url), rules);
          if (reason) return progress.finish(createBlockedResult(reason));
        }
        progress.stage = "connection";
        if (all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      })
      .catch(() => progress.finish(HOST_NOT_FOUND));
  };
}

const HOST_NOT_FOUND: PostResult = {
  outcome: "HOST_NOT_FOUND",
  detail: "The host name does not resolve to an IP address.",
};

function watchConnection(socket: Socket, { url, rules }: AttemptOptions, progress: Progress): void {
  // Runs before the listeners of TLS and HTTP, which write data.
  socket.prependOnceListener("connect", () => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return progress.finish(createClosedResult());
    const reason = checkEndpoint(remoteAddress, getPort(url), rules);
    if (reason) return progress.finish(createBlockedResult(reason));
    progress.stage = url.protocol === "https:" ? "TLS handshake" : "response";
  });
  socket.once("secureConnect", () => {
    progress.stage = "response";
  });
}

const TOO_LARGE = { outcome: "RESPONSE_TOO_LARGE", detail: "The response is too large." } as const;

function readResponse(response: IncomingMessage, bytesBefore: number, limit: number, { finish }: Progress): void {
  const { socket } = response;
  let bytes = new Uint8Array(Math.min(limit, 512));
  let size = 0;
  const getReceived = () => {
    const { statusCode: status = 0, headers } = response;
    return { status, headers, body: bytes.slice(0, size) };
  };
  response.on("data", (chunk: Uint8Array) => {
    const needed = size + chunk.byteLength;
    // The second limit also covers chunk extensions and trailers.
    if (needed > limit || socket.bytesRead - bytesBefore > 8 * limit + 65_536)
      return finish({ ...TOO_LARGE, received: getReceived() });
    // Copies the chunk, because a chunk of 1 byte can retain the 64 KiB buffer that it was read into.
    if (needed > bytes.byteLength) {
      const larger = new Uint8Array(Math.min(limit, needed * 2));
      larger.set(bytes.subarray(0, size));
      bytes = larger;
    }
    bytes.set(chunk, size);
    size = needed;
  });
  response.on("end", () => finish({ outcome: "RESPONSE", ...getReceived() }));
  response.on("error", (error) => finish(toFailure(error, "response")));
  response.on("close", () => finish(createClosedResult()));
}

function toFailure(error: NodeJS.ErrnoException, stage: Stage): PostResult {
  const code = error.code ?? "";
  if (code === "HPE_HEADER_OVERFLOW" || code === "HPE_CHUNK_EXTENSIONS_OVERFLOW") return TOO_LARGE;
  // Uses only the code, because the message might quote the server, for example the names in its certificate.
  const cause = /^[A-Z\d_]{1,80}$/.test(code) ? ` (${code})` : "";
  if (stage === "TLS handshake") return { outcome: "TLS_FAILED", detail: `TLS handshake failed${cause}.` };
  if (stage === "response") {
    return code.startsWith("HPE_")
      ? { outcome: "CONNECTION_FAILED", detail: `The response is not valid HTTP${cause}.` }
      : createClosedResult(cause);
  }
  return { outcome: "CONNECTION_FAILED", detail: `Connection failed${cause}.` };
}

const createClosedResult = (cause = ""): PostResult => ({
  outcome: "CONNECTION_FAILED",
  detail: `The connection closed before the response was complete${cause}.`,
});
