/** The call log: API calls with masked card data, for debugging. It stores calls in batches, so that responses do not wait for the database. */

import { maskCardNumbers } from "../../cards/mask-card-data.ts";
import { createKnownCardMask } from "../../cards/mask-known-card.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import type { RequestSummary, TruncatableResponse } from "../../gateway/index.ts";
import { getField } from "../../protocol/json-fields.ts";
import { type Calls, getLength, type NewCall } from "../store/calls.ts";
import type { CallRow, VaultingId } from "../store/rows.ts";
import type { Explanation } from "./explain-signature.ts";
import { toLoggedTime } from "./logged-time.ts";
import { maskRequestBody } from "./mask-request.ts";
import { describeHeaders, maskUnverifiedBody, parseUnverifiedBody } from "./rejected-signature.ts";

export interface ApiCall {
  /** The sequence number of the call, starting at 1. */
  readonly sequence: number;
  /** The time on the sandbox's clock, in milliseconds since the Unix epoch. */
  readonly at: number;
  readonly operation: string | undefined;
  /**
   * The path without its query, truncated to 256 characters. In an unknown path, all digits are masked, except the first digit of a version such as
   * `/v1`.
   */
  readonly path: string;
  /** The Request-Time header, if it is a time within 10 years of now. */
  readonly requestTime: string | undefined;
  readonly clientId: string | undefined;
  readonly vaultingRequestId: string | undefined;
  readonly resultCode: string | undefined;
  readonly resultStatus: string | undefined;
  readonly durationMs: number;
  /**
   * The body as JSON with masked card data. Empty if the body was not read or is not an object or array. If the signature was rejected, the body
   * keeps its original whitespace, and a body over 16 KiB is omitted.
   */
  readonly request: string;
  readonly response: string;
  readonly signed: boolean;
  /** The reason why the signature was rejected. */
  readonly note: string | undefined;
  readonly fault: string | undefined;
  /** The result code of the scenario, if one applied to the call. */
  readonly scenario: string | undefined;
  /** Set if a user sent the call from the dashboard. */
  readonly source: "dashboard" | undefined;
  readonly rejectedSignature: ControlSchemas["RejectedSignature"] | undefined;
}

export interface CompletedCall {
  readonly path: string;
  readonly at: number;
  /** The Request-Time header. */
  readonly requestTime?: string | null | undefined;
  /** The Content-Type header. */
  readonly contentType?: string | null | undefined;
  readonly source?: "dashboard" | undefined;
  readonly durationMs: number;
  readonly response: TruncatableResponse;
  readonly fault: string | undefined;
}

/** The range of calls to read from the call log. */
export interface CallListOptions {
  /** The maximum number of calls. The default for `calls()` is 100. */
  readonly limit: number;
  /** Selects the oldest calls after this sequence number. By default, the newest calls are selected. */
  readonly after?: number | undefined;
}

/** A call in the log. It has a sequence number once it is stored. */
export type LoggedCall = Omit<NewCall, Explained> & { -readonly [Name in Explained]: NewCall[Name] } & { seq?: number };
type Explained = "note" | "rejectedSignature";

export interface CallLogOptions {
  readonly calls: Calls;
  /** Called when a call is stored, and when its note changes. */
  readonly onStored?: (call: LoggedCall) => void;
  /** Called for only the first of several consecutive errors. */
  readonly onError?: (error: unknown) => void;
  /** Returns whether a user is waiting for calls. If so, they are stored sooner. */
  readonly isWatched?: () => boolean;
}

export type CallLog = Readonly<ReturnType<typeof createCallLog>>;

/** The maximum number of calls in one transaction, which blocks the event loop for about 3 ms. */
const BATCH_SIZE = 200;
/** The limits for calls that are not stored yet, for example because the database is unavailable. Beyond them, the oldest calls are dropped. */
const MAX_PENDING = 1000;
const MAX_PENDING_CHARACTERS = 8 * 1024 * 1024;
/** The delay before a call is stored, and the shorter delay if a user is waiting for calls or a batch is full. */
const STORE_MS = 1000;
const STORE_SOON_MS = 50;
/** The interval at which old calls are deleted even if no call arrives. */
const PRUNE_INTERVAL_MS = 3_600_000;
/** The maximum length of a path and of an ID. PostgreSQL cannot index very long IDs. */
const MAX_LENGTH = 256;
/** The maximum number of calls in the history of a vaulting. */
const MAX_HISTORY = 1000;

