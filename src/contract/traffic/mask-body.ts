/** Masks bodies so that they can be stored and displayed. A masked JSON body is still valid JSON. @module */
import { maskBodyText, maskCardData } from "../../cards/mask-card-data.ts";
import { createKnownCardMask, maskKnownCard } from "../../cards/mask-known-card.ts";
import { BODY_LIMIT, decodeUtf8, type JsonResult, parseJson } from "../../protocol/json.ts";
import { mapJson } from "../../protocol/json-fields.ts";

export interface MaskedBody {
  readonly text: string;
  /** `raw`: the text is the unchanged body. `left-out`: the body is too long or not text, and is omitted. */
  readonly form: "raw" | "masked" | "left-out";
  /** JSON Pointers to the masked values, or `""` if the body is not JSON and its digits are masked. */
  readonly masked: readonly string[];
}

/**
 * Masks a body. Text that is not JSON can contain a card in any form, so every digit in it is masked.
 *
 * @param request the parsed body of the request, if `bytes` is the body of its response
 * @example
 * ```ts
 * maskBody(new TextEncoder().encode('{"cvv": "123"}')); // { text: '{"cvv": "***"}', form: "masked", masked: ["/cvv"] }
 * ```
 */
export function maskBody(bytes: Uint8Array, request?: unknown, parsed: JsonResult = parseJson(bytes)): MaskedBody {
  const text = bytes.byteLength > BODY_LIMIT ? undefined : decodeUtf8(bytes);
  if (text === undefined) return { text: "", form: "left-out", masked: [] };
  if (!parsed.ok) {
    const shown = maskKnownCard(text, request).replace(/\p{Nd}/gu, "*");
    return shown === text ? { text, form: "raw", masked: [] } : { text: shown, form: "masked", masked: [""] };
  }
  const mask = createKnownCardMask(parsed.value, request);
  const value = maskDeep(maskCardData(parsed.value), mask);
  const masked = findMaskedPointers(parsed.value, value, "");
  if (masked.length === 0) return { text, form: "raw", masked };
  // Keep the original formatting only if text masking finds all values. It cannot find field names with escapes.
  const shown = mask(maskBodyText(text));
  const json = JSON.stringify(value);
  return { text: normalizeJson(shown) === json ? shown : json, form: "masked", masked };
}

/** Masks the card data that {@link maskCardData} leaves unmasked: JSON numbers, strings that contain JSON, and known card numbers. */
function maskDeep(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === "number") return Math.abs(value) >= SMALLEST_CARD_NUMBER ? "***" : value;
  if (typeof value === "string") return mask(value.includes('"') ? maskBodyText(value) : value);
  return mapJson(value, mask, (inner) => maskDeep(inner, mask));
}

/** The smallest number with 12 digits. */
const SMALLEST_CARD_NUMBER = 1e11;

/** Returns pointers to the differences between 2 values with the same structure. */
function findMaskedPointers(before: unknown, after: unknown, pointer: string): readonly string[] {
  if (typeof before !== "object" || before === null || typeof after !== "object" || after === null)
    return before === after ? [] : [pointer];
  const masked = Object.entries(after);
  return Object.entries(before).flatMap(([name, inner], index) => {
    const [shownName = "", shown] = masked[index] ?? [];
    if (shownName === name && shown === inner) return [];
    const childPointer = `${pointer}/${shownName.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return shownName === name ? findMaskedPointers(inner, shown, childPointer) : [childPointer];
  });
}

/** Returns JSON without unnecessary whitespace and escapes, or `undefined` if the text is not JSON. */
function normalizeJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}
