/** Recorded exchanges: the form in which `antom-vault record` writes them, one JSON object per line. */
import type { OperationId } from "../../../generated/operations.ts";
import type { Issue } from "../../../generated/validators.js";
import type { MaskedBody } from "./mask-body.ts";

/** Names and values in the order in which they came. */
export type HeaderList = readonly (readonly [string, string])[];

/** `verified`, `not-checked` where there was no key for it, or a sentence that says why it does not verify. */
export type SignatureFinding = string;
export const VERIFIED = "verified";
export const NOT_CHECKED = "not-checked";

/** What was found of an exchange while its unmasked bytes passed. */
export interface RequestFindings {
  /** Where the request breaks the document: never a value. */
  readonly issues: readonly Issue[];
  readonly signature: SignatureFinding;
}
export interface ResponseFindings {
  readonly signature: SignatureFinding;
  /** The rules for all answers that this one breaks. */
  readonly broken: readonly { readonly rule: string; readonly message: string }[];
}

/** Who ended an exchange before an answer was whole, and how. */
export interface MissingResponse {
  readonly by: "target" | "client" | "unknown";
  readonly why: string;
}

interface StoredMessage {
  /** Those that the contract speaks of. The request's signature is never one of them: it would confirm a guess at what is masked. */
  readonly headers: HeaderList;
  readonly body: MaskedBody;
  /** Bytes of the body as they passed. */
  readonly bytes: number;
}

/** One line of a recording. */
export interface ExchangeRecord {
  /** The version of this form. */
  readonly antomVaultRecording: 1;
  /** When the request came: ISO 8601 in UTC. */
  readonly time: string;
  /** Until the answer was whole. */
  readonly durationMs: number;
  readonly target: string;
  readonly operation: OperationId;
  readonly request: StoredMessage & { readonly method: string; readonly path: string } & RequestFindings;
  readonly response?: StoredMessage & { readonly status: number } & ResponseFindings;
  readonly noResponse?: MissingResponse;
}

/** A body that was recorded; `undefined` where it was not. */
export interface RecordedBody {
  readonly text: string;
  /** The text is the body that passed. */
  readonly raw: boolean;
  readonly masked: readonly string[];
}

/** An exchange as any form of recording tells it. */
export interface RecordedExchange {
  /** For example `line 12` or `entry 3`. */
  readonly place: string;
  readonly operation: OperationId;
  /** Milliseconds since 1970. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: HeaderList;
    readonly body: RecordedBody | undefined;
    readonly findings?: RequestFindings;
  };
  readonly response?: {
    readonly status: number;
    readonly headers: HeaderList;
    readonly body: RecordedBody | undefined;
    readonly findings?: ResponseFindings;
  };
  readonly noResponse?: MissingResponse;
}

/** A line or an entry that cannot be read, and why. Quotes nothing. */
export interface UnreadableEntry {
  readonly place: string;
  readonly why: string;
}

export interface Recording {
  readonly exchanges: readonly RecordedExchange[];
  readonly unreadable: readonly UnreadableEntry[];
  /** How many entries were readable and call no operation of the API. */
  readonly otherCount: number;
}
