/** Reads a recording: the lines that `antom-vault record` writes, or an HTTP Archive ({@link readHar}). */
import { getField } from "../../protocol/json-fields.ts";
import { findOperation } from "../../protocol/operations.ts";
import { isHar, readHar } from "./read-har.ts";
import type {
  HeaderList,
  MissingResponse,
  RecordedBody,
  RecordedExchange,
  Recording,
  UnreadableEntry,
} from "./recording.ts";

/** Reads a file of either form. Never throws; what cannot be read is told. */
export function readRecording(text: string): Recording {
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const whole = tryParse(plain);
  if (isHar(whole)) return readHar(whole);
  const exchanges: RecordedExchange[] = [];
  const unreadable: UnreadableEntry[] = [];
  for (const [at, each] of plain.split("\n").entries()) {
    if (each.trim() === "") continue;
    const place = `line ${at + 1}`;
    const read = readLine(each, place);
    if (typeof read === "string") unreadable.push({ place, why: read });
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

/** A line's exchange, or why it is none. */
function readLine(line: string, place: string): RecordedExchange | string {
  const value = tryParse(line);
  if (value === undefined) return "is not JSON";
  if (getField(value, "antomVaultRecording") !== 1) return "is no exchange as antom-vault record writes it";
  const request = readRequest(getField(value, "request"));
  if (!request) return "has no request that can be read";
  const operation = findOperation(request.path);
  if (!operation) return "calls no operation of the API";
  const startedAt = Date.parse(String(getField(value, "time")));
  const ms = getField(value, "durationMs");
  if (Number.isNaN(startedAt) || typeof ms !== "number") return "has no time that can be read";
  const head = { place, operation, startedAt, endedAt: startedAt + ms, request };
  const noAnswer = readMissingResponse(getField(value, "noResponse"));
  if (noAnswer) return { ...head, noResponse: noAnswer };
  const answer = readResponse(getField(value, "response"));
  return answer ? { ...head, response: answer } : "has no answer that can be read";
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
  Array.isArray(value) && value.every((each) => typeof each === "string");

const isHeaderList = (value: unknown): value is HeaderList =>
  Array.isArray(value) && value.every((each) => isStringList(each) && each.length === 2);

/** A list of objects that have these texts. */
function readObjects<Name extends string>(
  value: unknown,
  names: readonly Name[],
): readonly Readonly<Record<Name, string>>[] | undefined {
  const fits = (each: unknown): each is Readonly<Record<Name, string>> =>
    names.every((name) => typeof getField(each, name) === "string");
  return Array.isArray(value) && value.every(fits) ? value : undefined;
}
