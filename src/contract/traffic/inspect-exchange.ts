/** Validates a proxied exchange and creates its masked record. */
import type { OperationId } from "../../../generated/operations.ts";
import { maskCardNumbers, toPrintable } from "../../cards/mask-card-data.ts";
import { maskKnownCard } from "../../cards/mask-known-card.ts";
import { isJsonMediaType, parseMessageTime } from "../../protocol/http.ts";
import { BODY_LIMIT, type JsonResult, parseJson } from "../../protocol/json.ts";
import { isInvalidHeader, parseSignatureHeader } from "../../signature/index.ts";
import { type MaskedBody, maskBody } from "./mask-body.ts";
import {
  checkRules,
  type ObservedRequest,
  toExchange,
  toHeaders,
  type VerificationKeys,
  validateRequest,
  verifyRequest,
} from "./observed-request.ts";
import {
  type ExchangeRecord,
  type HeaderList,
  type MissingResponse,
  NOT_CHECKED,
  type RequestFindings,
  type ResponseFindings,
  VERIFIED,
} from "./recording.ts";

/** A proxied body. Its bytes are `undefined` if it was too large to inspect or could not be decoded. */
export interface ProxiedBody {
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly length: number;
}

/** A proxied exchange. The body of its response is decoded, because the signature covers the decoded body. */
export interface ProxiedExchange {
  readonly operation: OperationId;
  readonly target: string;
  /** When the request was received, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: HeaderList;
    readonly body: ProxiedBody;
  };
  readonly response?: { readonly status: number; readonly headers: HeaderList; readonly body: ProxiedBody };
  readonly missingResponse?: MissingResponse;
}

export interface InspectOptions extends VerificationKeys {
  /** Whether unknown fields and codes are accepted in responses. */
  readonly lenient: boolean;
  /** Whether the vaultingRequestId was also used with different content. */
  readonly reusesId: boolean;
}

/** Creates the record of an exchange with its findings. Masks card data, and omits the signatures of the request and of a masked response. */
export async function inspectExchange(exchange: ProxiedExchange, options: InspectOptions): Promise<ExchangeRecord> {
  const { operation, target, startedAt, endedAt, request, response, missingResponse } = exchange;
  const bytes = request.body.bytes ?? new Uint8Array();
  // Parse the body only once, because parsing a large body several times would block the event loop for too long.
  const parsed = parseJson(bytes);
  const observed = { ...request, operation, headers: toHeaders(request.headers), bytes, parsed };
  const requestFindings: RequestFindings = request.body.bytes
    ? await inspectRequest(observed, options)
    : { issues: [{ pointer: "", rule: "size", message: UNREADABLE }], signature: NOT_CHECKED };
  const sent = parsed.ok ? parsed.value : undefined;
  const record: ExchangeRecord = {
    antomVaultRecording: 1,
    time: new Date(startedAt).toISOString(),
    durationMs: endedAt - startedAt,
    target,
    operation,
    request: {
      method: request.method,
      path: maskPath(request.path),
      headers: request.headers.flatMap(createHeaderFilter(REQUEST_HEADERS)),
      ...toStoredBody(request.body, undefined, parsed),
      ...requestFindings,
    },
    ...(response && !missingResponse
      ? {
          response: {
            ...toStoredResponse(response, sent),
            ...(await inspectResponse(observed, response, endedAt, requestFindings, options)),
          },
        }
      : {}),
    ...(missingResponse ? { noResponse: missingResponse } : {}),
  };
  const text = JSON.stringify(record);
  const masked = maskKnownCard(text, sent);
  // Masking changes only the content of strings, so the result has the same type.
  return masked === text ? record : (JSON.parse(masked) as ExchangeRecord);
}

async function inspectRequest(observed: ObservedRequest, keys: VerificationKeys): Promise<RequestFindings> {
  const issues = validateRequest(observed).map(({ pointer, rule, message }) => ({
    pointer: toPrintable(pointer),
    rule,
    message: toPrintable(message),
  }));
  return { issues, signature: await verifyRequest(observed, keys) };
}

