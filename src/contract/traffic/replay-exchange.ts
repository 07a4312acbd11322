/** One recorded exchange, held against the contract. */
import { describeIssues, type Issue } from "../../protocol/errors.ts";
import { cardOf, field } from "../../protocol/json-fields.ts";
import type { Keyring } from "../../signature/index.ts";
import type { Exchange } from "../model/exchange.ts";
import { saidOf } from "../rules/assertions.ts";
import { shown } from "../rules/fail.ts";
import { ANSWER_RULES } from "../rules/response-rules.ts";
import { maskBody } from "./mask-body.ts";
import {
  headersFrom,
  heldAgainst,
  issuesOf,
  isWrongSignature,
  type Keys,
  type Known,
  type Overheard,
  overhear,
  signatureOf,
} from "./observed-request.ts";
import { NOT_CHECKED, type Recorded, type RecordedBody, type RequestFindings, VERIFIED } from "./recording.ts";

export interface ReplayOptions extends Keys {
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

export interface LookedAt {
  readonly recorded: Recorded;
  /** Where an answer was recorded. Its `bytes` and the request's are for people: masked. */
  readonly exchange?: Exchange;
  /** By the part of a check's ID that stands behind the operation, for example `answer.signed`. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

const HELD: Outcome = { held: true };
const broken = (failure: string): Outcome => ({ held: false, failure });
const unasked = (why: string): Outcome => ({ held: undefined, why });

/** Holds an exchange against every rule that it can be held against. */
export async function lookAt(recorded: Recorded, otherContent: boolean, options: ReplayOptions): Promise<LookedAt> {
  const { operation, request } = recorded;
  const headers = headersFrom(request.headers);
  const overheard = { ...request, operation, headers, bytes: bytesOf(request.body) };
  const found = await findingsOf(recorded, overheard, options);
  const outcomes = new Map<string, Outcome>([
    ["request.documented", documentedRequest(recorded, found)],
    ["request.signed", signedRequest(recorded, found)],
    ["answer.came", came(recorded)],
  ]);
  const known = { ...found, keyring: options.antom, lenient: options.lenient, otherContent };
  const exchange = await exchangeOf(recorded, overheard, known);
  if (!exchange) return { recorded, outcomes };
  for (const [rule, outcome] of answerOutcomes(recorded, exchange, options.antom))
    outcomes.set(`answer.${rule}`, outcome);
  outcomes.set("answer.refused", refused(exchange, found));
  return { recorded, exchange, outcomes };
}

export const bytesOf = (body: RecordedBody | undefined): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(body?.text ?? "");

/** What is wrong with the request: as it was found while it passed, and as it can still be seen. */
async function findingsOf({ request }: Recorded, overheard: Overheard, keys: Keys): Promise<RequestFindings> {
  const { body, findings } = request;
  const seen = body ? issuesOf(overheard).filter(({ pointer }) => !body.masked.includes(pointer)) : [];
  if (findings) return { issues: merged(findings.issues, seen), signature: findings.signature };
  const signature = body?.raw ? await signatureOf(overheard, keys) : NOT_CHECKED;
  return { issues: seen, signature };
}

function merged(found: readonly Issue[], seen: readonly Issue[]): readonly Issue[] {
  const isThere = ({ pointer, rule }: Issue) => found.some((each) => each.pointer === pointer && each.rule === rule);
  return [...found, ...seen.filter((each) => !isThere(each))];
}

function documentedRequest({ request }: Recorded, { issues }: RequestFindings): Outcome {
  if (issues.length > 0)
    return broken(`The request breaks the document: ${describeIssues(issues)}.${sentLine(request.body)}`);
  return request.body || request.findings ? HELD : unasked("The recording holds no body of the request.");
}

function signedRequest({ request }: Recorded, { signature }: RequestFindings): Outcome {
  if (signature === VERIFIED) return HELD;
  if (signature !== NOT_CHECKED)
    return broken(`The request's signature is refused: ${signature}${sentLine(request.body)}`);
  return unasked(
    request.findings
      ? "The merchant's key was not known while the request passed, and a masked request cannot be verified later."
      : "No key is given with which the request can be verified.",
  );
}

const sentLine = (body: RecordedBody | undefined): string =>
  body ? `\nSent: ${shown(forPeople(bytesOf(body)), 4096)}` : "";

function came({ noAnswer }: Recorded): Outcome {
  if (!noAnswer) return HELD;
  return noAnswer.by === "target" ? broken(`No answer came from the target: ${noAnswer.why}`) : unasked(noAnswer.why);
}

async function exchangeOf(recorded: Recorded, request: Overheard, known: Known): Promise<Exchange | undefined> {
  const { answer, endedAt } = recorded;
  if (!answer) return undefined;
  const received = {
    status: answer.status,
    headers: headersFrom(answer.headers),
    bytes: bytesOf(answer.body),
    ...(endedAt === undefined ? {} : { receivedAt: endedAt }),
  };
  const exchange = await overhear(request, received, known);
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
  recorded: Recorded,
  exchange: Exchange,
  key: Keyring | undefined,
): readonly (readonly [string, Outcome])[] {
  const findings = recorded.answer?.findings;
  const reasons = new Map(ANSWER_RULES.map(({ id }) => [id, whyNot(id, recorded, exchange, key)]));
  const { asked, broken: again } = heldAgainst(exchange, (id) => reasons.get(id) === undefined);
  return ANSWER_RULES.flatMap(({ id }): readonly (readonly [string, Outcome])[] => {
    const failure = again.find(({ rule }) => rule === id)?.failure;
    if (failure !== undefined) return [[id, broken(failure)]];
    if (asked.includes(id)) return [[id, HELD]];
    const before = findings?.broken.find(({ rule }) => rule === id);
    if (before) return [[id, broken(`${before.message}\nThis was found while the answer passed.`)]];
    // Nobody can look for a number that is masked. While it passed, every answer was searched for it.
    if (findings && id === "no-card-data") return [[id, HELD]];
    const why = reasons.get(id);
    return why === undefined ? [] : [[id, unasked(why)]];
  });
}

/** Why an answer cannot be held against a rule any more; `undefined` where it can. */
function whyNot(id: string, recorded: Recorded, exchange: Exchange, key: Keyring | undefined): string | undefined {
  const { answer, request, endedAt } = recorded;
  const isOurs = answer?.findings !== undefined;
  // Of another status than 200 no more than the status is asked.
  if (!answer?.body && exchange.status === 200) return "The recording holds no body of the answer.";
  if (isOurs && answer.body && !answer.body.raw)
    return "The recording masks the answer: what was found while it passed counts.";
  if (id === "signed") {
    if (!key) return "No public key of Antom's is given (--credentials FILE).";
    if (isOurs && [request.path, exchange.headers.get("client-id")].join().includes("*"))
      return "The recording masks what is signed with the answer.";
    if (answer?.body?.raw === false && exchange.signatureFault !== undefined)
      return "The recorded text is not the raw body of the answer.";
  }
  if (id === "response-time" && endedAt === undefined) return "The recording does not tell when the answer came.";
  if (id === "no-card-data" && !isCardNumber(field(cardOf(exchange.asked), "cardNo")))
    return "The recording holds no card number.";
  return undefined;
}

const isCardNumber = (value: unknown): boolean => typeof value === "string" && /^\d+$/.test(value);

/** Whoever refuses nothing lets through what the document forbids. */
function refused(exchange: Exchange, { issues, signature }: RequestFindings): Outcome {
  // What is wrong outside of the schemas has more than one reading.
  const forbidden = issues.filter(({ pointer }) => pointer.startsWith("/"));
  if (forbidden.length === 0 && !isWrongSignature(signature))
    return unasked("No request of the recording must be refused.");
  const taken = exchange.resultStatus === "S" || exchange.resultCode === "VERIFICATION_IN_PROCESS";
  if (!taken) return HELD;
  const why = forbidden.length > 0 ? describeIssues(forbidden) : "its signature does not verify";
  const shownNow = `Sent: ${shown(exchange.request.bytes, 4096)}\nCame: ${exchange.status} ${shown(exchange.bytes)}`;
  return broken(`A request that must be refused is answered ${saidOf(exchange)}: ${why}.\n${shownNow}`);
}
