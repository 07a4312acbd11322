/** Text of a stranger in a page: nothing that it holds is taken for markup, and nothing in it stays unseen. @module */

/** What may stand in a page as it is. Only {@link markup} makes it. */
export interface Markup {
  readonly markup: string;
}

type Piece = string | number | Markup | readonly Markup[];

/**
 * A template for HTML: whatever is put into it is escaped, but for what such a template made.
 *
 * @example
 * ```ts
 * markup`<p>${"a < b"} ${markup`<i>c</i>`}</p>`.markup; // "<p>a &lt; b <i>c</i></p>"
 * ```
 */
export const markup = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup => ({
  markup: strings.map((text, at) => text + written(pieces[at] ?? "")).join(""),
});

function written(piece: Piece): string {
  if (typeof piece === "string") return escaped(piece);
  if (typeof piece === "number") return String(piece);
  return "markup" in piece ? piece.markup : piece.map((each) => each.markup).join("");
}

/** Nothing: for what is left out. */
export const nothing: Markup = { markup: "" };

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Characters that are not seen, or that change the order in which others are: controls, format characters, halves of a pair. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

const escaped = (text: string): string =>
  text
    .replace(UNSEEN, (character) => {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      return `⟨U+${code}⟩`;
    })
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** The first characters of a text, and a sign that there were more. */
export function clipped(text: string, length: number): string {
  if (text.length <= length) return text;
  // One more than is shown, so that no pair of surrogates is cut in two.
  const characters = [...text.slice(0, length + 1)];
  return `${characters.slice(0, -1).join("")}…`;
}
