/** Escapes text from other programs, so that it is safe to print. @module */

/** Control and format characters, lone surrogates, and line and paragraph separators. The format characters include bidirectional controls. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/**
 * The start of a command to GitHub Actions (`::error::`, `##[error]`) or Azure Pipelines (`##vso[…]`), even within a line, because line wrapping
 * could move the command to the start of a line.
 */
const CI_COMMAND = /(?<!\S):(?=:)|#(?=#)/g;

const escapeCharacter = (character: string): string => {
  const units = [...Array(character.length).keys()].map((index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
};

/**
 * Escapes the characters with which text from another program could control a terminal, hide or reorder text, start a new line, or give a command to
 * a CI system. The escapes are those of JSON, so escaped JSON still parses to the same value.
 *
 * @example
 * ```ts
 * escapeControls("\n::error::Text"); // String.raw`\u000a\u003a:error::Text`
 * ```
 */
export const escapeControls = (text: string): string =>
  text.replace(CI_COMMAND, escapeCharacter).replace(INVISIBLE, escapeCharacter);

/** Escapes text as {@link escapeControls} does, but keeps its line feeds. */
export const escapeLines = (text: string): string => text.split("\n").map(escapeControls).join("\n");
