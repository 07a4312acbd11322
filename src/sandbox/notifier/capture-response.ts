/** Prepares the response to a notification for storage. The response is untrusted, and might contain card data that the merchant has. */
import { isCardField, maskBodyText, maskCardNumbers } from "../../cards/mask-card-data.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { truncate } from "../../html/html-template.ts";
import type { ReceivedResponse } from "./http-post.ts";

/** The limits of the stored body, the stored headers in total, and each header value, in characters. */
const MAX_BODY = 2_048;
const MAX_HEADERS = 2_048;
const MAX_HEADER_VALUE = 256;

/** Masks card data, omits cookies, and limits the size. `isComplete` indicates whether the whole body was read. */
export function captureResponse(
  { headers, body }: ReceivedResponse,
  isComplete: boolean,
): ControlSchemas["AttemptResponse"] {
  // The body is masked before it is truncated, because part of a card number would not be recognized.
  const text = decodeText(body, isComplete);
  const masked = text === undefined ? "" : maskBodyText(isComplete ? text : removeLastNumber(text));
  return {
    headers: captureHeaders(headers),
    ...(text === undefined ? {} : { body: masked.slice(0, MAX_BODY).toWellFormed() }),
    bodySize: body.byteLength,
    truncated: !isComplete || masked.length > MAX_BODY,
  };
}

/** Returns the body as text, or `undefined` if it is not UTF-8 or contains NUL. */
function decodeText(body: Uint8Array, isComplete: boolean): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body, { stream: !isComplete });
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Removes digits and separators at the end, which might be the start of a card number. */
function removeLastNumber(text: string): string {
  let end = text.length;
  while (/[\p{Nd}\s\p{Pd}]/u.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function captureHeaders(headers: ReceivedResponse["headers"]): Readonly<Record<string, string>> {
  const captured: (readonly [string, string])[] = [];
  let length = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== "string" || name.includes("cookie") || isCardField(name)) continue;
    const header = [maskCardNumbers(name), truncate(maskBodyText(value), MAX_HEADER_VALUE)] as const;
    length += header[0].length + header[1].length;
    if (length > MAX_HEADERS) break;
    captured.push(header);
  }
  return Object.fromEntries(captured);
}
