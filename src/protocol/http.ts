/** Reads and writes the parts of HTTP messages that the client, the receiver, and the gateway share. @module */
import { rejectOnAbort } from "./abort-signal.ts";

/**
 * Reads a body of at most `limit` bytes. Returns `undefined` if the body is larger, without reading the rest.
 * Rejects with the error of the stream or the reason of the signal.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  const reading = readChunks(reader, limit, chunks);
  let size: number | undefined;
  try {
    size = await (signal ? rejectOnAbort(reading, signal) : reading);
  } finally {
    if (size === undefined) reader.cancel().catch(() => {});
  }
  if (size === undefined) return undefined;
  // Copy the chunks, because the source of the stream might reuse their memory.
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/** Collects the chunks and returns their total size, or `undefined` as soon as it exceeds `limit`. */
async function readChunks(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: number,
  chunks: Uint8Array[],
): Promise<number | undefined> {
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return size;
    size += value.byteLength;
    if (size > limit) return undefined;
    chunks.push(value);
  }
}

/**
 * Returns whether a Content-Type is `application/json`, optionally with one `charset=utf-8` parameter. Ignores case.
 * Accepts a missing header, because the API does not require it.
 */
export const isJsonMediaType = (contentType: string | null): boolean =>
  contentType === null ||
  /^\s*application\/json\s*(?:;\s*(?:charset\s*=\s*(?:utf-?8|"utf-?8")\s*(?:;\s*)?)?)?$/i.test(contentType);

const EPOCH = /^[1-9]\d{12}$/;
const ISO = /^([1-9]\d{3})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):?(\d\d))$/;

/**
 * Parses a time header and returns Unix milliseconds, or `undefined` if the format is unknown. Accepts the formats of Antom's SDKs: 13-digit
 * milliseconds, or ISO 8601 with an offset (with or without a colon) and up to 9 fractional digits. Unlike `Date.parse`, rejects dates that
 * do not exist.
 */
export function parseMessageTime(text: string): number | undefined {
  if (EPOCH.test(text)) return Number(text);
  const parts = ISO.exec(text);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 14 || offsetMinute > 59) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const sign = /-\d\d:?\d\d$/.test(text.slice(10)) ? -1 : 1;
  return Date.UTC(year, month - 1, day, hour, minute, second) - sign * (offsetHour * 60 + offsetMinute) * 60_000;
}

/** Parses a request time as {@link parseMessageTime} does. Also accepts 19-digit nanoseconds, which Antom's Go SDK sends up to version 1.2.18. */
export const parseRequestTime = (text: string): number | undefined =>
  parseMessageTime(/^\d{19}$/.test(text) ? text.slice(0, 13) : text);

/** Formats Unix milliseconds as Antom does in time headers: ISO 8601 in UTC, to the second. */
export const formatMessageTime = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/**
 * Returns the path and query of a request target without normalizing them, or `undefined` if the target is neither a path nor an http or https
 * URL.
 */
export function parseRequestTarget(url: string): string | undefined {
  if (url.startsWith("/")) return url;
  const absolute = /^https?:\/\/[^/?#]+(\/.*)?$/i.exec(url);
  return absolute ? (absolute[1] ?? "/") : undefined;
}

/** Removes the query from a request target. */
export const stripQuery = (target: string): string => target.split("?", 1)[0] ?? "";

export const JSON_MEDIA_TYPE = "application/json; charset=UTF-8";

/**
 * The default limit for the difference between the time of a message and the local clock, in milliseconds: about twice the length of the notification
 * schedule, so that every resent notification is accepted.
 */
export const TIME_TOLERANCE_MS = 48 * 60 * 60 * 1000;

/** Returns whether text is valid as a client ID or agent token: 1 to 128 printable ASCII characters without spaces. */
export const isHeaderToken = (text: string): boolean => /^[\x21-\x7E]{1,128}$/.test(text);
