/** Builds curl commands that resend a signed request. */
import { operations } from "../../../generated/operations.ts";
import { isCardField, maskBodyText, maskCardNumbers } from "../../cards/mask-card-data.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { decodeUtf8, parseJson } from "../../protocol/json.ts";
import { getRequestMessage } from "../document/openapi-document.ts";
import type { SentRequest } from "../model/exchange.ts";

/** Longer commands are impractical to paste. */
const MAX_LENGTH = 6000;

/**
 * Returns a curl command for a request. Returns `undefined` if the body is not text, if the command would be too long, or if the body contains
 * card data other than that of the examples. Masking would not help, because a reader could use the signature to check guesses at the masked data.
 *
 * @example
 * ```ts
 * toCurlCommand(request); // "curl -sS -i 'https://gateway.example/ams/api/v1/vaults/inquireVaulting' -H 'client-id: …' … --data-binary '{…}'"
 * ```
 */
export function toCurlCommand({ method, baseUrl, path, headers, headerLines, bytes }: SentRequest): string | undefined {
  const text = decodeUtf8(bytes);
  // A shell argument cannot contain NUL.
  if (text === undefined || text.includes("\0") || !isPublic(bytes, text)) return undefined;
  const parts = [
    `curl -sS -i${method === "POST" ? "" : ` -X ${shellQuote(method)}`}`,
    shellQuote(baseUrl + path),
    ...[...headers].flatMap(([name, value]) =>
      (headerLines?.[name] ?? [value]).map((line) => `-H ${shellQuote(`${name}: ${line}`)}`),
    ),
    // Without this option, curl sends its default media type.
    ...(headers.has("content-type") || method === "GET" ? [] : ["-H 'content-type;'"]),
    ...(method === "GET" || method === "HEAD" ? [] : [`--data-binary ${shellQuote(text)}`]),
  ];
  const command = parts.join(" ");
  return command.length > MAX_LENGTH ? undefined : command;
}

/** Returns whether a body contains no card data other than that of the examples. */
function isPublic(bytes: Uint8Array<ArrayBuffer>, text: string): boolean {
  const parsed = parseJson(bytes);
  if (!parsed.ok) return maskBodyText(text) === text;
  return listCardData(parsed.value).every((value) => getPublishedCardData().has(value));
}

/** Returns the values that masking would hide, as strings. */
function listCardData(value: unknown): readonly string[] {
  if (typeof value === "string") return maskCardNumbers(value) === value ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isCardField(name) ? [JSON.stringify(inner)] : [...listCardData(name), ...listCardData(inner)],
  );
}

let publishedCardData: ReadonlySet<string> | undefined;
/** Returns the card data of the examples in the OpenAPI document. */
function getPublishedCardData(): ReadonlySet<string> {
  publishedCardData ??= new Set(
    operations.flatMap((operation) => [...getRequestMessage(operation).examples.values()].flatMap(listCardData)),
  );
  return publishedCardData;
}
