const MAXIMUM_LENGTH = 64 * 1024;
/** Indentation multiplies length by depth, so that a deep body would not only be odd but huge. */
const MAXIMUM_DEPTH = 16;

const hex = (unit: string) => unit.charCodeAt(0).toString(16).padStart(4, "0");
const slash = (json: string) => json.replaceAll("/", "\\/");
const ascii = (json: string) => json.replace(/[^ -~\n]/g, (unit) => `\\u${hex(unit)}`);
const upperAscii = (json: string) => json.replace(/[^ -~\n]/g, (unit) => `\\u${hex(unit).toUpperCase()}`);
const html = (json: string) => json.replace(/[<>&\u2028\u2029]/g, (unit) => `\\u${hex(unit)}`);

/** How the usual JSON writers lay out a value. The last is Python's: a blank after each comma and colon. */
const LAYOUTS: readonly ((value: unknown) => string)[] = [
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, 2),
  (value) => JSON.stringify(value, null, 3),
  (value) => JSON.stringify(value, null, 4),
  (value) => JSON.stringify(value, null, 1).replace(/,\n */g, ", ").replace(/\n */g, ""),
];

/** What they escape beyond need: PHP both, PHP without Unicode, Python, .NET, Go. */
const ESCAPES = [(json: string) => slash(ascii(json)), slash, ascii, upperAscii, html];

/**
 * Every text that a JSON writer may make of the same body. None for a body that is not JSON, is longer than 65,536
 * characters, or deeper than 16.
 */
export function* reserializedVariants(body: string): Iterable<string> {
  const value = parse(body);
  if (value === undefined) return;
  for (const layout of LAYOUTS) {
    const json = layout(value);
    // A file that an editor or a shell wrote ends in a line feed.
    yield* [json, `${json}\n`];
    for (const rewrite of ESCAPES) {
      const escaped = rewrite(json);
      if (escaped !== json) yield escaped;
    }
  }
}

function parse(body: string): unknown {
  if (body.length > MAXIMUM_LENGTH) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return isShallow(value, MAXIMUM_DEPTH) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}
