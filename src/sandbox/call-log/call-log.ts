/** What went to and fro, masked: the last exchanges, in memory, for the people who look for a mistake. */

import { maskCardNumbers } from "../../cards/mask-card-data.ts";
import type { TruncatableResponse } from "../../gateway/index.ts";
import { parseMessageTime } from "../../protocol/http.ts";
import { maskRequestBody } from "./mask-request.ts";

export interface ApiCall {
  /** Counts up from 1. */
  readonly sequence: number;
  /** Milliseconds since 1970 on the sandbox's clock. */
  readonly at: number;
  readonly operation: string | undefined;
  /** Without its query. */
  readonly path: string;
  /** The Request-Time header as it was sent, where it is a time. */
  readonly requestTime: string | undefined;
  readonly clientId: string | undefined;
  readonly vaultingRequestId: string | undefined;
  readonly resultCode: string | undefined;
  readonly resultStatus: string | undefined;
  readonly durationMs: number;
  /** The body with card data masked; empty where the signature was refused: nothing of such a body is read. */
  readonly request: string;
  readonly response: string;
  readonly signed: boolean;
  /** Why the signature was refused. */
  readonly note: string | undefined;
  readonly fault: string | undefined;
  /** The result code that was switched on for the call. */
  readonly scenario: string | undefined;
}

export interface CompletedCall {
  readonly path: string;
  readonly at: number;
  /** The Request-Time header. */
  readonly requestTime?: string | null | undefined;
  readonly durationMs: number;
  readonly answer: TruncatableResponse;
  readonly fault: string | undefined;
}

export interface CallListOptions {
  readonly limit: number;
  readonly after?: number | undefined;
}

/** What is kept of an exchange until somebody reads it: as little as can be, and of the body only its masked text. */
type Entry = Omit<ApiCall, "vaultingRequestId" | "resultCode" | "resultStatus">;

export type CallLog = Readonly<ReturnType<typeof createCallLog>>;

/** How long the texts of all entries together may be, in characters: a thousand large requests would fill the memory. */
const MAX_CHARACTERS = 8 * 1024 * 1024;
/** Of a path, more says no more. */
const MAX_PATH_LENGTH = 256;

/**
 * A journal of the last `size` exchanges, or fewer where they are large. An answer is parsed when somebody reads the entry; the request is
 * masked at once.
 */
export function createCallLog(size = 1000, limit = MAX_CHARACTERS) {
  // A ring: the entry of a sequence number stands at its remainder.
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
    /** Gives the sequence number. */
    add: ({ path, at, requestTime, durationMs, answer, fault }: CompletedCall): number => {
      sequence += 1;
      const { body, headers, about } = answer;
      const entry: Entry = {
        sequence,
        at,
        durationMs,
        path: toLoggedPath(path),
        requestTime: toLoggedTime(requestTime ?? ""),
        operation: about.route?.operation,
        clientId: about.clientId || undefined,
        request: about.parsedBody === undefined ? "" : maskRequestBody(about.parsedBody),
        response: body,
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
    /** Says more of why a signature was refused. Nothing happens where the exchange is forgotten. */
    setNote: (wanted: number, note: string): void => {
      const entry = ring[wanted % size];
      if (entry?.sequence === wanted) ring[wanted % size] = { ...entry, note };
    },
    find: (wanted: number): ApiCall | undefined => {
      const entry = ring[wanted % size];
      return entry?.sequence === wanted ? toApiCall(entry) : undefined;
    },
    /** The numbers of the oldest exchange that is still there, and of the newest; the newest is smaller where there is none. */
    range: () => ({ oldest, newest: sequence }),
    /** Oldest first: those after a sequence number, or the last ones. */
    list: ({ limit, after }: CallListOptions): readonly ApiCall[] => {
      const kept = ring.filter((entry) => entry !== undefined).sort((a, b) => a.sequence - b.sequence);
      const wanted =
        after === undefined ? kept.slice(-limit) : kept.filter((each) => each.sequence > after).slice(0, limit);
      return wanted.map(toApiCall);
    },
    clear: (): void => {
      ring.length = 0;
      oldest = sequence + 1;
      characters = 0;
    },
  };
}

const getLength = ({ path, request, response }: Entry): number => path.length + request.length + response.length;

/** A path without its query, which is nobody's here, and without what could be a card number. */
function toLoggedPath(path: string): string {
  const shown = maskCardNumbers(path.replace(/\?.*$/s, "")).slice(0, MAX_PATH_LENGTH);
  // A part of a text can keep the whole of it in memory, so it is copied.
  return shown === path ? path : Buffer.from(shown).toString();
}

/** A time not too far from now. Any other text may be whatever somebody put there; 13 digits can be those of a card. */
function toLoggedTime(text: string): string | undefined {
  const time = text.length > MAX_TIME_LENGTH ? undefined : parseMessageTime(text);
  return time === undefined || Math.abs(time - Date.now()) > MAX_TIME_DISTANCE_MS ? undefined : text;
}

/** ISO 8601 with nine digits of a second's fraction and an offset has 35 characters. */
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

/** Our own answer, or nothing where none was made. */
const parseResponse = (body: string): ParsedResponse => (body === "" ? {} : (JSON.parse(body) as ParsedResponse));

function findRequestId(request: string): string | undefined {
  if (request === "") return undefined;
  const body: unknown = JSON.parse(request);
  if (typeof body !== "object" || body === null || !("vaultingRequestId" in body)) return undefined;
  return typeof body.vaultingRequestId === "string" ? body.vaultingRequestId : undefined;
}
