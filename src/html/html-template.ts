/** Renders untrusted text in HTML: escapes markup, and shows invisible characters. @module */

/** Trusted HTML. If the HTML includes untrusted text, create the HTML with {@link markup} or {@link exactAttribute}. */
export interface Markup {
  readonly markup: string;
}

/** A value that {@link markup} can interpolate. */
export type MarkupPart = string | number | Markup | readonly Markup[];

/**
 * Creates HTML from a template. Escapes interpolated strings, and inserts interpolated {@link Markup} unchanged.
 *
 * @example
 * ```ts
 * markup`<p>${"a < b"} ${markup`<i>c</i>`}</p>`.markup; // "<p>a &lt; b <i>c</i></p>"
 * ```
 */
export const markup = (strings: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup => ({
  markup: strings.map((text, index) => text + renderPart(parts[index] ?? "")).join(""),
});

function renderPart(part: MarkupPart): string {
  if (typeof part === "string") return escapeEntities(revealInvisible(part));
  if (typeof part === "number") return String(part);
  return "markup" in part ? part.markup : part.map(({ markup: html }) => html).join("");
}

/** Empty HTML. */
export const nothing: Markup = { markup: "" };

/**
 * Escapes an attribute value so that browsers read the original text, including invisible characters, except NUL, lone surrogates, and most
 * C1 controls. Use it for values that a form submits or a script copies.
 */
export const exactAttribute = (text: string): Markup => ({
  markup: escapeEntities(text).replace(INVISIBLE, (character) => `&#x${formatCodePoint(character)};`),
});

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeEntities = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/**
 * Matches characters that are invisible or change the order of other characters: control characters (except tabs and line feeds), format
 * characters, line and paragraph separators, lone surrogates, and noncharacters.
 */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

const formatCodePoint = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");

/** Replaces each invisible character with its code point. */
export const revealInvisible = (text: string): string =>
  text.replace(INVISIBLE, (character) => `⟨U+${formatCodePoint(character)}⟩`);

/** Replaces each invisible character in JSON with its escape sequence, so that copied JSON has the same value. */
export const escapeInvisibleJson = (json: string): string =>
  json.replace(INVISIBLE, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );

/** Truncates text with more than `length` UTF-16 code units to at most `length` units, and appends an ellipsis. */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  // Slice by code points, so that no surrogate pair is split.
  const characters = [...text.slice(0, length + 1)];
  return `${characters.slice(0, -1).join("")}…`;
}