/** Creates a call log. Masks a call when it is added, and parses its response when the call is read. Each read stores the pending calls first. */
export function createCallLog(options: CallLogOptions) {
  const { calls, isWatched = () => false } = options;
  const { pending, schedule, enqueue, storePending, prune, isIdle } = createBackgroundStore(options);
  const pruneTimer = setInterval(() => void enqueue(prune), PRUNE_INTERVAL_MS).unref();
  void enqueue(prune);

  const read = async <Result>(query: () => Promise<Result>): Promise<Result> => {
    if (!isIdle()) await enqueue(storePending);
    return query();
  };

  return {
    add: (completed: CompletedCall): LoggedCall => {
      const call = toLoggedCall(completed);
      pending.put([call]);
      schedule(pending.count() >= BATCH_SIZE || isWatched());
      return call;
    },
    /** Replaces the reason why a signature was rejected, and stores the signed string if it is known. */
    explain: (call: LoggedCall, { note, signedString }: Explanation): Promise<void> => {
      call.note = note;
      const { rejectedSignature } = call;
      if (rejectedSignature !== null && signedString !== undefined)
        call.rejectedSignature = JSON.stringify({ ...JSON.parse(rejectedSignature), signedString });
      return enqueue(async () => {
        await storePending();
        if (call.seq === undefined) return;
        await calls.explain({ seq: call.seq, note, rejectedSignature: call.rejectedSignature });
        options.onStored?.(call);
      });
    },
    /** Waits until a call is stored. Returns its sequence number, or `undefined` if it could not be stored. */
    getNumber: (call: LoggedCall): Promise<number | undefined> => read(async () => call.seq),
    find: (sequence: number): Promise<ApiCall | undefined> =>
      read(async () => {
        const row = await calls.find(sequence);
        return row && toApiCall(row);
      }),
    /** Returns the sequence numbers of the oldest and the newest call. In an empty log, `newest` is less than `oldest`. */
    range: () => read(calls.range),
    /** Lists calls, oldest first: those after a sequence number if `after` is set, otherwise the newest. */
    list: ({ limit, after }: CallListOptions): Promise<readonly ApiCall[]> =>
      read(async () => {
        if (after !== undefined) return (await calls.listAfter(after, limit)).map(toApiCall);
        return (await calls.listBefore(Number.MAX_SAFE_INTEGER, limit)).map(toApiCall).reverse();
      }),
    /** Lists calls before a sequence number, newest first. */
    listBefore: (before: number, limit: number): Promise<readonly ApiCall[]> =>
      read(async () => (await calls.listBefore(before, limit)).map(toApiCall)),
    /** Lists the calls of a vaulting, oldest first. `omitted` is the number of calls in the middle that a long list omits. */
    listByVaulting: (vaulting: VaultingId) =>
      read(async () => {
        const { calls: rows, omitted } = await calls.listByVaulting(vaulting, MAX_HISTORY);
        return { calls: rows.map(toApiCall), omitted };
      }),
    /** Drops the calls that are not stored yet, and waits for those that are being stored. */
    dropPending: (): Promise<void> => {
      pending.take(Number.POSITIVE_INFINITY);
      return enqueue(async () => {});
    },
    /** Stores the pending calls. Call it before the store is closed. */
    close: async (): Promise<void> => {
      clearInterval(pruneTimer);
      await enqueue(storePending);
      // Calls that could not be stored are lost.
      pending.take(Number.POSITIVE_INFINITY);
    },
  };
}

/** Stores pending calls in the background. */
function createBackgroundStore({ calls, onStored, onError }: CallLogOptions) {
  const pending = createPendingCalls();
  let timer: NodeJS.Timeout | undefined;
  let isSoon = false;
  let hasFailed = false;
  let queue: Promise<void> = Promise.resolve();
  let queued = 0;

  /** Runs work when all earlier work has finished. Never rejects, so that an error never affects an API call. */
  function enqueue(work: () => Promise<void>): Promise<void> {
    queued += 1;
    queue = queue
      .then(work)
      .then(() => {
        hasFailed = false;
      })
      .catch((error: unknown) => {
        if (!hasFailed) onError?.(error);
        hasFailed = true;
      })
      .finally(() => {
        queued -= 1;
      });
    return queue;
  }

  /** Starts the timer that stores pending calls, unless it is running. If `soon` is true, also replaces a timer with the longer delay. */
  function schedule(soon: boolean): void {
    if (timer && (isSoon || !soon)) return;
    clearTimeout(timer);
    isSoon = soon;
    timer = setTimeout(() => void enqueue(storePending), soon ? STORE_SOON_MS : STORE_MS).unref();
  }

  async function storePending(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    // Calls that arrive in the meantime are stored later, so that a reader does not wait for them.
    for (let left = pending.count(); left > 0; left -= BATCH_SIZE) {
      const batch = pending.take(Math.min(left, BATCH_SIZE));
      const { first, isFull } = await calls.append(batch, Date.now()).catch((error: unknown) => {
        pending.put([...batch, ...pending.take(Number.POSITIVE_INFINITY)]);
        schedule(false);
        throw error;
      });
      for (const [index, call] of batch.entries()) {
        call.seq = first + index;
        onStored?.(call);
      }
      if (isFull) await prune();
    }
  }

  /** Deletes the calls that exceed the limits, in small batches. */
  async function prune(): Promise<void> {
    while ((await calls.prune(Date.now(), BATCH_SIZE)) === BATCH_SIZE);
  }

  return { pending, schedule, enqueue, storePending, prune, isIdle: () => queued === 0 && pending.count() === 0 };
}

