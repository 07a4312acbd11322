import { basePaths, operationPaths, servers } from "../../../generated/operations.ts";

const ROOTS = [...Object.values(basePaths), ""];

/** The documented hosts and older hosts. */
const HOSTS = [
  ...Object.values(servers),
  "https://open-na.alipay.com",
  "https://open-sea.alipay.com",
  "https://open-eu.alipay.com",
];

/**
 * Yields the paths of all operations and then the given path, each under every base path. For the given path, also yields these variants under every
 * base path: without the leading slash; without the query; with a trailing slash added or removed; and prefixed with each host.
 */
export function* listPathVariants(path: string): Iterable<string> {
  const inner = path.replace(/^https?:\/\/[^/]*/, "").replace(/^\/ams\/(sandbox\/)?api(?=\/)/, "");
  for (const operation of Object.values(operationPaths)) for (const root of ROOTS) yield root + operation;
  for (const root of ROOTS) {
    const full = root + inner;
    const [bare = "", query] = full.split("?", 2);
    const suffix = query === undefined ? "" : `?${query}`;
    yield* [full, full.slice(1), bare];
    yield (bare.endsWith("/") ? bare.slice(0, -1) : `${bare}/`) + suffix;
    for (const host of HOSTS) yield host + full;
  }
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const YEAR_10000 = Date.UTC(10_000, 0);

/**
 * Yields the trimmed time. If it is a supported time, also yields the same instant in milliseconds, in seconds, and in ISO 8601 at every half-hour
 * offset.
 */
export function* listTimeVariants(time: string): Iterable<string> {
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
  const pad = (part: number) => String(part).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/**
 * The maximum difference between the times that are tried and the time header. If a program reads the clock twice, the two times usually differ by
 * less.
 */
const MAX_TIME_DIFFERENCE_MS = 50;

/**
 * For a time in milliseconds, yields the times up to 50 ms before and after it, closest first. For a time in seconds or ISO 8601, yields the times 1
 * and 2 seconds before and after it.
 */
export function* listNearbyTimes(time: string): Iterable<string> {
  const trimmed = time.trim();
  if (/^[0-9]{13}$/.test(trimmed)) {
    for (let distance = 1; distance <= MAX_TIME_DIFFERENCE_MS; distance++)
      yield* [String(Number(trimmed) - distance), String(Number(trimmed) + distance)];
    return;
  }
  const instant = parseInstant(trimmed);
  if (!(instant > MINUTE && instant < YEAR_10000 - MINUTE)) return;
  for (const seconds of [-1, 1, -2, 2])
    for (const variant of listTimeVariants(new Date(instant + seconds * SECOND).toISOString()))
      if (variant.length === trimmed.length) yield variant;
}

const SANDBOX = "SANDBOX_";

/** Returns an empty ID, and the trimmed client ID as it is, in uppercase, in lowercase, and with and without the sandbox prefix. */
export function listClientIdVariants(clientId: string): Iterable<string> {
  const id = clientId.trim();
  const bare = id.startsWith(SANDBOX) ? id.slice(SANDBOX.length) : id;
  return ["", id, id.toUpperCase(), id.toLowerCase(), bare, SANDBOX + bare];
}
