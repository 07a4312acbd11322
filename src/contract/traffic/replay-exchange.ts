/** One recorded exchange, held against the contract. */
import { describeIssues, type Issue } from "../../protocol/errors.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import type { Keyring } from "../../signature/index.ts";
import type { Exchange } from "../model/exchange.ts";
import { summarizeResponse } from "../rules/assertions.ts";
import { formatBody } from "../rules/fail.ts";
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
  /** Fields and codes that the document does not name are accepted in answers. */
  readonly lenient: boolean;
}

/** What came of a check on one exchange. `failure` and `why` show no card data. */
export type Outcome =
  | { readonly held: true }
  | { readonly held: false; readonly failure: string }
  | { readonly held: undefined; readonly why: string };

/** With the place of the exchange, where more than one is looked at. */
export type PlacedOutcome = Outcome & { readonly place?: string };

export interface CheckedExchange {
  readonly recorded: RecordedExchange;
  /** Where an answer was recorded. Its `bytes` and the request's are for people: masked. */
  readonly exchange?: Exchange;
  /** By the part of a check's ID that stands behind the operation, for example `response.signed`. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

const PASSED: Outcome = { held: true };
const failed = (failure: string): Outcome => ({ held: false, failure });
const skipped = (why: string): Outcome => ({ held: undefined, why });

/** Holds an exchange against every rule that it can be held against. */
export async function checkRecordedExchange(
  recorded: RecordedExchange,
  otherContent: boolean,
  options: ReplayOptions,
): Promise<CheckedExchange> {
  const { operation, request } = recorded;
  const headers = toHeaders(request.headers);
  const overheard = { ...request, operation, headers, bytes: encodeBody(request.body) };
  const found = await collectFindings(recorded, overheard, options);
  const outcomes = new Map<string, Outcome>([
    ["request.documented", checkRequest(recorded, found)],
    ["request.signed", checkRequestSignature(recorded, found)],
    ["response.received", checkResponseReceived(recorded)],
  ]);
  const known = { ...found, keyring: options.antom, lenient: options.lenient, otherContent };
  const exchange = await exchangeOf(recorded, overheard, known);
  if (!exchange) return { recorded, outcomes };
  for (const [rule, outcome] of answerOutcomes(recorded, exchange, options.antom))
    outcomes.set(`response.${rule}`, outcome);
  outcomes.set("response.rejected", checkRejected(exchange, found));
  return { recorded, exchange, outcomes };
}

export const encodeBody = (body: RecordedBody | undefined): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(body?.text ?? "");

/** What is wrong with the request: as it was found while it passed, and as it can still be seen. */
async function collectFindings(
  { request }: RecordedExchange,
  overheard: ObservedRequest,
  keys: VerificationKeys,
): Promise<RequestFindings> {
  const { body, findings } = request;
  const seen = body ? validateRequest(overheard).filter(({ pointer }) => !body.masked.includes(pointer)) : [];
  if (findings) return { issues: mergeIssues(findings.issues, seen), signature: findings.signature };
  const signature = body?.raw ? await verifyRequest(overheard, keys) : NOT_CHECKED;
  return { issues: seen, signature };
}

function mergeIssues(found: readonly Issue[], seen: readonly Issue[]): readonly Issue[] {
  const isThere = ({ pointer, rule }: Issue) => found.some((each) => each.pointer === pointer && each.rule === rule);
  return [...found, ...seen.filter((each) => !isThere(each))];
}

function checkRequest({ request }: RecordedExchange, { issues }: RequestFindings): Outcome {
  if (issues.length > 0)
    return failed(`The request breaks the document: ${describeIssues(issues)}.${formatRequestLine(request.body)}`);
  return request.body || request.findings ? PASSED : skipped("The recording holds no body of the request.");
}

function checkRequestSignature({ request }: RecordedExchange, { signature }: RequestFindings): Outcome {
  if (signature === VERIFIED) return PASSED;
  if (signature !== NOT_CHECKED)
    return failed(`The request's signature is refused: ${signature}${formatRequestLine(request.body)}`);
  return skipped(
    request.findings
      ? "The merchant's key was not known while the request passed, and a masked request cannot be verified later."
      : "No key is given with which the request can be verified.",
  );
}

const formatRequestLine = (body: RecordedBody | undefined): string =>
  body ? `\nSent: ${formatBody(forPeople(encodeBody(body)), 4096)}` : "";

function checkResponseReceived({ noResponse }: RecordedExchange): Outcome {
  if (!noResponse) return PASSED;
  return noResponse.by === "target"
    ? failed(`No answer came from the target: ${noResponse.why}`)
    : skipped(noResponse.why);
}

async function exchangeOf(
  recorded: RecordedExchange,
  request: ObservedRequest,
  known: ExchangeFacts,
): Promise<Exchange | undefined> {
  const { response, endedAt } = recorded;
  if (!response) return undefined;
  const received = {
    status: response.status,
    headers: toHeaders(response.headers),
    bytes: encodeBody(response.body),
    ...(endedAt === undefined ? {} : { receivedAt: endedAt }),
  };
  const exchange = await toExchange(request, received, known);
  // Everything is read: from here on the bytes are looked at by people alone.
  return {
    ...exchange,
    bytes: forPeople(exchange.bytes),
    request: { ...exchange.request, bytes: forPeople(request.bytes) },
  };
}

function forPeople(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { text, form } = maskBody(bytes);
  const said = form === "left-out" ? `(${bytes.byteLength} bytes that are not shown)` : text;
  return new TextEncoder().encode(said.replace(/[^\P{Cc}\t\n\r]/gu, "?"));
}

function answerOutcomes(
  recorded: RecordedExchange,
  exchange: Exchange,
  key: Keyring | undefined,
): readonly (readonly [string, Outcome])[] {
  const findings = recorded.response?.findings;
  const reasons = new Map(RESPONSE_RULES.map(({ id }) => [id, findSkipReason(id, recorded, exchange, key)]));
  const { asked, broken: again } = checkRules(exchange, (id) => reasons.get(id) === undefined);
  return RESPONSE_RULES.flatMap(({ id }): readonly (readonly [string, Outcome])[] => {
    const failure = again.find(({ rule }) => rule === id)?.failure;
    if (failure !== undefined) return [[id, failed(failure)]];
    if (asked.includes(id)) return [[id, PASSED]];
    const before = findings?.broken.find(({ rule }) => rule === id);
    if (before) return [[id, failed(`${before.message}\nThis was found while the answer passed.`)]];
    // Nobody can look for a number that is masked. While it passed, every answer was searched for it.
    if (findings && id === "no-card-data") return [[id, PASSED]];
    const why = reasons.get(id);
    return why === undefined ? [] : [[id, skipped(why)]];
  });
}

/** Why an answer cannot be held against a rule any more; `undefined` where it can. */
function findSkipReason(
  id: string,
  recorded: RecordedExchange,
  exchange: Exchange,
  key: Keyring | undefined,
): string | undefined {
  const { response, request, endedAt } = recorded;
  const isOurs = response?.findings !== undefined;
  // Of another status than 200 no more than the status is asked.
  if (!response?.body && exchange.status === 200) return "The recording holds no body of the answer.";
  if (isOurs && response.body && !response.body.raw)
    return "The recording masks the answer: what was found while it passed counts.";
  if (id === "signed") {
    if (!key) return "No public key of Antom's is given (--credentials FILE).";
    if (isOurs && [request.path, exchange.headers.get("client-id")].join().includes("*"))
      return "The recording masks what is signed with the answer.";
    if (response?.body?.raw === false && exchange.signatureError !== undefined)
      return "The recorded text is not the raw body of the answer.";
  }
  if (id === "response-time" && endedAt === undefined) return "The recording does not tell when the answer came.";
  if (id === "no-card-data" && !isCardNumber(getField(getCard(exchange.requestBody), "cardNo")))
    return "The recording holds no card number.";
  return undefined;
}

const isCardNumber = (value: unknown): boolean => typeof value === "string" && /^\d+$/.test(value);

/** Whoever refuses nothing lets through what the document forbids. */
function checkRejected(exchange: Exchange, { issues, signature }: RequestFindings): Outcome {
  // What is wrong outside of the schemas has more than one reading.
  const forbidden = issues.filter(({ pointer }) => pointer.startsWith("/"));
  if (forbidden.length === 0 && !isInvalidSignature(signature))
    return skipped("No request of the recording must be refused.");
  const taken = exchange.resultStatus === "S" || exchange.resultCode === "VERIFICATION_IN_PROCESS";
  if (!taken) return PASSED;
  const why = forbidden.length > 0 ? describeIssues(forbidden) : "its signature does not verify";
  const shownNow = `Sent: ${formatBody(exchange.request.bytes, 4096)}\nCame: ${exchange.status} ${formatBody(exchange.bytes)}`;
  return failed(`A request that must be refused is answered ${summarizeResponse(exchange)}: ${why}.\n${shownNow}`);
}
