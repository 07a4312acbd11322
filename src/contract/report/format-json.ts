/** JSON for people, when it must stay what it was. @module */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;
/** Deeper ones are made to be deep, not to be read. */
const DEEPEST = 12;

/**
 * JSON that was written without blanks, over several lines. Its tokens stay as they are: a number keeps its zeros, and a name that stands
 * twice stands twice. Any other text stays as it is.
 *
 * @example
 * ```ts
 * laidOut('{"a":[1.0,{}]}'); // '{\n  "a": [\n    1.0,\n    {}\n  ]\n}'
 * ```
 */
export function laidOut(text: string): string {
  const tokens = text.match(TOKEN) ?? [];
  // What has blanks of its own may have them for a reason.
  if (tokens.join("") !== text || !isJson(text)) return text;
  let depth = 0;
  let before = "";
  let lines = "";
  for (const token of tokens) {
    if (closes(token)) depth -= 1;
    lines += between(before, token, depth) + token;
    if (opens(token)) depth += 1;
    if (depth > DEEPEST) return text;
    before = token;
  }
  return lines;
}

const opens = (token: string) => token === "{" || token === "[";
const closes = (token: string) => token === "}" || token === "]";

/** What stands between two tokens. */
function between(before: string, token: string, depth: number): string {
  if (before === ":") return " ";
  // A list without anything in it stays on its line.
  const breaks = before === "," || opens(before) !== closes(token);
  return breaks && before !== "" ? `\n${"  ".repeat(depth)}` : "";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
