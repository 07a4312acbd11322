/** Recorded exchanges. `antom-vault record` writes one {@link ExchangeRecord} per line, as JSON. */
import type { OperationId } from "../../../generated/operations.ts";
import type { ValidationIssue } from "../../../generated/validators.js";
import type { MaskedBody } from "./mask-body.ts";

/** Header names and values, in their original order. */
export type HeaderList = readonly (readonly [string, string])[];

/** `verified`, `not-checked` (for example, without a key), or the reason why the signature is invalid. */
export type SignatureFinding = string;
export const VERIFIED = "verified";
export const NOT_CHECKED = "not-checked";

/** Findings about a request. The recorder determines them before it masks the request. */
export interface RequestFindings {
  /** Where the request does not match the OpenAPI document. Contains no values. */
  readonly issues: readonly ValidationIssue[];
  readonly signature: SignatureFinding;
}
export interface ResponseFindings {
  readonly signature: SignatureFinding;
  /** The response rules that this response violates. */
  readonly broken: readonly { readonly rule: string; readonly message: string }[];
}

/** Why an exchange has no complete response, and which side ended it. */
export interface MissingResponse {
  readonly by: "target" | "client" | "unknown";
  readonly why: string;
}

interface StoredMessage {
  /** The headers of the API contract, without a signature that would confirm a guess of a masked value. */
  readonly headers: HeaderList;
  readonly body: MaskedBody;
  /** The length of the original body in bytes. */
  readonly bytes: number;
}

/** A line of a recording. */
export interface ExchangeRecord {
  /** The version of this format. */
  readonly antomVaultRecording: 1;
  /** When the request was received: ISO 8601 in UTC. */
  readonly time: string;
  /** The duration of the exchange in milliseconds. */
  readonly durationMs: number;
  readonly target: string;
  readonly operation: OperationId;
  readonly request: StoredMessage & { readonly method: string; readonly path: string } & RequestFindings;
  readonly response?: StoredMessage & { readonly status: number } & ResponseFindings;
  readonly noResponse?: MissingResponse;
}

export interface RecordedBody {
  readonly text: string;
  /** Whether the text equals the original body. */
  readonly raw: boolean;
  readonly masked: readonly string[];
}

/** The parts that are missing from a recording by a different tool, with the reasons. These parts must not be checked. */
export interface Gaps {
  /** The headers of the API contract that are redacted or missing. */
  readonly headers: readonly string[];
  readonly body: string | undefined;
  /** Why the signature cannot be verified. If this is set, the signature must not be reported as invalid. */
  readonly signature?: string;
}

/** An exchange from a recording in any format. */
export interface RecordedExchange {
  /** The location in the file, for example `line 12` or `entry 3`. */
  readonly place: string;
  readonly operation: OperationId;
  /** When the request was received, in milliseconds since the Unix epoch, if the recording contains the time. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: HeaderList;
    readonly body: RecordedBody | undefined;
    readonly findings?: RequestFindings;
    readonly gaps?: Gaps;
  };
  readonly response?: {
    readonly status: number;
    readonly headers: HeaderList;
    readonly body: RecordedBody | undefined;
    readonly findings?: ResponseFindings;
    readonly gaps?: Gaps;
  };
  readonly noResponse?: MissingResponse;
}

/** A line or entry that cannot be read. The reason never quotes the entry. */
export interface UnreadableEntry {
  readonly place: string;
  readonly reason: string;
}

export interface Recording {
  readonly exchanges: readonly RecordedExchange[];
  readonly unreadable: readonly UnreadableEntry[];
  /** The number of entries that do not call an operation of the API. */
  readonly otherCount: number;
}
