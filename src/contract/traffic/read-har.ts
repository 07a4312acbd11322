/** Reads HTTP Archives (HAR 1.2), as browsers, Playwright, mitmproxy, Charles, Proxyman, and Insomnia write them. */
import { getField, toText } from "../../protocol/json-fields.ts";
import { findOperation } from "../../protocol/operations.ts";
import type { ReadAttachment } from "./read-attachment.ts";
import { isRedacted, readHarBody, type Side } from "./read-har-body.ts";
import type { Gaps, HeaderList, RecordedBody, RecordedExchange, Recording, UnreadableEntry } from "./recording.ts";

export const isHar = (value: unknown): boolean => Array.isArray(getField(getField(value, "log"), "entries"));

/** Reads an archive. Never throws. Counts the entries that do not call an operation of the API, such as CORS preflight requests, but does not read them. */
export function readHar(archive: unknown, readFile: ReadAttachment): Recording {
  const log = getField(archive, "log");
  const entries = getField(log, "entries");
  const isInsomnia = /^insomnia/i.test(toText(getField(getField(log, "creator"), "name")));
  const found = (Array.isArray(entries) ? entries : []).map((entry: unknown, index) =>
    readEntry(entry, `entry ${index + 1}`, readFile),
  );
  const exchanges = found.filter((item): item is RecordedExchange => typeof item === "object" && "operation" in item);
  return {
    exchanges: isInsomnia ? exchanges.map(removeRequest) : exchanges,
    unreadable: found.filter((item) => typeof item === "object" && "reason" in item),
    otherCount: found.filter((item) => item === "other").length,
  };
}

function readEntry(
  entry: unknown,
  place: string,
  readFile: ReadAttachment,
): RecordedExchange | UnreadableEntry | "other" {
  const [request, response] = [getField(entry, "request"), getField(entry, "response")];
  const [method, url, status] = [getField(request, "method"), getField(request, "url"), getField(response, "status")];
  if (typeof method !== "string" || typeof url !== "string") return { place, reason: "has no readable request" };
  const path = /^https?:\/\/[^/?#]+(\/[^#]*)/i.exec(url)?.[1] ?? "/";
  const operation = findOperation(path);
  const isPreflight = method === "OPTIONS" && hasHeader(readHeaders(request), "Access-Control-Request-Method");
  if (!operation || isPreflight) return "other";
  if (typeof status !== "number") return { place, reason: "has no readable response" };
  const startedAt = Date.parse(toText(getField(entry, "startedDateTime")));
  const durationMs = getField(entry, "time");
  const started = Number.isNaN(startedAt) ? undefined : startedAt;
  const sent = readMessage("request", request, getField(request, "postData"), getField(request, "bodySize"), readFile);
  const head = {
    place,
    operation,
    startedAt: started,
    endedAt:
      started !== undefined && typeof durationMs === "number" && durationMs >= 0 ? started + durationMs : undefined,
    request: { method, path, ...sent },
  };
  // An archive contains no valid status if either side aborted the exchange.
  if (status < 100) return { ...head, noResponse: { by: "unknown", why: "The archive does not contain a response." } };
  const content = getField(response, "content");
  const received = readMessage("response", response, content, getField(content, "size"), readFile);
  // A tool that omits the Signature header of the request might omit the Signature header of the response, too.
  return { ...head, response: { status, ...received, gaps: { ...sent.gaps, ...received.gaps } } };
}

interface Message {
  readonly headers: HeaderList;
  readonly body: RecordedBody | undefined;
  readonly gaps: Gaps;
}

function readMessage(side: Side, message: unknown, content: unknown, size: unknown, readFile: ReadAttachment): Message {
  const all = readHeaders(message);
  const headers = all.filter(([, value]) => !isRedacted(value.split("signature=").at(-1) ?? ""));
  const missing = CONTRACT_HEADERS.filter(
    (name) => all.length === 0 || (hasHeader(all, name) && !hasHeader(headers, name)),
  );
  const body = readHarBody({ side, content, size, headers }, readFile);
  const unsigned = side === "request" && !hasHeader(headers, "Signature") ? ["Signature"] : [];
  const [name] = [...missing.filter((header) => header !== "Content-Type"), ...unsigned];
  const gaps: Gaps = {
    headers: missing,
    body: typeof body === "string" ? body : undefined,
    ...(name === undefined ? {} : { signature: `The recording does not contain the ${name} header of the ${side}.` }),
  };
  // Ignore issues in headers that are missing from the recording.
  return { headers, body: typeof body === "string" ? undefined : { ...body, masked: missing }, gaps };
}

const CONTRACT_HEADERS: readonly string[] = ["Signature", "Client-Id", "Request-Time", "Response-Time", "Content-Type"];

function readHeaders(message: unknown): HeaderList {
  const list = getField(message, "headers");
  return (Array.isArray(list) ? list : []).flatMap((header: unknown) => {
    const [name, value] = [getField(header, "name"), getField(header, "value")];
    if (typeof name !== "string" || typeof value !== "string") return [];
    // Chromium joins the lines of a repeated header with line feeds.
    return value.split("\n").map((line) => [name, line] as const);
  });
}

const hasHeader = (headers: HeaderList, name: string): boolean =>
  headers.some(([header]) => header.toLowerCase() === name.toLowerCase());

/** Removes the body of the request and the times, because Insomnia exports the current request and the time of the export. */
function removeRequest({ response, ...exchange }: RecordedExchange): RecordedExchange {
  const reason = "Insomnia exports the current request, which might differ from the request that was sent.";
  const gaps = { headers: [], body: reason, signature: reason };
  return {
    ...exchange,
    startedAt: undefined,
    endedAt: undefined,
    request: { ...exchange.request, body: undefined, gaps },
    ...(response ? { response: { ...response, gaps: { ...gaps, ...response.gaps, signature: reason } } } : {}),
  };
}