/** Creates a list of pending calls. The list drops its oldest calls if it exceeds the limits. */
function createPendingCalls() {
  const list: LoggedCall[] = [];
  let characters = 0;

  function take(count: number): readonly LoggedCall[] {
    const taken = list.splice(0, count);
    for (const call of taken) characters -= getLength(call);
    return taken;
  }

  function put(added: readonly LoggedCall[]): void {
    list.push(...added);
    for (const call of added) characters += getLength(call);
    while (list.length > MAX_PENDING || characters > MAX_PENDING_CHARACTERS) take(1);
  }

  return { count: () => list.length, take, put };
}

function toLoggedCall(completed: CompletedCall): LoggedCall {
  const { path, at, requestTime, contentType, durationMs, response, fault, source = null } = completed;
  const { body, headers, about } = response;
  const { rejectedSignature: rejected, parsedBody } = about;
  const mask = createKnownCardMask(rejected ? parseUnverifiedBody(rejected) : parsedBody);
  const request = rejected ? maskUnverifiedBody(rejected) : parsedBody === undefined ? "" : maskRequestBody(parsedBody);
  return {
    at,
    durationMs,
    path: toLoggedPath(path, about),
    requestTime: toLoggedTime(requestTime ?? "") ?? null,
    operation: about.route?.operation ?? null,
    clientId: toLoggedId(maskCardNumbers(mask(about.clientId))),
    // An unverified request does not belong to the history of a vaulting.
    vaultingRequestId: rejected ? null : toLoggedId(findRequestId(parsedBody, request)),
    request,
    response: mask(body),
    signed: headers["signature"] === undefined ? 0 : 1,
    note: rejected?.reason ?? null,
    fault: fault ?? null,
    scenario: about.note ?? null,
    source,
    rejectedSignature: rejected ? JSON.stringify(describeHeaders(rejected, contentType)) : null,
  };
}

/** Returns an ID that any database can store and index, or `null` if the ID is empty. PostgreSQL cannot store null characters. */
const toLoggedId = (id: string): string | null =>
  id.slice(0, MAX_LENGTH).replaceAll("\0", "\uFFFD").toWellFormed() || null;

/** Removes the query, which no operation uses, and masks the digits of an unknown path, except the first digit of a version such as `/v1`. */
function toLoggedPath(path: string, { route }: RequestSummary): string {
  const [plain = ""] = path.split("?", 1);
  const masked = (route ? plain : plain.replace(/(?<!\/v)\p{Nd}/gu, "*")).slice(0, MAX_LENGTH);
  // Copies the string, because a substring can keep the whole string in memory.
  return masked === path ? path : Buffer.from(masked).toString();
}

/** Converts a stored call. Fields that can be derived are not stored. */
function toApiCall({ seq, loggedAt: _loggedAt, position: _position, ...row }: CallRow): ApiCall {
  const { result } = parseResponse(row.response);
  return {
    ...row,
    sequence: seq,
    operation: row.operation ?? undefined,
    requestTime: row.requestTime ?? undefined,
    clientId: row.clientId ?? undefined,
    vaultingRequestId: row.vaultingRequestId ?? undefined,
    resultCode: result?.resultCode,
    resultStatus: result?.resultStatus,
    signed: row.signed === 1,
    note: row.note ?? undefined,
    fault: row.fault ?? undefined,
    scenario: row.scenario ?? undefined,
    // Only this file writes these columns.
    source: (row.source ?? undefined) as ApiCall["source"],
    rejectedSignature:
      row.rejectedSignature === null
        ? undefined
        : (JSON.parse(row.rejectedSignature) as ControlSchemas["RejectedSignature"]),
  };
}

interface ParsedResponse {
  readonly result?: { readonly resultCode: string; readonly resultStatus: string };
}

const parseResponse = (body: string): ParsedResponse => (body === "" ? {} : (JSON.parse(body) as ParsedResponse));

/** Returns the ID of a request as it appears in the masked body, or an empty string. */
function findRequestId(body: unknown, masked: string): string {
  const id = getField(body, "vaultingRequestId");
  if (typeof id !== "string") return "";
  // Most masked bodies contain the ID unchanged. Parsing them would take much longer.
  if (masked.includes(`"vaultingRequestId":${JSON.stringify(id)}`)) return id;
  return String(getField(JSON.parse(masked), "vaultingRequestId") ?? "");
}
