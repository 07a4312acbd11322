/** Exchanges in the HTTP Archive format, version 1.2, as browsers, mitmproxy, Charles and Playwright write it. */
import { getField } from "../../protocol/json-fields.ts";
import { findOperation } from "../../protocol/operations.ts";
import type { HeaderList, RecordedBody, RecordedExchange, Recording, UnreadableEntry } from "./recording.ts";

export const isHar = (value: unknown): boolean => Array.isArray(getField(getField(value, "log"), "entries"));

/** Reads an archive. Never throws. Entries that call no operation of the API are passed over, as are a browser's questions before a call. */
export function readHar(archive: unknown): Recording {
  const entries = getField(getField(archive, "log"), "entries");
  const found = (Array.isArray(entries) ? entries : []).map((entry: unknown, at) =>
    readEntry(entry, `entry ${at + 1}`),
  );
  return {
    exchanges: found.filter((each): each is RecordedExchange => typeof each === "object" && "operation" in each),
    unreadable: found.filter((each) => typeof each === "object" && "why" in each),
    otherCount: found.filter((each) => each === "other").length,
  };
}

function readEntry(entry: unknown, place: string): RecordedExchange | UnreadableEntry | "other" {
  const [asked, answered] = [getField(entry, "request"), getField(entry, "response")];
  const [method, url, status] = [getField(asked, "method"), getField(asked, "url"), getField(answered, "status")];
  if (typeof method !== "string" || typeof url !== "string") return { place, why: "has no request that can be read" };
  const path = /^https?:\/\/[^/?#]+(\/[^#]*)/i.exec(url)?.[1] ?? "/";
  const operation = findOperation(path);
  const headers = readHeaders(asked);
  if (!operation || (method === "OPTIONS" && findHeader(headers, "access-control-request-method"))) return "other";
  if (typeof status !== "number") return { place, why: "has no answer that can be read" };
  const startedAt = Date.parse(String(getField(entry, "startedDateTime")));
  const took = getField(entry, "time");
  const started = Number.isNaN(startedAt) ? undefined : startedAt;
  const head = {
    place,
    operation,
    startedAt: started,
    endedAt: started !== undefined && typeof took === "number" && took >= 0 ? started + took : undefined,
    request: { method, path, headers, body: readRequestBody(asked) },
  };
  // What writes archives gives no status to what was broken off, by either side.
  if (status < 100) return { ...head, noResponse: { by: "unknown", why: "The archive holds no answer." } };
  return { ...head, response: { status, headers: readHeaders(answered), body: readResponseBody(answered) } };
}

function readHeaders(message: unknown): HeaderList {
  const list = getField(message, "headers");
  return (Array.isArray(list) ? list : []).flatMap((each: unknown) => {
    const [name, value] = [getField(each, "name"), getField(each, "value")];
    return typeof name === "string" && typeof value === "string" ? [[name, value] as const] : [];
  });
}

const findHeader = (headers: HeaderList, name: string): string | undefined =>
  headers.find(([each]) => each.toLowerCase() === name)?.[1];

function readRequestBody(request: unknown): RecordedBody | undefined {
  const posted = getField(request, "postData");
  const text = readText(posted);
  if (text !== undefined) return createRawBody(text);
  return getField(request, "bodySize") === 0 ? createRawBody("") : undefined;
}

/** The text is taken for the body, unless the archive itself says that the body had another length. */
function readResponseBody(answer: unknown): RecordedBody | undefined {
  const content = getField(answer, "content");
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
