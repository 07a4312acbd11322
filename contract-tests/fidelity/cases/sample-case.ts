/** A request that a source shows or rules out, and what has to come of it. */
import type { OperationId } from "../../../generated/operations.ts";

/** Whoever says whether a request is legal. `document` is its generated validators, and for a head its header schemas. */
export type Implementation = "document" | "prism" | "client" | "mock" | "sandbox";

export const IMPLEMENTATIONS: readonly Implementation[] = ["document", "prism", "client", "mock", "sandbox"];

/** Where a body breaks the document: JSON Pointer, and the schema's keyword. */
export type Violation = readonly [pointer: string, rule: string];

export interface Accepted {
  readonly accepted: true;
  /** The resultCode that the sandbox answers. */
  readonly comes: string;
}

export interface Rejected {
  readonly accepted: false;
  /** The resultCode that a gateway answers. */
  readonly code: string;
  /** For a body: every place that breaks the document, in the order in which it is told. */
  readonly breaks?: readonly Violation[];
}

export type Expected = Accepted | Rejected;

/** What is signed. */
export interface SignedMessage {
  readonly method: string;
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: string;
}

/** How the head of a request differs from the usual one. */
export interface RequestHead {
  readonly method?: string;
  /** Changes the path of the operation; the signature covers the changed one. */
  readonly path?: (path: string) => string;
  readonly clientId?: string;
  /** The text of Request-Time, `null` to leave it out. Default: milliseconds, now. */
  readonly time?: string | null;
  readonly contentType?: string | null;
  /** How header names are written. Default: as the vendor's pages write them. */
  readonly names?: (name: string) => string;
  readonly extra?: Readonly<Record<string, string>>;
  /** The Signature header made from the right signature in base64, `null` to leave it out. */
  readonly signature?: (base64: string) => string | null;
  /** What is signed in the place of what is sent. */
  readonly signs?: (sent: SignedMessage) => Partial<SignedMessage>;
  /** Signs with a key that the gateway does not know. */
  readonly foreignKey?: true;
}

export interface SampleCase {
  readonly id: string;
  /** What the row stands for, in a sentence. */
  readonly standsFor: string;
  /** Who shows or says it, in words. */
  readonly source: string;
  readonly operation: OperationId;
  /** The exact text of the body. */
  readonly text: string;
  readonly head?: RequestHead;
  readonly verdict: Expected;
  /** A judge that deliberately says something else, and why. The tests fail where it does not. */
  readonly differs?: Readonly<
    Partial<Record<Implementation, { readonly verdict: Expected; readonly because: string }>>
  >;
  /** A judge that cannot be asked, and why. */
  readonly notAsked?: Readonly<Partial<Record<Implementation, string>>>;
}

/** A request as a judge is asked about it; of one that is nothing but a body, the head is left out. */
export type CaseRequest = Pick<SampleCase, "operation" | "text" | "head">;

/** A row without its verdict. */
type PlainCase = Pick<SampleCase, "id" | "standsFor" | "source"> & {
  readonly operation?: OperationId;
  /** A value is written as compact JSON; a text is sent as it stands. */
  readonly body: object | string;
} & Partial<Pick<SampleCase, "head" | "differs" | "notAsked">>;

/** Columns of rows, by the source that shows them. */
export type Table<Columns extends readonly unknown[]> = Readonly<Record<string, readonly Readonly<Columns>[]>>;

export const createCases = <Columns extends readonly unknown[]>(
  table: Table<Columns>,
  rowOf: (source: string, ...columns: Readonly<Columns>) => SampleCase,
): readonly SampleCase[] =>
  Object.entries(table).flatMap(([source, rows]) => rows.map((columns) => rowOf(source, ...columns)));

/** What the sandbox answers to a legal request whose ID it does not know. */
const USUAL_CODE: Readonly<Record<OperationId, string>> = {
  vaultPaymentMethod: "SUCCESS",
  createVaultingSession: "SUCCESS",
  inquireVaulting: "VAULTING_NOT_EXIST",
};

const CLIENT_WRITES_HEADERS = "The client writes its own head, always in the same form.";
const PRISM_HAS_NO_HEADERS = "Prism, as the mock holds it, is given a body and no head.";
const NOT_JSON = "The text is no JSON, so there is no value to be given to it.";

function createCase({ operation = "vaultPaymentMethod", body, ...plain }: PlainCase, verdict: Expected): SampleCase {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const notAsked: SampleCase["notAsked"] = {
    ...(plain.head ? { client: CLIENT_WRITES_HEADERS, prism: PRISM_HAS_NO_HEADERS } : {}),
    ...(isJson(text) ? {} : { document: NOT_JSON, client: NOT_JSON, prism: NOT_JSON }),
    ...plain.notAsked,
  };
  return { ...plain, operation, text, verdict, ...(Object.keys(notAsked).length > 0 ? { notAsked } : {}) };
}

/** A request that must be accepted. `comes` is what the sandbox answers, where that is not the operation's usual code. */
export const accepts = ({ comes, ...plain }: PlainCase & { readonly comes?: string }): SampleCase =>
  createCase(plain, { accepted: true, comes: comes ?? USUAL_CODE[plain.operation ?? "vaultPaymentMethod"] });

/** A request whose body breaks the document. */
export const rejects = ({
  breaks,
  ...plain
}: PlainCase & { readonly breaks: Violation | readonly Violation[] }): SampleCase =>
  createCase(plain, {
    accepted: false,
    code: "PARAM_ILLEGAL",
    breaks: isSingle(breaks) ? [breaks] : breaks,
  });

/** A request that is refused for its head, or for a text that is no legal JSON, and not for what its body says. */
export const rejectsWith = (code: string, plain: PlainCase): SampleCase => createCase(plain, { accepted: false, code });

const isSingle = (breaks: Violation | readonly Violation[]): breaks is Violation => typeof breaks[0] === "string";

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
