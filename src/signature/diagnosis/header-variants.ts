import { basePaths, operationPaths, servers } from "../../../generated/operations.ts";

const ROOTS = [...Object.values(basePaths), ""];

/** The document's, and older ones. */
const HOSTS = [
  ...Object.values(servers),
  "https://open-na.alipay.com",
  "https://open-sea.alipay.com",
  "https://open-eu.alipay.com",
];

/** The path of each operation; then the path itself under each root, with and without host, leading slash, query and trailing slash. */
export function* pathVariants(path: string): Iterable<string> {
  const inner = path.replace(/^https?:\/\/[^/]*/, "").replace(/^\/ams\/(sandbox\/)?api(?=\/)/, "");
  for (const operation of Object.values(operationPaths)) for (const root of ROOTS) yield root + operation;
  for (const root of ROOTS) {
    const whole = root + inner;
    const [bare = "", query] = whole.split("?", 2);
    const tail = query === undefined ? "" : `?${query}`;
    yield* [whole, whole.slice(1), bare];
    yield (bare.endsWith("/") ? bare.slice(0, -1) : `${bare}/`) + tail;
    for (const host of HOSTS) yield host + whole;
  }
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const YEAR_10000 = Date.UTC(10_000, 0);

/** The same instant in milliseconds, in seconds, and in ISO 8601 at every offset of whole half hours. */
export function* timeVariants(time: string): Iterable<string> {
  const trimmed = time.trim();
  yield trimmed;
  const instant = parseInstant(trimmed);
  if (!(instant >= 0 && instant < YEAR_10000)) return;
  yield* [String(instant), String(Math.floor(instant / SECOND))];
  for (let offset = -12 * 60; offset <= 14 * 60; offset += 30) {
    const local = new Date(instant + offset * MINUTE).toISOString().slice(0, -1);
    for (const zone of offset === 0 ? ["Z", "+00:00"] : [formatOffset(offset)])
      yield* [local.slice(0, 19) + zone, local + zone];
  }
}

function parseInstant(time: string): number {
  if (/^[0-9]{13}$/.test(time)) return Number(time);
  return /^[0-9]{10}$/.test(time) ? Number(time) * SECOND : Date.parse(time);
}

function formatOffset(offset: number): string {
  const minutes = Math.abs(offset);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const SANDBOX = "SANDBOX_";

/** The client id left out, trimmed, in another case, with and without the sandbox's prefix. */
export function clientVariants(clientId: string): Iterable<string> {
  const id = clientId.trim();
  const bare = id.startsWith(SANDBOX) ? id.slice(SANDBOX.length) : id;
  return ["", id, id.toUpperCase(), id.toLowerCase(), bare, SANDBOX + bare];
}
