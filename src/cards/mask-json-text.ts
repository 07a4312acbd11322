/** Masks card data in JSON text without changing its format. @module */
import { maskCardData, maskCardNumbers } from "./mask-card-data.ts";
import { maskKnownCard } from "./mask-known-card.ts";

const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/**
 * Masks card data in JSON text as {@link maskCardData} does, and keeps the whitespace, escapes, and number formats of everything else. Returns
 * `undefined` if the text is not JSON, or if the result would not parse to exactly the masked value.
 *
 * @example
 * ```ts
 * maskJsonText('{ "cvv": "123", "a": 1.0 }'); // '{ "cvv": "***", "a": 1.0 }'
 * ```
 */
export function maskJsonText(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const masked = maskCardData(value);
    const expected: unknown = JSON.parse(maskKnownCard(JSON.stringify(masked), value));
    const result = maskKnownCard(replaceValues(text.match(TOKEN) ?? [], masked), value);
    return JSON.stringify(JSON.parse(result)) === JSON.stringify(expected) ? result : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces each name and each value that masking changed, and keeps all other tokens. */
function replaceValues(tokens: readonly string[], masked: unknown): string {
  let index = 0;
  const next = () => tokens[index++] ?? "";
  const takeWhile = (isTaken: (token: string) => boolean): string => {
    const start = index;
    while (index < tokens.length && isTaken(tokens[index] ?? "")) index++;
    return tokens.slice(start, index).join("");
  };

  function replaceValue(value: unknown): string {
    const token = next();
    if (token !== "{" && token !== "[") return JSON.parse(token) === value ? token : JSON.stringify(value);
    if (typeof value === "object" && value !== null)
      return token + replaceMembers(value as Readonly<Record<string, unknown>>, token === "[");
    let depth = 1;
    while (depth > 0 && index < tokens.length) depth += getNesting(next());
    return JSON.stringify(value);
  }

  function replaceMembers(values: Readonly<Record<string, unknown>>, isArray: boolean): string {
    let text = "";
    for (let position = 0; ; position++) {
      text += takeWhile((token) => token === "," || isWhitespace(token));
      if (index >= tokens.length || getNesting(tokens[index] ?? "") < 0) return text + next();
      let name = String(position);
      if (!isArray) {
        const token = next();
        name = maskCardNumbers(String(JSON.parse(token)));
        text += JSON.parse(token) === name ? token : JSON.stringify(name);
        text += takeWhile((separator) => separator === ":" || isWhitespace(separator));
      }
      text += replaceValue(values[name]);
    }
  }

  const before = takeWhile(isWhitespace);
  return before + replaceValue(masked) + takeWhile(isWhitespace);
}

const isWhitespace = (token: string): boolean => /^\s/.test(token);

const getNesting = (token: string): number =>
  token === "{" || token === "[" ? 1 : token === "}" || token === "]" ? -1 : 0;
