/** A request that a source shows or rules out, and what has to come of it. */
import type { OperationId } from "../../../generated/operations.ts";

/** Whoever says whether a request is legal. `document` is its generated validators, and for a head its header schemas. */
export type Judge = "document" | "prism" | "client" | "mock" | "sandbox";

export const JUDGES: readonly Judge[] = ["document", "prism", "client", "mock", "sandbox"];

/** Where a body breaks the document: JSON Pointer, and the schema's keyword. */
export type Break = readonly [pointer: string, rule: string];

export interface Accepted {
  readonly accepted: true;
  /** The resultCode that the sandbox answers. */
  readonly comes: string;
}

export interface Refused {
  readonly accepted: false;
  /** The resultCode that a gateway answers. */
  readonly code: string;
  /** For a body: every place that breaks the document, in the order in which it is told. */
  readonly breaks?: readonly Break[];
}

export type Verdict = Accepted | Refused;

/** What is signed. */
export interface Signed {
  readonly method: string;
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: string;
}

/** How the head of a request differs from the usual one. */
export interface Head {
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
  readonly signs?: (sent: Signed) => Partial<Signed>;
  /** Signs with a key that the gateway does not know. */
  readonly foreignKey?: true;
}

export interface Row {
  readonly id: string;
  /** What the row stands for, in a sentence. */
  readonly standsFor: string;
  /** Who shows or says it, in words. */
  readonly source: string;
  readonly operation: OperationId;
  /** The exact text of the body. */
  readonly text: string;
  readonly head?: Head;
  readonly verdict: Verdict;
  /** A judge that deliberately says something else, and why. The tests fail where it does not. */
  readonly differs?: Readonly<Partial<Record<Judge, { readonly verdict: Verdict; readonly because: string }>>>;
  /** A judge that cannot be asked, and why. */
  readonly notAsked?: Readonly<Partial<Record<Judge, string>>>;
}

/** A request as a judge is asked about it; of one that is nothing but a body, the head is left out. */
export type Asked = Pick<Row, "operation" | "text" | "head">;

/** A row without its verdict. */
type Plain = Pick<Row, "id" | "standsFor" | "source"> & {
  readonly operation?: OperationId;
  /** A value is written as compact JSON; a text is sent as it stands. */
  readonly body: object | string;
} & Partial<Pick<Row, "head" | "differs" | "notAsked">>;

/** Columns of rows, by the source that shows them. */
export type Table<Columns extends readonly unknown[]> = Readonly<Record<string, readonly Readonly<Columns>[]>>;

export const bySource = <Columns extends readonly unknown[]>(
  table: Table<Columns>,
  rowOf: (source: string, ...columns: Readonly<Columns>) => Row,
): readonly Row[] =>
  Object.entries(table).flatMap(([source, rows]) => rows.map((columns) => rowOf(source, ...columns)));

/** What the sandbox answers to a legal request whose ID it does not know. */
const COMES: Readonly<Record<OperationId, string>> = {
  vaultPaymentMethod: "SUCCESS",
  createVaultingSession: "SUCCESS",
  inquireVaulting: "VAULTING_NOT_EXIST",
};

const OWN_HEAD = "The client writes its own head, always in the same form.";
const NO_HEAD = "Prism, as the mock holds it, is given a body and no head.";
const NO_VALUE = "The text is no JSON, so there is no value to be given to it.";

function rowOf({ operation = "vaultPaymentMethod", body, ...plain }: Plain, verdict: Verdict): Row {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const notAsked: Row["notAsked"] = {
    ...(plain.head ? { client: OWN_HEAD, prism: NO_HEAD } : {}),
    ...(isJson(text) ? {} : { document: NO_VALUE, client: NO_VALUE, prism: NO_VALUE }),
    ...plain.notAsked,
  };
  return { ...plain, operation, text, verdict, ...(Object.keys(notAsked).length > 0 ? { notAsked } : {}) };
}

/** A request that must be accepted. `comes` is what the sandbox answers, where that is not the operation's usual code. */
export const takes = ({ comes, ...plain }: Plain & { readonly comes?: string }): Row =>
  rowOf(plain, { accepted: true, comes: comes ?? COMES[plain.operation ?? "vaultPaymentMethod"] });

/** A request whose body breaks the document. */
export const refuses = ({ breaks, ...plain }: Plain & { readonly breaks: Break | readonly Break[] }): Row =>
  rowOf(plain, {
    accepted: false,
    code: "PARAM_ILLEGAL",
    breaks: isOne(breaks) ? [breaks] : breaks,
  });

/** A request that is refused for its head, or for a text that is no legal JSON, and not for what its body says. */
export const refusesWith = (code: string, plain: Plain): Row => rowOf(plain, { accepted: false, code });

const isOne = (breaks: Break | readonly Break[]): breaks is Break => typeof breaks[0] === "string";

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
