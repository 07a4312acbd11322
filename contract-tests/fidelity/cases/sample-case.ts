/** A request that a source shows or forbids, and its expected result. */
import type { OperationId } from "../../../generated/operations.ts";

/** An implementation that validates requests. `document` uses the generated validators and, for a request head, the header schemas. */
export type Implementation = "document" | "prism" | "client" | "mock" | "sandbox";

export const IMPLEMENTATIONS: readonly Implementation[] = ["document", "prism", "client", "mock", "sandbox"];

/** A violation of the document: a JSON Pointer into the body, and a schema keyword. */
export type Violation = readonly [pointer: string, rule: string];

export interface Accepted {
  readonly accepted: true;
  /** The resultCode of the sandbox. */
  readonly resultCode: string;
}

export interface Rejected {
  readonly accepted: false;
  /** The resultCode of the mock and the sandbox. */
  readonly code: string;
  /** All violations in the body, in the order in which they are reported. */
  readonly violations?: readonly Violation[];
}

export type Expected = Accepted | Rejected;

/** The parts of the string to sign. */
export interface SignedMessage {
  readonly method: string;
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: string;
}

/** The values in the head of a request. */
export interface SentHead extends Pick<SignedMessage, "path" | "clientId" | "time"> {
  readonly host: string;
  readonly signature: string;
  /** The length of the body in bytes. */
  readonly length: number;
}

/** Changes to the default head of a request. */
export interface RequestHead {
  readonly method?: string;
  /** Changes the path of the operation. The signature covers the changed path. */
  readonly path?: (path: string) => string;
  readonly clientId?: string;
  /** The Request-Time header, or `null` to omit it. Default: the current time in milliseconds. */
  readonly time?: string | null;
  readonly contentType?: string | null;
  /** Changes header names. Default: the names on Antom's pages. */
  readonly names?: (name: string) => string;
  readonly extra?: Readonly<Record<string, string>>;
  /** Returns all lines of the head, including the request line. Replaces `names`, `extra`, and `contentType`. */
  readonly lines?: (sent: SentHead) => readonly string[];
  /** Creates the Signature header from the valid signature in base64. Returns `null` to omit it. */
  readonly signature?: (base64: string) => string | null;
  /** Returns the values that are signed instead of the sent values. */
  readonly signed?: (sent: SignedMessage) => Partial<SignedMessage>;
  /** Signs with a key that the gateway does not know. */
  readonly unknownKey?: true;
}

export interface SampleCase {
  readonly id: string;
  /** A sentence that describes the case. Test names contain it. */
  readonly description: string;
  /** The page or SDK that the case comes from. */
  readonly source: string;
  readonly operation: OperationId;
  /** The exact body. */
  readonly text: string;
  readonly head?: RequestHead;
  readonly expected: Expected;
  /** Implementations that deliberately return a different result, with the reason. The tests expect that result. */
  readonly differences?: Readonly<
    Partial<Record<Implementation, { readonly expected: Expected; readonly reason: string }>>
  >;
  /** Implementations that cannot run the case, with the reason. */
  readonly skipped?: Readonly<Partial<Record<Implementation, string>>>;
}

/** The request of a case. `head` is missing if the case changes only the body. */
export type CaseRequest = Pick<SampleCase, "operation" | "text" | "head">;

/** A case without its expected result. */
type PlainCase = Pick<SampleCase, "id" | "description" | "source"> & {
  readonly operation?: OperationId;
  /** An object is sent as compact JSON. A string is sent unchanged. */
  readonly body: object | string;
} & Partial<Pick<SampleCase, "head" | "differences" | "skipped">>;

/** Rows of case data, grouped by source. */
export type Table<Columns extends readonly unknown[]> = Readonly<Record<string, readonly Readonly<Columns>[]>>;

export const createCases = <Columns extends readonly unknown[]>(
  table: Table<Columns>,
  toCase: (source: string, ...columns: Readonly<Columns>) => SampleCase,
): readonly SampleCase[] =>
  Object.entries(table).flatMap(([source, cases]) => cases.map((columns) => toCase(source, ...columns)));

/** The sandbox's result code for a valid request with a new ID. */
const USUAL_CODES: Readonly<Record<OperationId, string>> = {
  vaultPaymentMethod: "SUCCESS",
  createVaultingSession: "SUCCESS",
  inquireVaulting: "VAULTING_NOT_EXIST",
};

const CLIENT_WRITES_HEADERS = "The client always writes the same headers.";
const PRISM_HAS_NO_HEADERS = "The mock passes only the body to Prism.";
const NOT_JSON = "The body is not JSON, so there is no value to validate.";

function createCase({ operation = "vaultPaymentMethod", body, ...plain }: PlainCase, expected: Expected): SampleCase {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const skipped: SampleCase["skipped"] = {
    ...(plain.head ? { client: CLIENT_WRITES_HEADERS, prism: PRISM_HAS_NO_HEADERS } : {}),
    ...(isJson(text) ? {} : { document: NOT_JSON, client: NOT_JSON, prism: NOT_JSON }),
    ...plain.skipped,
  };
  return { ...plain, operation, text, expected, ...(Object.keys(skipped).length > 0 ? { skipped } : {}) };
}

/** Creates a case that must be accepted. `resultCode` is the sandbox's result code if it is not the usual one. */
export const createAcceptedCase = ({
  resultCode,
  ...plain
}: PlainCase & { readonly resultCode?: string }): SampleCase =>
  createCase(plain, { accepted: true, resultCode: resultCode ?? USUAL_CODES[plain.operation ?? "vaultPaymentMethod"] });

/** Creates a case whose body violates the document. */
export const createInvalidCase = ({
  violations,
  ...plain
}: PlainCase & { readonly violations: Violation | readonly Violation[] }): SampleCase =>
  createCase(plain, {
    accepted: false,
    code: "PARAM_ILLEGAL",
    violations: isSingleViolation(violations) ? [violations] : violations,
  });

/** Creates a case that is rejected because of its head or because of the JSON text of its body. */
export const createRejectedCase = (code: string, plain: PlainCase): SampleCase =>
  createCase(plain, { accepted: false, code });

const isSingleViolation = (violations: Violation | readonly Violation[]): violations is Violation =>
  typeof violations[0] === "string";

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
