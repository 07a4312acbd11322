/** Reads recordings: JSON lines from `antom-vault record`, or HTTP Archives ({@link readHar}). */
import { getField, toText } from "../../protocol/json-fields.ts";
import { findOperation } from "../../protocol/operations.ts";
import { createAttachmentReader } from "./read-attachment.ts";
import { isHar, readHar } from "./read-har.ts";
import type {
  HeaderList,
  MissingResponse,
  RecordedBody,
  RecordedExchange,
  Recording,
  UnreadableEntry,
} from "./recording.ts";

/**
 * Reads a file in either format. Never throws: unreadable entries are listed in the result.
 *
 * @param directory the directory of the file, in which an HTTP Archive can store bodies; default: stored bodies are not read
 */
export function readRecording(text: string, directory?: string): Recording {
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const json = tryParse(plain);
  if (isHar(json)) return readHar(json, createAttachmentReader(directory));
  const reason = findFormatProblem(plain, json);
  if (reason !== undefined) return { exchanges: [], unreadable: [{ place: "it", reason }], otherCount: 0 };
  const exchanges: RecordedExchange[] = [];
  const unreadable: UnreadableEntry[] = [];
  for (const [index, line] of plain.split("\n").entries()) {
    if (line.trim() === "") continue;
    const place = `line ${index + 1}`;
    const read = readLine(line, place);
    if (typeof read === "string") unreadable.push({ place, reason: read });
    else exchanges.push(read);
  }
  return { exchanges, unreadable, otherCount: 0 };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns why a file is in neither format, if the reason is known. In the text, replacement characters stand for bytes that are not UTF-8. */
function findFormatProblem(text: string, json: unknown): string | undefined {
  const start = text.slice(0, 4);
  if (start.startsWith("PK")) return "is a zip archive. Extract it, and use the .har file in it";
  // The first 2 bytes of gzip, zlib, and zstd data, decoded as UTF-8.
  if (["\u001F\uFFFD", "x\uFFFD", "(\uFFFD"].includes(start.slice(0, 2))) return "is compressed. Decompress it first";
  if (start.includes("\0")) return "is not in UTF-8, but probably in UTF-16. Convert it to UTF-8";
  if (json !== undefined || !/^\s*\{\s*"log"\s*:/.test(text)) return undefined;
  return isCutOff(text)
    ? "is a HAR file that is cut off. Export it again"
    : "is a HAR file that is not valid JSON. Export it again";
}

/** Returns whether a JSON text ends within a string, an object, or an array. */
function isCutOff(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === "\\") index += 1;
    else if (character === '"') isInString = !isInString;
    else if (!isInString && "{[".includes(character)) depth += 1;
    else if (!isInString && "}]".includes(character)) depth -= 1;
  }
  return isInString || depth > 0;
}

/** Parses a line. Returns its exchange, or the reason why the line cannot be read. */
function readLine(line: string, place: string): RecordedExchange | string {
  const value = tryParse(line);
  if (value === undefined) return isCutOff(line) ? "is cut off" : "is not JSON";
  if (getField(value, "antomVaultRecording") !== 1) return "is not an exchange in the format of antom-vault record";
  const request = readRequest(getField(value, "request"));
  if (!request) return "has no readable request";
  const operation = findOperation(request.path);
  if (!operation) return "does not call an operation of the API";
  const startedAt = Date.parse(toText(getField(value, "time")));
  const ms = getField(value, "durationMs");
  if (Number.isNaN(startedAt) || typeof ms !== "number") return "has no readable time";
  const head = { place, operation, startedAt, endedAt: startedAt + ms, request };
  const noResponse = readMissingResponse(getField(value, "noResponse"));
  if (noResponse) return { ...head, noResponse };
  const response = readResponse(getField(value, "response"));
  return response ? { ...head, response } : "has no readable response";
}

function readRequest(value: unknown): RecordedExchange["request"] | undefined {
  const [method, path, signature] = [getField(value, "method"), getField(value, "path"), getField(value, "signature")];
  const message = readMessage(value);
  const issues = readObjects(getField(value, "issues"), ["pointer", "rule", "message"]);
  if (typeof method !== "string" || typeof path !== "string" || typeof signature !== "string") return undefined;
  return message && issues && { method, path, ...message, findings: { issues, signature } };
}

function readResponse(value: unknown): RecordedExchange["response"] {
  const [status, signature] = [getField(value, "status"), getField(value, "signature")];
  const message = readMessage(value);
  const broken = readObjects(getField(value, "broken"), ["rule", "message"]);
  if (typeof status !== "number" || typeof signature !== "string") return undefined;
  return message && broken && { status, ...message, findings: { signature, broken } };
}

function readMessage(value: unknown): { headers: HeaderList; body: RecordedBody | undefined } | undefined {
  const headers = getField(value, "headers");
  const body = getField(value, "body");
  const [text, form, masked] = [getField(body, "text"), getField(body, "form"), getField(body, "masked")];
  if (!isHeaderList(headers) || !isStringList(masked) || typeof text !== "string") return undefined;
  if (form === "left-out") return { headers, body: undefined };
  return form === "raw" || form === "masked" ? { headers, body: { text, raw: form === "raw", masked } } : undefined;
}

function readMissingResponse(value: unknown): MissingResponse | undefined {
  const [by, why] = [getField(value, "by"), getField(value, "why")];
  if (typeof why !== "string") return undefined;
  return by === "target" || by === "client" ? { by, why } : undefined;
}

const isStringList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

const isHeaderList = (value: unknown): value is HeaderList =>
  Array.isArray(value) && value.every((pair) => isStringList(pair) && pair.length === 2);

/** Returns the value if it is a list of objects with these string properties; otherwise, `undefined`. */
function readObjects<Name extends string>(
  value: unknown,
  names: readonly Name[],
): readonly Readonly<Record<Name, string>>[] | undefined {
  const isMatch = (item: unknown): item is Readonly<Record<Name, string>> =>
    names.every((name) => typeof getField(item, name) === "string");
  return Array.isArray(value) && value.every(isMatch) ? value : undefined;
}
