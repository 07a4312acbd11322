/** Text of a stranger in a page: nothing that it holds is taken for markup, and nothing in it stays unseen. @module */

/** What may stand in a page as it is. Only {@link markup} and {@link exactAttribute} make it. */
export interface Markup {
  readonly markup: string;
}

export type MarkupPart = string | number | Markup | readonly Markup[];

/**
 * A template for HTML: whatever is put into it is escaped, but for what such a template made.
 *
 * @example
 * ```ts
 * markup`<p>${"a < b"} ${markup`<i>c</i>`}</p>`.markup; // "<p>a &lt; b <i>c</i></p>"
 * ```
 */
export const markup = (strings: TemplateStringsArray, ...pieces: readonly MarkupPart[]): Markup => ({
  markup: strings.map((text, at) => text + renderPart(pieces[at] ?? "")).join(""),
});

function renderPart(piece: MarkupPart): string {
  if (typeof piece === "string") return escapeEntities(revealInvisible(piece));
  if (typeof piece === "number") return String(piece);
  return "markup" in piece ? piece.markup : piece.map((each) => each.markup).join("");
}

/** Nothing: for what is left out. */
export const nothing: Markup = { markup: "" };

/**
 * The value of an attribute that a form sends back or a program copies, exactly as it is. A character that is not seen stands in the page's
 * source as its number.
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

/** Characters that are not seen, or that change the order in which others are: controls, format characters, halves of a pair. */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

const formatCodePoint = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");

/** A text with each character that is not seen as its number. */
export const revealInvisible = (text: string): string =>
  text.replace(INVISIBLE, (character) => `⟨U+${formatCodePoint(character)}⟩`);

/** JSON with each character that is not seen as JSON escapes it: the same value to whoever copies it. */
export const escapeInvisibleJson = (json: string): string =>
  json.replace(INVISIBLE, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );

/** The first characters of a text, and a sign that there were more. */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  // One more than is shown, so that no pair of surrogates is cut in two.
  const characters = [...text.slice(0, length + 1)];
  return `${characters.slice(0, -1).join("")}…`;
}
