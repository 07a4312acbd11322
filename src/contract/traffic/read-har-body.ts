/** Reads the bodies in HTTP Archives. A body that a tool cut off, changed, or left out must not be checked. */
import { decodeUtf8 } from "../../protocol/json.ts";
import { getField } from "../../protocol/json-fields.ts";
import type { ReadAttachment } from "./read-attachment.ts";
import type { HeaderList, RecordedBody } from "./recording.ts";

export type Side = "request" | "response";

export interface HarBody {
  readonly side: Side;
  /** `postData` or `content`. */
  readonly content: unknown;
  /** The size of the body according to the archive: negative or missing if unknown. */
  readonly size: unknown;
  readonly headers: HeaderList;
}

/** Returns the body as it was sent, or the reason why the archive does not contain it. */
export function readHarBody(body: HarBody, readFile: ReadAttachment): RecordedBody | string {
  const { side, content, size, headers } = body;
  const isEmpty = readContentLength(headers) === 0 || (content === undefined && size === 0);
  const bytes = readBytes(content, readFile) ?? (isEmpty ? new Uint8Array() : undefined);
  if (typeof bytes === "string") return `The file with the body of the ${side} ${bytes}.`;
  if (!bytes) return `The recording does not contain the body of the ${side}.`;
  const text = decodeUtf8(bytes);
  if (text === undefined) return `The recorded body of the ${side} is not UTF-8.`;
  return findBodyGap(body, text, bytes.byteLength) ?? { text, raw: true, masked: [] };
}

function findBodyGap({ side, content, size, headers }: HarBody, text: string, length: number): string | undefined {
  const contentLength = readContentLength(headers);
  const stated = typeof size === "number" && size >= 0 ? size : contentLength;
  if (length === 0 && stated !== 0) return `The recording does not contain the body of the ${side}.`;
  // For a request, Firefox records the number of characters instead of the number of bytes.
  const sizes = [length, length - readSavedBytes(content), ...(side === "request" ? [text.length] : [])];
  const sent = stated !== undefined && !sizes.includes(stated) ? stated : (contentLength ?? length);
  if (sent !== length)
    return `The recorded body of the ${side} has ${length} bytes, but ${sent} bytes were sent: it is cut off or changed.`;
  if (containsPlaceholder(side, text)) return `The body of the ${side} is redacted in the recording.`;
  if (stated !== undefined) return undefined;
  if (isCutOff(text)) return `The recorded body of the ${side} is cut off.`;
  return text.includes("\uFFFD")
    ? `The recorded body of the ${side} contains replacement characters instead of its original bytes.`
    : undefined;
}

function readBytes(content: unknown, readFile: ReadAttachment): Uint8Array | string | undefined {
  const [file, text] = [getField(content, "_file"), getField(content, "text")];
  if (typeof file === "string") return readFile(file);
  if (typeof text !== "string") return undefined;
  return Buffer.from(text, getField(content, "encoding") === "base64" ? "base64" : "utf8");
}

/** Returns the number of bytes that compression saved. Some tools record the size of a body before compression, others after compression. */
function readSavedBytes(content: unknown): number {
  const saved = getField(content, "compression");
  return typeof saved === "number" ? saved : 0;
}

/** Returns the Content-Length of a body, or `undefined` if the header is missing or the body has a content coding. */
function readContentLength(headers: HeaderList): number | undefined {
  const find = (name: string) => headers.find(([header]) => header.toLowerCase() === name)?.[1];
  const value = find("content-encoding") ? undefined : find("content-length");
  return value && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

const isCutOff = (text: string): boolean => text.trimStart().startsWith("{") && !text.trimEnd().endsWith("}");

/** Returns whether a body contains a placeholder. In a response, asterisks do not count, because a gateway might mask values itself. */
function containsPlaceholder(side: Side, text: string): boolean {
  const isFound = side === "request" ? isRedacted : isPlaceholder;
  return isPlaceholder(text.trim()) || [...text.matchAll(/"([^"\\]*)"/g)].some(([, value = ""]) => isFound(value));
}

/** Returns whether a tool redacted or cut off a value, as in `[redacted]`, `***`, and `abc...`. */
export const isRedacted = (value: string): boolean =>
  isPlaceholder(value) || /[*•●█]{3}|^[xX#]{3,}$|\.{3}$|…$/.test(value);

/** Returns whether a value contains a word such as `redacted`, and is a single word or starts with a symbol, such as a bracket. */
const isPlaceholder = (value: string): boolean =>
  value.length <= 100 && /^(?:\w+$|[^\w\s"{])/.test(value) && PLACEHOLDER_WORD.test(value);
const PLACEHOLDER_WORD =
  /(?:^|[^a-z])(?:redacted|removed|hidden|masked|filtered|omitted|sanitized|scrubbed|truncated|not captured|too large)(?:$|[^a-z])/i;
