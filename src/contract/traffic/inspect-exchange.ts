/** Looks at an exchange while it passes, and makes of it what may be kept. */
import type { OperationId } from "../../../generated/operations.ts";
import { maskNumbers, printable } from "../../cards/mask-card-data.ts";
import { isJsonMediaType, parseMessageTime } from "../../protocol/http.ts";
import { BODY_LIMIT } from "../../protocol/json.ts";
import { isFault, parseSignatureHeader } from "../../signature/index.ts";
import { type MaskedBody, maskBody } from "./mask-body.ts";
import { headersFrom, heldAgainst, issuesOf, type Keys, overhear, signatureOf } from "./observed-request.ts";
import {
  type AnswerFindings,
  type ExchangeRecord,
  type HeaderList,
  NOT_CHECKED,
  type NoAnswer,
  type RequestFindings,
  VERIFIED,
} from "./recording.ts";

/** A body that passed; its bytes are there unless it was too large to be looked at. */
export interface PassedBody {
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly length: number;
}

/** An exchange that passed. Bodies are those that were signed: without a content coding. */
export interface Passed {
  readonly operation: OperationId;
  readonly target: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: HeaderList;
    readonly body: PassedBody;
  };
  readonly answer?: { readonly status: number; readonly headers: HeaderList; readonly body: PassedBody };
  readonly noAnswer?: NoAnswer;
}

export interface InspectOptions extends Keys {
  /** Fields and codes that the document does not name are accepted in answers. */
  readonly lenient: boolean;
  /** Whether the request's ID came with other content too. */
  readonly otherContent: boolean;
}

/** What is found, and the exchange as it may be written to a file: card data masked, and no signature over it. */
export async function inspect(passed: Passed, options: InspectOptions): Promise<ExchangeRecord> {
  const { operation, target, startedAt, endedAt, request, answer, noAnswer } = passed;
  const found = await findInRequest(passed, options);
  return {
    antomVaultRecording: 1,
    time: new Date(startedAt).toISOString(),
    ms: endedAt - startedAt,
    target,
    operation,
    request: {
      method: request.method,
      path: pathKept(request.path),
      headers: request.headers.flatMap(headerKept(REQUEST_HEADERS)),
      ...bodyKept(request.body),
      ...found,
    },
    ...(answer && !noAnswer
      ? {
          answer: {
            status: answer.status,
            headers: answer.headers.flatMap(headerKept(ANSWER_HEADERS)),
            ...bodyKept(answer.body),
            ...(await findInAnswer(passed, found, options)),
          },
        }
      : {}),
    ...(noAnswer ? { noAnswer } : {}),
  };
}

async function findInRequest({ operation, request }: Passed, keys: Keys): Promise<RequestFindings> {
  const { bytes } = request.body;
  if (!bytes) return { issues: [{ pointer: "", rule: "size", message: UNREAD }], signature: NOT_CHECKED };
  const overheard = { ...request, operation, headers: headersFrom(request.headers), bytes };
  const issues = issuesOf(overheard).map(({ pointer, rule, message }) => ({
    pointer: printable(pointer),
    rule,
    message: printable(message),
  }));
  return { issues, signature: await signatureOf(overheard, keys) };
}

const UNREAD = `is larger than ${BODY_LIMIT} bytes, or its content coding cannot be undone`;

async function findInAnswer(
  { operation, endedAt, request, answer }: Passed,
  found: RequestFindings,
  { antom, lenient, otherContent }: InspectOptions,
): Promise<AnswerFindings> {
  const { bytes } = answer?.body ?? {};
  if (!answer || !bytes)
    return { signature: NOT_CHECKED, broken: [{ rule: "documented", message: `The body ${UNREAD}.` }] };
  const overheard = {
    ...request,
    operation,
    headers: headersFrom(request.headers),
    bytes: request.body.bytes ?? new Uint8Array(),
  };
  const received = { status: answer.status, headers: headersFrom(answer.headers), bytes, receivedAt: endedAt };
  const exchange = await overhear(overheard, received, { ...found, keyring: antom, lenient, otherContent });
  const { broken } = heldAgainst(exchange, (id) => id !== "signed" || antom !== undefined);
  return {
    signature: antom ? (exchange.signatureFault ?? VERIFIED) : NOT_CHECKED,
    broken: broken.map(({ rule, failure }) => ({ rule, message: printable(failure.split("\n", 1)[0] ?? "") })),
  };
}

function bodyKept({ bytes, length }: PassedBody): { readonly body: MaskedBody; readonly bytes: number } {
  const body: MaskedBody = bytes ? maskBody(bytes) : { text: "", form: "left-out", masked: [] };
  return { body, bytes: length };
}

/** A query is nobody's here, and may hold anything. */
function pathKept(path: string): string {
  const [plain = "", ...query] = path.split("?");
  return maskNumbers(plain) + (query.length > 0 ? `?${query.join("?").replace(/\d/g, "*")}` : "");
}

/** The headers that the contract speaks of. A request's signature is not among them: it confirms a guess at a CVV. */
const REQUEST_HEADERS: ReadonlySet<string> = new Set(["content-type", "content-encoding", "client-id", "request-time"]);
const ANSWER_HEADERS: ReadonlySet<string> = new Set(["content-type", "client-id", "response-time", "signature"]);

/** A header of those as it stands where its form leaves no room for a card number, else masked. */
const headerKept =
  (names: ReadonlySet<string>) =>
  ([name, value]: readonly [string, string]): HeaderList => {
    const lower = name.toLowerCase();
    if (!names.has(lower)) return [];
    const safe =
      (lower === "client-id" && /[A-Za-z]/.test(value)) ||
      (lower.endsWith("-time") && parseMessageTime(value) !== undefined) ||
      (lower === "signature" && !isFault(parseSignatureHeader(value))) ||
      (lower === "content-type" && isJsonMediaType(value));
    return [[lower, safe ? value : value.replace(/\d/g, "*")]];
  };
