/** Exchanges in the HTTP Archive format, version 1.2, as browsers, mitmproxy, Charles and Playwright write it. */
import { field } from "../../protocol/json-fields.ts";
import { operationOf } from "../../protocol/operations.ts";
import type { HeaderList, Recorded, RecordedBody, Recording, Unreadable } from "./recording.ts";

export const isHar = (value: unknown): boolean => Array.isArray(field(field(value, "log"), "entries"));

/** Reads an archive. Never throws. Entries that call no operation of the API are passed over, as are a browser's questions before a call. */
export function readHar(archive: unknown): Recording {
  const entries = field(field(archive, "log"), "entries");
  const found = (Array.isArray(entries) ? entries : []).map((entry: unknown, at) =>
    readEntry(entry, `entry ${at + 1}`),
  );
  return {
    exchanges: found.filter((each): each is Recorded => typeof each === "object" && "operation" in each),
    unreadable: found.filter((each) => typeof each === "object" && "why" in each),
    others: found.filter((each) => each === "other").length,
  };
}

function readEntry(entry: unknown, place: string): Recorded | Unreadable | "other" {
  const [asked, answered] = [field(entry, "request"), field(entry, "response")];
  const [method, url, status] = [field(asked, "method"), field(asked, "url"), field(answered, "status")];
  if (typeof method !== "string" || typeof url !== "string") return { place, why: "has no request that can be read" };
  const path = /^https?:\/\/[^/?#]+(\/[^#]*)/i.exec(url)?.[1] ?? "/";
  const operation = operationOf(path);
  const headers = headersOf(asked);
  if (!operation || (method === "OPTIONS" && headerOf(headers, "access-control-request-method"))) return "other";
  if (typeof status !== "number") return { place, why: "has no answer that can be read" };
  const startedAt = Date.parse(String(field(entry, "startedDateTime")));
  const took = field(entry, "time");
  const started = Number.isNaN(startedAt) ? undefined : startedAt;
  const head = {
    place,
    operation,
    startedAt: started,
    endedAt: started !== undefined && typeof took === "number" && took >= 0 ? started + took : undefined,
    request: { method, path, headers, body: askedBody(asked) },
  };
  // What writes archives gives no status to what was broken off, by either side.
  if (status < 100) return { ...head, noAnswer: { by: "unknown", why: "The archive holds no answer." } };
  return { ...head, answer: { status, headers: headersOf(answered), body: answeredBody(answered) } };
}

function headersOf(message: unknown): HeaderList {
  const list = field(message, "headers");
  return (Array.isArray(list) ? list : []).flatMap((each: unknown) => {
    const [name, value] = [field(each, "name"), field(each, "value")];
    return typeof name === "string" && typeof value === "string" ? [[name, value] as const] : [];
  });
}

const headerOf = (headers: HeaderList, name: string): string | undefined =>
  headers.find(([each]) => each.toLowerCase() === name)?.[1];

function askedBody(request: unknown): RecordedBody | undefined {
  const posted = field(request, "postData");
  const text = textOf(posted);
  if (text !== undefined) return whole(text);
  return field(request, "bodySize") === 0 ? whole("") : undefined;
}

/** The text is taken for the body, unless the archive itself says that the body had another length. */
function answeredBody(answer: unknown): RecordedBody | undefined {
  const content = field(answer, "content");
  const text = textOf(content);
  const [size, compression] = [field(content, "size"), field(content, "compression")];
  if (text === undefined) return size === 0 ? whole("") : undefined;
  if (typeof size !== "number" || size < 0) return whole(text);
  const saved = typeof compression === "number" ? compression : 0;
  const { length } = new TextEncoder().encode(text);
  return { ...whole(text), raw: length === size || length === size + saved };
}

const whole = (text: string): RecordedBody => ({ text, raw: true, masked: [] });

function textOf(content: unknown): string | undefined {
  const text = field(content, "text");
  if (typeof text !== "string") return undefined;
  if (field(content, "encoding") !== "base64") return text;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(text, "base64"));
}
