const MAX_LENGTH = 64 * 1024;
/** Limits the output: indentation can multiply the length of a body by its depth. */
const MAX_DEPTH = 16;

const toHex = (unit: string) => unit.charCodeAt(0).toString(16).padStart(4, "0");
const escapeSlashes = (json: string) => json.replaceAll("/", "\\/");
const escapeNonAscii = (json: string) => json.replace(/[^ -~\n]/g, (unit) => `\\u${toHex(unit)}`);
const escapeNonAsciiUppercase = (json: string) =>
  json.replace(/[^ -~\n]/g, (unit) => `\\u${toHex(unit).toUpperCase()}`);
const escapeHtml = (json: string) => json.replace(/[<>&\u2028\u2029]/g, (unit) => `\\u${toHex(unit)}`);

/** The layouts of common JSON serializers. The last is Python's: a space after every comma and colon. */
const LAYOUTS: readonly ((value: unknown) => string)[] = [
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, 2),
  (value) => JSON.stringify(value, null, 3),
  (value) => JSON.stringify(value, null, 4),
  (value) => JSON.stringify(value, null, 1).replace(/,\n */g, ", ").replace(/\n */g, ""),
];

/** The optional escapes of common JSON serializers: PHP, PHP without Unicode escapes, Python, .NET, and Go. */
const ESCAPES = [
  (json: string) => escapeSlashes(escapeNonAscii(json)),
  escapeSlashes,
  escapeNonAscii,
  escapeNonAsciiUppercase,
  escapeHtml,
];

/**
 * Yields the output of common JSON serializers for the same body. Yields nothing for a body that is not JSON, has more than 65,536
 * characters, or has more than 16 levels of nesting.
 */
export function* listReserializedBodies(body: string): Iterable<string> {
  const value = parse(body);
  if (value === undefined) return;
  for (const layout of LAYOUTS) {
    const json = layout(value);
    // Editors and shell commands often append a line feed.
    yield* [json, `${json}\n`];
    for (const rewrite of ESCAPES) {
      const escaped = rewrite(json);
      if (escaped !== json) yield escaped;
    }
  }
}

function parse(body: string): unknown {
  if (body.length > MAX_LENGTH) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return isShallow(value, MAX_DEPTH) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}
