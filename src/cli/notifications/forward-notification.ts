/** Forwards verified notifications to a merchant's endpoint, and returns the endpoint's response. @module */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { validateVaultingAcknowledgement } from "../../../generated/validators.js";
import { maskBodyText, toPrintable } from "../../cards/mask-card-data.ts";
import { describeIssues } from "../../protocol/errors.ts";
import { isJsonMediaType } from "../../protocol/http.ts";
import { BODY_LIMIT, parseJson } from "../../protocol/json.ts";
import { usageError } from "../console/usage-error.ts";

/** The result of forwarding a notification. */
export interface ForwardResult {
  readonly url: string;
  /** The HTTP status of the endpoint's response. Absent if the endpoint did not respond. */
  readonly status?: number;
  readonly durationMs: number;
  readonly acknowledged: boolean;
  /** Why the notification is not acknowledged, and what to do. */
  readonly problem?: string;
}

export interface ReceivedRequest {
  /** The path and query of the request, which the signature covers. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** A gateway waits 10 seconds for a response. With this shorter limit, the gateway still receives a response if the endpoint times out. */
const TIMEOUT_MS = 9_000;

/** The headers that a receiver needs to verify the signature. */
const FORWARDED_HEADERS = ["client-id", "request-time", "signature", "content-type"] as const;

/** Response headers that the listener sets itself, or that apply only to the connection to the endpoint. They are not returned to the gateway. */
const CONNECTION_HEADERS = new Set(["connection", "content-length", "date", "keep-alive", "transfer-encoding"]);

/** Parses `--forward-to`. */
export function parseForwardUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw usageError("--forward-to must be a URL such as http://localhost:3000/hook, without a user name.");
  return url;
}

/**
 * Returns the path and query that notifications are forwarded to, or `undefined` if the URL has none. In that case, notifications keep the path at
 * which they arrive.
 */
export const getForwardPath = ({ pathname, search }: URL): string | undefined =>
  pathname === "/" && search === "" ? undefined : pathname + search;

/**
 * Sends the received bytes with the headers that the signature needs. Returns the endpoint's response, or a response that makes the gateway
 * resend the notification. Never follows a redirect. Never rejects.
 */
export async function forwardNotification(
  target: URL,
  { path, headers, body }: ReceivedRequest,
  timeoutMs = TIMEOUT_MS,
): Promise<{ readonly response: Response; readonly forwarded: ForwardResult }> {
  const url = new URL(getForwardPath(target) ?? path, target);
  const started = performance.now();
  const report = (fields: Omit<ForwardResult, "url" | "durationMs">): ForwardResult => ({
    url: url.href,
    durationMs: Math.round(performance.now() - started),
    ...fields,
  });
  const sent = FORWARDED_HEADERS.flatMap((name) =>
    [headers.get(name)].flatMap((value) => (value ? [[name, value]] : [])),
  );
  try {
    const reply = await post(url, Object.fromEntries(sent), body, timeoutMs);
    const response = toResponse(reply);
    const problem = findProblem(reply, path, url);
    return {
      response,
      forwarded: report({ status: reply.status, acknowledged: problem === undefined, ...(problem ? { problem } : {}) }),
    };
  } catch (error) {
    const problem = describeFailure(error, timeoutMs);
    // The text is for a person who reads the gateway's log of attempts.
    const response = new Response(`antom-vault listen: ${problem}\n`, { status: 502 });
    return { response, forwarded: report({ acknowledged: false, problem }) };
  }
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Uses a new connection for each request, because the endpoint might have restarted since the previous request. */
function post(url: URL, headers: Record<string, string>, body: Uint8Array, timeoutMs: number): Promise<Reply> {
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    send(url, { method: "POST", headers: { ...headers, "content-length": body.byteLength }, agent: false, signal })
      .once("error", reject)
      .once("response", (message) => readReply(message).then(resolve, reject))
      .end(body);
  });
}

class TooLargeError extends Error {}

async function readReply(message: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > BODY_LIMIT) throw new TooLargeError();
  }
  return { status: message.statusCode ?? 0, headers: message.headers, body: new Uint8Array(Buffer.concat(chunks)) };
}

function toResponse({ status, headers, body }: Reply): Response {
  const response = new Response(body.byteLength > 0 ? body : null, { status });
  for (const [name, value] of Object.entries(headers))
    for (const item of CONNECTION_HEADERS.has(name) ? [] : [value].flat())
      if (item !== undefined) response.headers.append(name, item);
  return response;
}

/** Returns the reason why a response is not an acknowledgement, or `undefined` if it is one. */
function findProblem({ status, headers, body }: Reply, signedPath: string, url: URL): string | undefined {
  if (status >= 300 && status < 400) return "Redirects are not followed. Use the final URL in --forward-to.";
  if (status !== 200)
    return [explainPath(status, signedPath, url), quote(body)].filter(Boolean).join(" ") || "Return status 200.";
  if (!isJsonMediaType(headers["content-type"] ?? null)) return "The Content-Type is not application/json.";
  const parsed = parseJson(body);
  if (!parsed.ok) return `The body ${parsed.message}. Return the acknowledgement.`;
  const checked = validateVaultingAcknowledgement(parsed.value);
  return checked.valid ? undefined : `The body is not the acknowledgement: ${describeIssues(checked.issues)}.`;
}

/** Explains status 401: a receiver that verifies the signature for its own path rejects a notification that was signed for a different path. */
function explainPath(status: number, signedPath: string, { pathname, search }: URL): string | undefined {
  if (status !== 401 || signedPath === pathname + search) return undefined;
  return `The signature covers the path ${toPrintable(signedPath)}. Set your receiver's \`path\` option to this path, or use this path in --forward-to.`;
}

const MAX_QUOTED = 120;

/** Returns the start of a body on one line, with card data masked. */
function quote(body: Uint8Array): string {
  const text = new TextDecoder().decode(body).replace(/\s+/g, " ").trim();
  if (text === "") return "";
  const masked = toPrintable(maskBodyText(text));
  return `Body: ${masked.length > MAX_QUOTED ? `${masked.slice(0, MAX_QUOTED)}…` : masked}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "No server is listening at this URL. Start your server.",
  ENOTFOUND: "The host name of --forward-to does not exist.",
  ECONNRESET: "The server closed the connection without a response. Check its log.",
};

function describeFailure(error: unknown, timeoutMs: number): string {
  const { name, code = "" } = error as NodeJS.ErrnoException;
  const reason =
    error instanceof TooLargeError
      ? "The response is larger than 64 KiB. Return only the acknowledgement."
      : /^(?:AbortError|TimeoutError)$/.test(name)
        ? `The server did not respond within ${timeoutMs / 1000} s. Acknowledge first, and do slow work afterward.`
        : (REASONS[code] ?? `The request failed${code && ` with ${code}`}. Check the URL and your server's log.`);
  return `${reason} The gateway resends the notification.`;
}
