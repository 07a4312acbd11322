const MAXIMUM_BYTES = 64 * 1024;

const asIs = (json: string) => json;
const slash = (json: string) => json.replaceAll("/", "\\/");
const ascii = (json: string) => json.replace(/[^ -~\n]/g, (unit) => `\\u${hex(unit)}`);
const upperAscii = (json: string) => json.replace(/[^ -~\n]/g, (unit) => `\\u${hex(unit).toUpperCase()}`);
const html = (json: string) => json.replace(/[<>&\u2028\u2029]/g, (unit) => `\\u${hex(unit)}`);
const hex = (unit: string) => unit.charCodeAt(0).toString(16).padStart(4, "0");

/** How the usual JSON writers lay out a value. The last is Python's: a blank after each comma and colon. */
const LAYOUTS: readonly ((value: unknown) => string)[] = [
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, 2),
  (value) => JSON.stringify(value, null, 3),
  (value) => JSON.stringify(value, null, 4),
  (value) =>
    JSON.stringify(value, null, 1)
      .replace(/,\n */g, ", ")
      .replace(/\n */g, ""),
];

/** What they escape beyond need: nothing, PHP both, PHP without Unicode, Python, .NET, Go. */
const ESCAPES: readonly ((json: string) => string)[] = [
  asIs,
  (json) => slash(ascii(json)),
  slash,
  ascii,
  upperAscii,
  html,
];

/** Every text that a JSON writer may make of the same body. None for a body that is not JSON, or over 64 KiB. */
export function reserialised(body: string): Iterable<string> {
  if (body.length > MAXIMUM_BYTES) return [];
  try {
    const value: unknown = JSON.parse(body);
    return new Set(LAYOUTS.flatMap((layout) => ESCAPES.map((escape) => escape(layout(value)))));
  } catch {
    // Not JSON, or nested too deep to be written again.
    return [];
  }
}
