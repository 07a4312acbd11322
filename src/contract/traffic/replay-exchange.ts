/** Checks a recorded exchange against the API contract. */
import { describeIssues, type ValidationIssue } from "../../protocol/errors.ts";
import { parseJson } from "../../protocol/json.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import type { Keyring } from "../../signature/index.ts";
import type { Exchange } from "../model/exchange.ts";
import { summarizeResponse } from "../rules/assertions.ts";
import { formatExchange, formatRequestBody } from "../rules/fail.ts";
import { RESPONSE_RULES } from "../rules/response-rules.ts";
import { maskBody } from "./mask-body.ts";
import {
  checkRules,
  type ExchangeFacts,
  isInvalidSignature,
  type ObservedRequest,
  toExchange,
  toHeaders,
  type VerificationKeys,
  validateRequest,
  verifyRequest,
} from "./observed-request.ts";
import { NOT_CHECKED, type RecordedBody, type RecordedExchange, type RequestFindings, VERIFIED } from "./recording.ts";

export interface ReplayOptions extends VerificationKeys {
  /** Whether unknown fields and codes are accepted in responses. */
  readonly lenient: boolean;
}

/** The outcome of a check for an exchange. `passed` is `undefined` if the check was skipped. `failure` and `reason` contain no card data. */
export type Outcome =
  | { readonly passed: true }
  | { readonly passed: false; readonly failure: string }
  | { readonly passed: undefined; readonly reason: string };

/** An outcome with the location of its exchange in the recording. */
export type PlacedOutcome = Outcome & { readonly place?: string };

