/** What both sides of the protocol read from an HTTP message. @module */
import { rejectOnAbort } from "./abort-signal.ts";

/**
 * The bytes of a body, or `undefined` where there are more than `limit`: the rest is not read then.
 * Rejects as the stream does, or with the signal's reason.
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
  // A copy, because the sender may keep and change a chunk.
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** Returns the number of bytes read, or `undefined` as soon as they are more than `limit`. */
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
 * Whether a body may be read as JSON in UTF-8: the Content-Type is `application/json`, alone or with one `charset=utf-8`, in any case.
 * The API does not require the header, so a missing one counts as that.
 */
export const isJsonMediaType = (contentType: string | null): boolean =>
  contentType === null ||
  /^\s*application\/json\s*(?:;\s*charset\s*=\s*(?:utf-?8|"utf-?8")\s*)?;?\s*$/i.test(contentType);

const EPOCH = /^\d{13}$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):?(\d\d))$/;

/**
 * The instant that a time header names, in milliseconds since 1970, or `undefined` where it has no form that is known: 13 digits of
 * milliseconds, or ISO 8601 with an offset (with or without colon) and up to nine digits of a second's fraction, as the vendor's SDKs send.
 * Dates that do not exist are refused, which `Date.parse` does not do.
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

/** A time as the API writes it in a header: ISO 8601 with offset, to the second. */
export const formatMessageTime = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/** Returns path and query of a request line, nothing normalised; `undefined` if it has neither the form `/path` nor `http://host/path`. */
export function parseRequestTarget(url: string): string | undefined {
  if (url.startsWith("/")) return url;
  const absolute = /^https?:\/\/[^/?#]+(\/.*)?$/i.exec(url);
  return absolute ? (absolute[1] ?? "/") : undefined;
}

/** Returns a request target without its query. */
export const stripQuery = (target: string): string => target.split("?", 1)[0] ?? "";

export const JSON_MEDIA_TYPE = "application/json; charset=UTF-8";

/** How far a message's time may be from ours: twice the length of the notification schedule. Wide enough for any clock, too narrow for an archive. */
export const TIME_TOLERANCE_MS = 48 * 60 * 60 * 1000;

/** Whether a text can be a client ID or a token in a header, as the document allows it: 1 to 128 printable ASCII characters without blanks. */
export const isHeaderToken = (text: string): boolean => /^[\x21-\x7E]{1,128}$/.test(text);