const UNREADABLE = `is larger than ${BODY_LIMIT} bytes, or its content coding cannot be decoded`;

async function inspectResponse(
  observed: ObservedRequest,
  { status, headers, body: { bytes } }: NonNullable<ProxiedExchange["response"]>,
  receivedAt: number,
  requestFindings: RequestFindings,
  { antom, lenient, reusesId }: InspectOptions,
): Promise<ResponseFindings> {
  if (!bytes)
    return { signature: NOT_CHECKED, broken: [{ rule: "documented", message: `Response body ${UNREADABLE}.` }] };
  const received = { status, headers: toHeaders(headers), bytes, receivedAt };
  // Formatting the request for a failure takes a long time, and only the first line of a failure is stored.
  const unprinted = { ...observed, bytes: new Uint8Array() };
  const exchange = await toExchange(unprinted, received, { ...requestFindings, keyring: antom, lenient, reusesId });
  const { violations } = checkRules(exchange, (id) => id !== "signed" || antom !== undefined);
  return {
    signature: antom ? (exchange.signatureError ?? VERIFIED) : NOT_CHECKED,
    broken: violations.map(({ rule, failure }) => ({ rule, message: toPrintable(failure.split("\n", 1)[0] ?? "") })),
  };
}

function toStoredBody(
  { bytes, length }: ProxiedBody,
  request?: unknown,
  parsed?: JsonResult,
): { readonly body: MaskedBody; readonly bytes: number } {
  const body: MaskedBody = bytes ? maskBody(bytes, request, parsed) : { text: "", form: "left-out", masked: [] };
  return { body, bytes: length };
}

function toStoredResponse({ status, headers, body }: NonNullable<ProxiedExchange["response"]>, request: unknown) {
  const stored = toStoredBody(body, request);
  // The signature of a masked response would confirm a guess of a masked value, such as an expiry date.
  const names = stored.body.form === "raw" ? RESPONSE_HEADERS : UNSIGNED_RESPONSE_HEADERS;
  return { status, headers: headers.flatMap(createHeaderFilter(names)), ...stored };
}

/** Masks card numbers in a path, and all digits in its query, because a query can contain any data. */
function maskPath(path: string): string {
  const [plain = "", ...query] = path.split("?");
  return maskCardNumbers(plain) + (query.length > 0 ? `?${query.join("?").replace(/\d/g, "*")}` : "");
}

/** The request headers to store. The signature is omitted, because it would confirm a guess of the CVV. */
const REQUEST_HEADERS: ReadonlySet<string> = new Set(["content-type", "content-encoding", "client-id", "request-time"]);
const UNSIGNED_RESPONSE_HEADERS: ReadonlySet<string> = new Set(["content-type", "client-id", "response-time"]);
const RESPONSE_HEADERS: ReadonlySet<string> = new Set([...UNSIGNED_RESPONSE_HEADERS, "signature"]);

/** Creates a function that keeps the named headers, and masks the digits of a value that might contain a card number. */
const createHeaderFilter =
  (names: ReadonlySet<string>) =>
  ([name, value]: readonly [string, string]): HeaderList => {
    const lower = name.toLowerCase();
    if (!names.has(lower)) return [];
    const isSafe =
      (lower === "client-id" && /[A-Za-z]/.test(value)) ||
      // Until 2033, a Unix time in nanoseconds starts with 1. No card number has 19 digits and starts with 1.
      (lower.endsWith("-time") && (parseMessageTime(value) !== undefined || /^1\d{18}$/.test(value))) ||
      (lower === "signature" && !isInvalidHeader(parseSignatureHeader(value))) ||
      (lower === "content-type" && isJsonMediaType(value));
    return [[lower, isSafe ? value : value.replace(/\d/g, "*")]];
  };
