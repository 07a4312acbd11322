const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;
const MAX_DEPTH = 12;

/**
 * Formats compact JSON: adds line breaks, and indents by 2 spaces. Keeps every token, including duplicate names, escapes, and number formats.
 * Returns the text unchanged if it is not JSON, has whitespace outside strings, or has more than 12 levels of nesting.
 *
 * @example
 * ```ts
 * formatJson('{"a":[1.0,{}]}'); // '{\n  "a": [\n    1.0,\n    {}\n  ]\n}'
 * ```
 */
export function formatJson(text: string): string {
  const tokens = text.match(TOKEN) ?? [];
  if (tokens.join("") !== text || !isJson(text)) return text;
  let depth = 0;
  let previous = "";
  let lines = "";
  for (const token of tokens) {
    if (isClosing(token)) depth -= 1;
    lines += getSeparator(previous, token, depth) + token;
    if (isOpening(token)) depth += 1;
    if (depth > MAX_DEPTH) return text;
    previous = token;
  }
  return lines;
}

const isOpening = (token: string) => token === "{" || token === "[";
const isClosing = (token: string) => token === "}" || token === "]";

function getSeparator(previous: string, token: string, depth: number): string {
  if (previous === ":") return " ";
  // An empty object or array stays on one line.
  const startsLine = previous === "," || isOpening(previous) !== isClosing(token);
  return startsLine && previous !== "" ? `\n${"  ".repeat(depth)}` : "";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
