/** A request as a command line that sends it again, signature and all. */
import { cardDataFields, operations } from "../../../generated/operations.ts";
import { maskBodyText, maskCardNumbers } from "../../cards/mask-card-data.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { decodeUtf8, parseJson } from "../../protocol/json.ts";
import { getRequestMessage } from "../document/openapi-document.ts";
import type { SentRequest } from "../model/exchange.ts";

/** Longer ones are no help to anybody. */
const MAX_LENGTH = 6000;

/**
 * The command, or `undefined` where it cannot be shown: the body holds card data other than those of the document's own examples (of which a
 * signature would tell as much as the body), or is no text, or is too long.
 *
 * @example
 * ```ts
 * curlOf(request); // "curl -sS -X POST 'https://gateway.example/ams/api/v1/vaults/inquireVaulting' -H 'client-id: …' … --data-binary '{…}'"
 * ```
 */
export function toCurlCommand({ method, baseUrl, path, headers, bytes }: SentRequest): string | undefined {
  const text = decodeUtf8(bytes);
  // A shell's argument holds no NUL.
  if (text === undefined || text.includes("\0") || !isPublic(bytes, text)) return undefined;
  const parts = [
    `curl -sS -i${method === "POST" ? "" : ` -X ${shellQuote(method)}`}`,
    shellQuote(baseUrl + path),
    ...[...headers].map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`),
    // Without it curl would send another media type.
    ...(headers.has("content-type") || method === "GET" ? [] : ["-H 'content-type;'"]),
    ...(method === "GET" || method === "HEAD" ? [] : [`--data-binary ${shellQuote(text)}`]),
  ];
  const command = parts.join(" ");
  return command.length > MAX_LENGTH ? undefined : command;
}

/** Whether a body may be shown as it is. */
function isPublic(bytes: Uint8Array<ArrayBuffer>, text: string): boolean {
  const reading = parseJson(bytes);
  if (!reading.ok) return maskBodyText(text) === text;
  return listCardData(reading.value).every((value) => getPublishedCards().has(value));
}

/** Whatever masking would hide in a value, as text. */
function listCardData(value: unknown): readonly string[] {
  if (typeof value === "string") return maskCardNumbers(value) === value ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    (cardDataFields as readonly string[]).includes(name)
      ? [JSON.stringify(inner)]
      : [...listCardData(name), ...listCardData(inner)],
  );
}

let publishedCards: ReadonlySet<string> | undefined;
/** The card data of the document's examples, and the vendor's other test numbers. */
function getPublishedCards(): ReadonlySet<string> {
  publishedCards ??= new Set(
    operations.flatMap((operation) => [...getRequestMessage(operation).examples.values()].flatMap(listCardData)),
  );
  return publishedCards;
}
