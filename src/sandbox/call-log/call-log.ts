/** The call log, which keeps the latest API calls in memory, with masked card data, for debugging. */

import { maskCardNumbers } from "../../cards/mask-card-data.ts";
import { createKnownCardMask } from "../../cards/mask-known-card.ts";
import type { RequestSummary, TruncatableResponse } from "../../gateway/index.ts";
import { parseRequestTime } from "../../protocol/http.ts";
import { maskRequestBody } from "./mask-request.ts";

export interface ApiCall {
  /** The number of the call, starting at 1. */
  readonly sequence: number;
  /** The time on the sandbox's clock, in milliseconds since 1970. */
  readonly at: number;
  readonly operation: string | undefined;
  /** The path without its query, with masked card numbers and at most 256 characters. */
  readonly path: string;
  /** The Request-Time header, if it is a time within 10 years of now. */
  readonly requestTime: string | undefined;
  readonly clientId: string | undefined;
  readonly vaultingRequestId: string | undefined;
  readonly resultCode: string | undefined;
  readonly resultStatus: string | undefined;
  readonly durationMs: number;
  /** The body as JSON with masked card data. Empty if the body is not an object or array, or was not parsed, for example because the signature is invalid. */
  readonly request: string;
  readonly response: string;
  readonly signed: boolean;
  /** The reason why the signature was rejected. */
  readonly note: string | undefined;
  readonly fault: string | undefined;
  /** The result code of the scenario, if one applied to the call. */
  readonly scenario: string | undefined;
}

export interface CompletedCall {
  readonly path: string;
  readonly at: number;
  /** The Request-Time header. */
  readonly requestTime?: string | null | undefined;
  readonly durationMs: number;
  readonly response: TruncatableResponse;
  readonly fault: string | undefined;
}

/** The range of calls to read from the call log. */
export interface CallListOptions {
  /** The maximum number of calls. The default for `calls()` is 100. */
  readonly limit: number;
  /** Selects the oldest calls with a greater sequence number. By default, the newest calls are selected. */
  readonly after?: number | undefined;
}

/** A stored call. Fields that can be derived are computed when the call is read. */
type Entry = Omit<ApiCall, "vaultingRequestId" | "resultCode" | "resultStatus">;

export type CallLog = Readonly<ReturnType<typeof createCallLog>>;

/** The maximum total length of the stored texts in characters. Without it, 1,000 large requests would use too much memory. */
const MAX_CHARACTERS = 8 * 1024 * 1024;
const MAX_PATH_LENGTH = 256;

/**
 * Creates a log of the last `size` calls, or fewer if they are large. Requests are masked when they are added; responses are parsed when
 * they are read.
 */
export function createCallLog(size = 1000, limit = MAX_CHARACTERS) {
  // A ring buffer, indexed by the sequence number modulo the size.
  const ring: (Entry | undefined)[] = [];
  let sequence = 0;
  let oldest = 1;
  let characters = 0;

  function dropOldest(): void {
    const entry = ring[oldest % size];
    oldest += 1;
    if (!entry) return;
    characters -= getLength(entry);
    ring[entry.sequence % size] = undefined;
  }

  return {
    /** Adds a call and returns its sequence number. */
    add: ({ path, at, requestTime, durationMs, response, fault }: CompletedCall): number => {
      sequence += 1;
      const { body, headers, about } = response;
      const mask = createKnownCardMask(about.parsedBody);
      const entry: Entry = {
        sequence,
        at,
        durationMs,
        path: toLoggedPath(path, about),
        requestTime: toLoggedTime(requestTime ?? ""),
        operation: about.route?.operation,
        clientId: maskCardNumbers(mask(about.clientId)) || undefined,
        request: about.parsedBody === undefined ? "" : maskRequestBody(about.parsedBody),
        response: mask(body),
        signed: headers["signature"] !== undefined,
        note: about.rejectedSignature?.reason,
        fault,
        scenario: about.note,
      };
      characters += getLength(entry);
      while (oldest < sequence && (characters > limit || oldest <= sequence - size)) dropOldest();
      ring[sequence % size] = entry;
      return sequence;
    },
    /** Replaces the reason why a signature was rejected, if the call is still in the log. */
    setNote: (requested: number, note: string): void => {
      const entry = ring[requested % size];
      if (entry?.sequence === requested) ring[requested % size] = { ...entry, note };
    },
    find: (requested: number): ApiCall | undefined => {
      const entry = ring[requested % size];
      return entry?.sequence === requested ? toApiCall(entry) : undefined;
    },
    /** Returns the sequence numbers of the oldest and the newest call. In an empty log, `newest` is less than `oldest`. */
    range: () => ({ oldest, newest: sequence }),
    /** Lists calls, oldest first: those after a sequence number if `after` is set, otherwise the newest. */
    list: ({ limit, after }: CallListOptions): readonly ApiCall[] => {
      const entries = ring.filter((entry) => entry !== undefined).sort((a, b) => a.sequence - b.sequence);
      const selected =
        after === undefined ? entries.slice(-limit) : entries.filter((call) => call.sequence > after).slice(0, limit);
      return selected.map(toApiCall);
    },
    clear: (): void => {
      ring.length = 0;
      oldest = sequence + 1;
      characters = 0;
    },
  };
}

const getLength = ({ path, request, response }: Entry): number => path.length + request.length + response.length;

/** Removes the query, which no operation uses, and masks the digits of an unknown path, except in a version. */
function toLoggedPath(path: string, { route }: RequestSummary): string {
  const [plain = ""] = path.split("?", 1);
  const masked = (route ? plain : plain.replace(/(?<!\/v)\p{Nd}/gu, "*")).slice(0, MAX_PATH_LENGTH);
  // Copies the string, because a substring can keep the whole string in memory.
  return masked === path ? path : Buffer.from(masked).toString();
}

/** Returns the text if it is a time within 10 years of now. Other text may contain card data, because 13 digits can be a card number. */
function toLoggedTime(text: string): string | undefined {
  const time = text.length > MAX_TIME_LENGTH ? undefined : parseRequestTime(text);
  return time === undefined || Math.abs(time - Date.now()) > MAX_TIME_DISTANCE_MS ? undefined : text;
}

/** An ISO 8601 time with nanoseconds and an offset has 35 characters. */
const MAX_TIME_LENGTH = 40;
const MAX_TIME_DISTANCE_MS = 10 * 366 * 86_400_000;

function toApiCall({ request, response, ...entry }: Entry): ApiCall {
  const { result, vaultingRequestId } = parseResponse(response);
  return {
    ...entry,
    vaultingRequestId: vaultingRequestId ?? findRequestId(request),
    resultCode: result?.resultCode,
    resultStatus: result?.resultStatus,
    request,
    response,
  };
}

interface ParsedResponse {
  readonly result?: { readonly resultCode: string; readonly resultStatus: string };
  readonly vaultingRequestId?: string;
}

const parseResponse = (body: string): ParsedResponse => (body === "" ? {} : (JSON.parse(body) as ParsedResponse));

function findRequestId(request: string): string | undefined {
  if (request === "") return undefined;
  const body: unknown = JSON.parse(request);
  if (typeof body !== "object" || body === null || !("vaultingRequestId" in body)) return undefined;
  return typeof body.vaultingRequestId === "string" ? body.vaultingRequestId : undefined;
}
