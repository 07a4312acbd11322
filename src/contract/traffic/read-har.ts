/** Reads HTTP Archives (HAR 1.2), as browsers, mitmproxy, Charles, and Playwright write them. */
import { getField } from "../../protocol/json-fields.ts";
import { findOperation } from "../../protocol/operations.ts";
import type { HeaderList, RecordedBody, RecordedExchange, Recording, UnreadableEntry } from "./recording.ts";

export const isHar = (value: unknown): boolean => Array.isArray(getField(getField(value, "log"), "entries"));

/** Reads an archive. Never throws. Skips CORS preflight requests and entries that do not call an operation of the API. */
export function readHar(archive: unknown): Recording {
  const entries = getField(getField(archive, "log"), "entries");
  const found = (Array.isArray(entries) ? entries : []).map((entry: unknown, index) =>
    readEntry(entry, `entry ${index + 1}`),
  );
  return {
    exchanges: found.filter((item): item is RecordedExchange => typeof item === "object" && "operation" in item),
    unreadable: found.filter((item) => typeof item === "object" && "reason" in item),
    otherCount: found.filter((item) => item === "other").length,
  };
}

function readEntry(entry: unknown, place: string): RecordedExchange | UnreadableEntry | "other" {
  const [request, response] = [getField(entry, "request"), getField(entry, "response")];
  const [method, url, status] = [getField(request, "method"), getField(request, "url"), getField(response, "status")];
  if (typeof method !== "string" || typeof url !== "string") return { place, reason: "has no readable request" };
  const path = /^https?:\/\/[^/?#]+(\/[^#]*)/i.exec(url)?.[1] ?? "/";
  const operation = findOperation(path);
  const headers = readHeaders(request);
  if (!operation || (method === "OPTIONS" && findHeader(headers, "access-control-request-method"))) return "other";
  if (typeof status !== "number") return { place, reason: "has no readable response" };
  const startedAt = Date.parse(String(getField(entry, "startedDateTime")));
  const durationMs = getField(entry, "time");
  const started = Number.isNaN(startedAt) ? undefined : startedAt;
  const head = {
    place,
    operation,
    startedAt: started,
    endedAt:
      started !== undefined && typeof durationMs === "number" && durationMs >= 0 ? started + durationMs : undefined,
    request: { method, path, headers, body: readRequestBody(request) },
  };
  // HTTP archives contain no valid status if either side aborted the exchange.
  if (status < 100) return { ...head, noResponse: { by: "unknown", why: "The archive does not contain a response." } };
  return { ...head, response: { status, headers: readHeaders(response), body: readResponseBody(response) } };
}

function readHeaders(message: unknown): HeaderList {
  const list = getField(message, "headers");
  return (Array.isArray(list) ? list : []).flatMap((header: unknown) => {
    const [name, value] = [getField(header, "name"), getField(header, "value")];
    return typeof name === "string" && typeof value === "string" ? [[name, value] as const] : [];
  });
}

const findHeader = (headers: HeaderList, name: string): string | undefined =>
  headers.find(([header]) => header.toLowerCase() === name)?.[1];

function readRequestBody(request: unknown): RecordedBody | undefined {
  const posted = getField(request, "postData");
  const text = readText(posted);
  if (text !== undefined) return createRawBody(text);
  return getField(request, "bodySize") === 0 ? createRawBody("") : undefined;
}

/** Treats the text as the raw body, unless the archive gives a different length. */
function readResponseBody(response: unknown): RecordedBody | undefined {
  const content = getField(response, "content");
  const text = readText(content);
  const [size, compression] = [getField(content, "size"), getField(content, "compression")];
  if (text === undefined) return size === 0 ? createRawBody("") : undefined;
  if (typeof size !== "number" || size < 0) return createRawBody(text);
  const saved = typeof compression === "number" ? compression : 0;
  const { length } = new TextEncoder().encode(text);
  return { ...createRawBody(text), raw: length === size || length === size + saved };
}

const createRawBody = (text: string): RecordedBody => ({ text, raw: true, masked: [] });

function readText(content: unknown): string | undefined {
  const text = getField(content, "text");
  if (typeof text !== "string") return undefined;
  if (getField(content, "encoding") !== "base64") return text;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(text, "base64"));
}
