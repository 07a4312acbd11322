/** Reads a recording: the lines that `antom-vault record` writes, or an HTTP Archive ({@link readHar}). */
import { field } from "../../protocol/json-fields.ts";
import { operationOf } from "../../protocol/operations.ts";
import { isHar, readHar } from "./read-har.ts";
import type { HeaderList, NoAnswer, Recorded, RecordedBody, Recording, Unreadable } from "./recording.ts";

/** Reads a file of either form. Never throws; what cannot be read is told. */
export function readRecording(text: string): Recording {
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const whole = parsed(plain);
  if (isHar(whole)) return readHar(whole);
  const exchanges: Recorded[] = [];
  const unreadable: Unreadable[] = [];
  for (const [at, each] of plain.split("\n").entries()) {
    if (each.trim() === "") continue;
    const place = `line ${at + 1}`;
    const read = readLine(each, place);
    if (typeof read === "string") unreadable.push({ place, why: read });
    else exchanges.push(read);
  }
  return { exchanges, unreadable, others: 0 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A line's exchange, or why it is none. */
function readLine(line: string, place: string): Recorded | string {
  const value = parsed(line);
  if (value === undefined) return "is not JSON";
  if (field(value, "antomVaultRecording") !== 1) return "is no exchange as antom-vault record writes it";
  const request = readRequest(field(value, "request"));
  if (!request) return "has no request that can be read";
  const operation = operationOf(request.path);
  if (!operation) return "calls no operation of the API";
  const startedAt = Date.parse(String(field(value, "time")));
  const ms = field(value, "ms");
  if (Number.isNaN(startedAt) || typeof ms !== "number") return "has no time that can be read";
  const head = { place, operation, startedAt, endedAt: startedAt + ms, request };
  const noAnswer = readNoAnswer(field(value, "noAnswer"));
  if (noAnswer) return { ...head, noAnswer };
  const answer = readAnswer(field(value, "answer"));
  return answer ? { ...head, answer } : "has no answer that can be read";
}

function readRequest(value: unknown): Recorded["request"] | undefined {
  const [method, path, signature] = [field(value, "method"), field(value, "path"), field(value, "signature")];
  const message = readMessage(value);
  const issues = listOf(field(value, "issues"), ["pointer", "rule", "message"]);
  if (typeof method !== "string" || typeof path !== "string" || typeof signature !== "string") return undefined;
  return message && issues && { method, path, ...message, findings: { issues, signature } };
}

function readAnswer(value: unknown): Recorded["answer"] {
  const [status, signature] = [field(value, "status"), field(value, "signature")];
  const message = readMessage(value);
  const broken = listOf(field(value, "broken"), ["rule", "message"]);
  if (typeof status !== "number" || typeof signature !== "string") return undefined;
  return message && broken && { status, ...message, findings: { signature, broken } };
}

function readMessage(value: unknown): { headers: HeaderList; body: RecordedBody | undefined } | undefined {
  const headers = field(value, "headers");
  const body = field(value, "body");
  const [text, form, masked] = [field(body, "text"), field(body, "form"), field(body, "masked")];
  if (!isHeaderList(headers) || !isListOfTexts(masked) || typeof text !== "string") return undefined;
  if (form === "left-out") return { headers, body: undefined };
  return form === "raw" || form === "masked" ? { headers, body: { text, raw: form === "raw", masked } } : undefined;
}

function readNoAnswer(value: unknown): NoAnswer | undefined {
  const [by, why] = [field(value, "by"), field(value, "why")];
  if (typeof why !== "string") return undefined;
  return by === "target" || by === "client" ? { by, why } : undefined;
}

const isListOfTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");

const isHeaderList = (value: unknown): value is HeaderList =>
  Array.isArray(value) && value.every((each) => isListOfTexts(each) && each.length === 2);

/** A list of objects that have these texts. */
function listOf<Name extends string>(
  value: unknown,
  names: readonly Name[],
): readonly Readonly<Record<Name, string>>[] | undefined {
  const fits = (each: unknown): each is Readonly<Record<Name, string>> =>
    names.every((name) => typeof field(each, name) === "string");
  return Array.isArray(value) && value.every(fits) ? value : undefined;
}