export interface CheckedExchange {
  readonly recorded: RecordedExchange;
  /** Present if a response was recorded. The `bytes` of both messages are masked for display. */
  readonly exchange?: Exchange;
  /** The outcome of each check, by the part of its ID after the operation, for example `response.signed`. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

export const PASSED: Outcome = { passed: true };
const failWith = (failure: string): Outcome => ({ passed: false, failure });
const skipWith = (reason: string): Outcome => ({ passed: undefined, reason });

/** Checks an exchange against every rule for which the recording contains enough data. */
export async function checkRecordedExchange(
  recorded: RecordedExchange,
  reusesId: boolean,
  options: ReplayOptions,
): Promise<CheckedExchange> {
  const { operation, request } = recorded;
  const headers = toHeaders(request.headers);
  const bytes = encodeBody(request.body);
  const observed = { ...request, operation, headers, bytes, parsed: parseJson(bytes) };
  const findings = await collectFindings(recorded, observed, options);
  const outcomes = new Map<string, Outcome>([
    ["request.documented", checkRequest(recorded, findings)],
    ["request.signed", checkRequestSignature(recorded, findings)],
    ["response.received", checkResponseReceived(recorded)],
  ]);
  const facts = { ...findings, keyring: options.antom, lenient: options.lenient, reusesId };
  const exchange = await createExchange(recorded, observed, facts);
  if (!exchange) return { recorded, outcomes };
  for (const [rule, outcome] of checkResponse(recorded, exchange, options.antom))
    outcomes.set(`response.${rule}`, outcome);
  outcomes.set("response.rejected", checkRejected(recorded, exchange, findings));
  return { recorded, exchange, outcomes };
}

export const encodeBody = (body: RecordedBody | undefined): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(body?.text ?? "");

/** Combines the findings at the time of recording with new findings about the recorded request. */
async function collectFindings(
  { request: { body, findings, gaps } }: RecordedExchange,
  observed: ObservedRequest,
  keys: VerificationKeys,
): Promise<RequestFindings> {
  const currentIssues = body ? validateRequest(observed).filter(({ pointer }) => !body.masked.includes(pointer)) : [];
  if (findings) return { issues: mergeIssues(findings.issues, currentIssues), signature: findings.signature };
  const signature = body?.raw && !gaps?.signature ? await verifyRequest(observed, keys) : NOT_CHECKED;
  return { issues: currentIssues, signature };
}

type Issues = readonly ValidationIssue[];
function mergeIssues(recorded: Issues, current: Issues): Issues {
  const isKnown = ({ pointer, rule }: ValidationIssue) =>
    recorded.some((issue) => issue.pointer === pointer && issue.rule === rule);
  return [...recorded, ...current.filter((issue) => !isKnown(issue))];
}

function checkRequest({ request }: RecordedExchange, { issues }: RequestFindings): Outcome {
  if (issues.length > 0)
    return failWith(
      `Request does not match the OpenAPI document: ${describeIssues(issues)}.${formatRequestLine(request.body)}`,
    );
  return request.body || request.findings
    ? PASSED
    : skipWith(request.gaps?.body ?? "The recording does not contain the body of the request.");
}

function checkRequestSignature({ request }: RecordedExchange, { signature }: RequestFindings): Outcome {
  if (signature === VERIFIED) return PASSED;
  if (signature !== NOT_CHECKED)
    return failWith(`Request signature is invalid: ${signature}${formatRequestLine(request.body)}`);
  const gap = request.gaps?.signature ?? request.gaps?.body;
  if (gap !== undefined) return skipWith(gap);
  return skipWith(
    request.findings
      ? "The recorder had no merchant public key, and the signature of a masked request cannot be verified later."
      : "No merchant public key is set (use --credentials FILE).",
  );
}

const formatRequestLine = (body: RecordedBody | undefined): string =>
  body ? `\nRequest: ${formatRequestBody({ bytes: maskForDisplay(encodeBody(body)) })}` : "";

function checkResponseReceived({ noResponse }: RecordedExchange): Outcome {
  if (!noResponse) return PASSED;
  return noResponse.by === "target"
    ? failWith(`No response from the target: ${noResponse.why}`)
    : skipWith(noResponse.why);
}

async function createExchange(
  recorded: RecordedExchange,
  request: ObservedRequest,
  facts: ExchangeFacts,
): Promise<Exchange | undefined> {
  const { response, endedAt } = recorded;
  if (!response) return undefined;
  const received = {
    status: response.status,
    headers: toHeaders(response.headers),
    bytes: encodeBody(response.body),
    ...(endedAt === undefined ? {} : { receivedAt: endedAt }),
  };
  const exchange = await toExchange(request, received, facts);
  // From here on, the bytes are only displayed.
  return {
    ...exchange,
    bytes: maskForDisplay(exchange.bytes, exchange.requestBody),
    request: { ...exchange.request, bytes: maskForDisplay(request.bytes) },
  };
}

function maskForDisplay(bytes: Uint8Array<ArrayBuffer>, request?: unknown): Uint8Array<ArrayBuffer> {
  const { text, form } = maskBody(bytes, request);
  const display = form === "left-out" ? `(${bytes.byteLength} bytes are not shown)` : text;
  return new TextEncoder().encode(display);
}

function checkResponse(
  recorded: RecordedExchange,
  exchange: Exchange,
  key: Keyring | undefined,
): readonly (readonly [string, Outcome])[] {
  const findings = recorded.response?.findings;
  const reasons = new Map(RESPONSE_RULES.map(({ id }) => [id, findSkipReason(id, recorded, exchange, key)]));
  const { checked, violations } = checkRules(exchange, (id) => reasons.get(id) === undefined);
  return RESPONSE_RULES.flatMap(({ id }): readonly (readonly [string, Outcome])[] => {
    const failure = violations.find(({ rule }) => rule === id)?.failure;
    if (failure !== undefined) return [[id, failWith(failure)]];
    if (checked.includes(id)) return [[id, PASSED]];
    const before = findings?.broken.find(({ rule }) => rule === id);
    if (before) return [[id, failWith(`${before.message}\nThe recorder found this violation.`)]];
    // A masked card number cannot be found anymore, but the recorder searched every response for it.
    if (findings && id === "no-card-data") return [[id, PASSED]];
    const reason = reasons.get(id);
    return reason === undefined ? [] : [[id, skipWith(reason)]];
  });
}

/** Returns why a rule cannot be checked anymore, or `undefined` if it can. */
function findSkipReason(
  id: string,
  recorded: RecordedExchange,
  exchange: Exchange,
  key: Keyring | undefined,
): string | undefined {
  const gap = findGap(id, recorded, exchange);
  if (gap !== undefined) return gap;
  const { response, request, endedAt } = recorded;
  const hasFindings = response?.findings !== undefined;
  if (hasFindings && response?.body && !response.body.raw)
    return "The recording masks the response, so only the violations that the recorder found are reported.";
  if (id === "signed") {
    if (!key) return "No Antom public key is set (use --credentials FILE).";
    if (hasFindings && [request.path, exchange.headers.get("client-id")].join().includes("*"))
      return "The recording masks values that the signature covers.";
  }
  if (id === "response-time" && endedAt === undefined)
    return "The recording does not contain the time of the response.";
  if (id === "no-card-data" && !isCardNumber(getField(getCard(exchange.requestBody), "cardNo")))
    return "The recording does not contain a card number.";
  return undefined;
}

/** Returns the reason if the recording does not contain the data that a rule requires. */
function findGap(id: string, { request, response }: RecordedExchange, exchange: Exchange): string | undefined {
  const gaps = response?.gaps;
  // The rule rejects every status other than 200. If parts of the request are missing, the status might be the rejection of an invalid request.
  if (id === "documented" && exchange.status !== 200) return request.gaps?.body ?? request.gaps?.signature;
  if (!response?.body) return gaps?.body ?? NO_RESPONSE_BODY;
  if (id === "documented" && gaps?.headers.includes("Content-Type"))
    return "The recording does not contain the Content-Type header of the response.";
  const isUnverified = exchange.signatureError !== undefined || !exchange.headers.get("client-id");
  if (id === "signed" && isUnverified) return gaps?.signature;
  return id === "response-time" && !exchange.headers.get("response-time") ? gaps?.signature : undefined;
}
const NO_RESPONSE_BODY = "The recording does not contain the body of the response.";

const isCardNumber = (value: unknown): boolean => typeof value === "string" && /^\d+$/.test(value);

/** Checks that the target did not accept an invalid request. */
function checkRejected(
  { response }: RecordedExchange,
  exchange: Exchange,
  { issues, signature }: RequestFindings,
): Outcome {
  // Only issues in fields of the body count, because a target may tolerate others, for example in headers.
  const schemaIssues = issues.filter(({ pointer }) => pointer.startsWith("/"));
  if (schemaIssues.length === 0 && !isInvalidSignature(signature))
    return skipWith("The recording contains no invalid request.");
  if (!response?.body) return skipWith(response?.gaps?.body ?? NO_RESPONSE_BODY);
  const isAccepted = exchange.resultStatus === "S" || exchange.resultCode === "VERIFICATION_IN_PROCESS";
  if (!isAccepted) return PASSED;
  const reason = schemaIssues.length > 0 ? describeIssues(schemaIssues) : "its signature is invalid";
  return failWith(
    `Target accepted an invalid request (${summarizeResponse(exchange)}): ${reason}.\n${formatExchange(exchange)}`,
  );
}
