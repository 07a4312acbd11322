/** Collects the state of each vaulting from the responses and notifications of a run. A later message must not contradict an earlier one. */
import { isDeepStrictEqual } from "node:util";
import { getCard, getField, getResult } from "../../protocol/json-fields.ts";
import type { Exchange, Notification } from "../model/exchange.ts";
import { fail } from "./fail.ts";
import { failNotification } from "./notification-rules.ts";

export const getCardToken = ({ body }: Pick<Exchange, "body">): unknown => getField(getCard(body), "cardToken");

/** Returns whether 2 messages have the same card token and the same values in all other card fields that both contain. */
export function hasSameCard(one: Pick<Exchange, "body">, other: Pick<Exchange, "body">): boolean {
  if (getCardToken(one) !== getCardToken(other)) return false;
  const [first, second] = [getCard(one.body), getCard(other.body)];
  if (typeof first !== "object" || first === null) return true;
  return Object.keys(first).every((name) => {
    const value = getField(second, name);
    return value === undefined || isDeepStrictEqual(value, getField(first, name));
  });
}

export type VaultingStatus = "SUCCESS" | "FAIL" | "PROCESSING";

/** The fields with a URL to which the merchant sends the buyer. */
const URLS = ["normalUrl", "schemeUrl", "applinkUrl"] as const;
/** Returns whether a message has a URL to which the merchant can send the buyer. */
export const hasUrl = (body: unknown): boolean =>
  [...URLS, "appLinkUrl"].some((name) => getField(body, name) !== undefined);

/** Result codes of vaultPaymentMethod for a vaulting that was created and failed. */
const FAILURE_CODES: ReadonlySet<string> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

/** Returns the vaulting status that a response shows, or `undefined` if it shows none. */
export function readStatus({ operation, body, resultStatus, resultCode = "" }: Exchange): VaultingStatus | undefined {
  if (operation === "inquireVaulting") {
    const status = getField(body, "vaultingStatus");
    return status === "SUCCESS" || status === "FAIL" || status === "PROCESSING" ? status : undefined;
  }
  if (operation === "createVaultingSession") return undefined;
  if (resultStatus === "S") return "SUCCESS";
  if (resultCode === "VERIFICATION_IN_PROCESS" && hasUrl(body)) return "PROCESSING";
  return resultStatus === "F" && FAILURE_CODES.has(resultCode) ? "FAIL" : undefined;
}

/** Failure codes without a specific reason. They do not contradict any other failure code. */
const GENERIC_CODES: ReadonlySet<unknown> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

/** The final result in a response or a notification. `since` is the number of messages that had been received by then. */
interface Final extends Pick<Exchange, "body"> {
  readonly status: VaultingStatus;
  readonly code: unknown;
  readonly since: number;
}

/** The facts about a vaulting from earlier messages. `since` is the number of messages that had been received when the first of them arrived. */
interface Known {
  readonly since: number;
  readonly isSession: boolean;
  /** The first response to a request that created the vaulting. */
  readonly created: Exchange | undefined;
  readonly final: Final | undefined;
  /** The URLs for the buyer while the vaulting is in progress. */
  readonly urls: Readonly<Record<string, unknown>>;
}

export class VaultingHistory {
  readonly #vaultings = new Map<string, Known>();
  /** The vaulting to which each card token, session ID, and page belongs. */
  readonly #owners = new Map<string, string>();
  /** IDs for which vaultPaymentMethod created no vaulting, because it returned VERIFICATION_IN_PROCESS without a URL, with the count at that time. */
  readonly #withoutUrl = new Map<string, number>();
  readonly #notified = new Set<string>();
  readonly #acknowledged = new Set<string>();
  #count = 0;

  /** The number of messages so far. A response to a later request must not contradict any of them. */
  get count(): number {
    return this.#count;
  }

  /** Returns whether an earlier message was about the vaulting of a request. */
  isKnown({ context, requestBody }: Exchange): boolean {
    return this.#vaultings.has(toKey(context.clientId, String(getField(requestBody, "vaultingRequestId"))));
  }

  /**
   * Adds a response.
   *
   * @param sentAt {@link count} when the request was sent. Messages received after that time can describe a later state than this response.
   * @throws {ContractFailure} if the response contradicts an earlier message
   */
  add(exchange: Exchange, sentAt: number): void {
    const { context, operation, requestBody, resultStatus } = exchange;
    const id = getField(requestBody, "vaultingRequestId");
    this.#count += 1;
    if (typeof id !== "string") return;
    const key = toKey(context.clientId, id);
    const known = this.#vaultings.get(key);
    // A vaultPaymentMethod call that uses the ID of a session may fail without an effect on the session.
    const isRejected = known?.isSession && operation === "vaultPaymentMethod" && resultStatus === "F";
    const status = isRejected ? undefined : readStatus(exchange);
    if (operation === "inquireVaulting") {
      const isWithoutUrl = (this.#withoutUrl.get(key) ?? Number.POSITIVE_INFINITY) <= sentAt;
      expectConsistentInquiry(exchange, status, isWithoutUrl, known, sentAt);
    }
    if (status !== undefined && known) expectSameResult(exchange, status, known, sentAt);
    this.#update(exchange, key, status);
  }

  #update(exchange: Exchange, key: string, status: VaultingStatus | undefined): void {
    const { operation, resultStatus, resultCode, body } = exchange;
    const known = this.#vaultings.get(key);
    const isSession = operation === "createVaultingSession" && resultStatus === "S";
    const isKnown = status !== undefined || isSession;
    const isCreated = isSession || (isKnown && operation === "vaultPaymentMethod");
    if (isCreated) this.#withoutUrl.delete(key);
    else if (operation === "vaultPaymentMethod" && resultCode === "VERIFICATION_IN_PROCESS" && !known)
      this.#withoutUrl.set(key, this.#count);
    if (!known && !isKnown) return;
    const isFinal = status === "SUCCESS" || status === "FAIL";
    const final = isFinal
      ? { status, code: getField(body, "vaultingResultCode"), since: this.#count, body }
      : undefined;
    this.#vaultings.set(key, {
      since: known?.since ?? this.#count,
      isSession: known?.isSession ?? isSession,
      created: known?.created ?? (isCreated ? exchange : undefined),
      final: combineFinal(known?.final, final),
      urls: { ...(status === "PROCESSING" ? pick(body, URLS) : {}), ...known?.urls },
    });
    if (isKnown) this.#expectUnique(exchange, key);
  }

  /**
   * Adds a notification that a merchant received.
   *
   * @throws {ContractFailure} if the notification contradicts an earlier message or the request, or was already acknowledged
   */
  addNotification(notification: Notification, clientId: string): void {
    const id = getField(notification.body, "vaultingRequestId");
    const { resultStatus, resultCode: code } = getResult(notification.body);
    const status = resultStatus === "S" ? "SUCCESS" : "FAIL";
    if (typeof id !== "string" || resultStatus === undefined) return;
    const key = toKey(clientId, id);
    this.#count += 1;
    this.#notified.add(key);
    const known = this.#vaultings.get(key);
    if (this.#acknowledged.has(key))
      failNotification(notification, "Notification was sent again after it was acknowledged.");
    const problem =
      (known?.final && findDifference(notification, status, code, known.final)) ??
      (known?.created && !hasSentMetadata(notification, known.created)
        ? "different metadata than the request that created the vaulting"
        : undefined) ??
      (known?.created && hasDifferentPath(notification, known.created)
        ? "a different path than the vaultingNotificationUrl of the request that created the vaulting"
        : undefined);
    if (problem) failNotification(notification, `Notification has ${problem}.`);
    const final = { status, code, since: this.#count, body: notification.body } as const;
    this.#vaultings.set(key, {
      ...(known ?? { since: this.#count, isSession: false, created: undefined, urls: {} }),
      final: combineFinal(known?.final, final),
    });
  }

  /** Records that a merchant has acknowledged a notification. */
  addAcknowledgement({ body }: Notification, clientId: string): void {
    this.#acknowledged.add(toKey(clientId, String(getField(body, "vaultingRequestId"))));
  }

  /** Returns the final vaultings about which no notification was received, although the vaultingNotificationUrl starts with `origin`. */
  listWithoutNotification(origin: string): readonly Exchange[] {
    return [...this.#vaultings].flatMap(([key, { created, final }]) => {
      const url = getField(created?.requestBody, "vaultingNotificationUrl");
      const isLocal = typeof url === "string" && url.startsWith(origin) && /^(?![^/?#])/.test(url.slice(origin.length));
      return created && final && isLocal && !this.#notified.has(key) ? [created] : [];
    });
  }

  #expectUnique(exchange: Exchange, key: string): void {
    const { body } = exchange;
    const values = { cardToken: getCardToken(exchange), ...pick(body, ["vaultingSessionId", "normalUrl"]) };
    for (const [name, value] of Object.entries(values)) {
      if (typeof value !== "string") continue;
      const owner = this.#owners.get(`${name} ${value}`) ?? key;
      if (owner !== key) fail(exchange, `Two vaultings share the same ${name}.`);
      this.#owners.set(`${name} ${value}`, key);
    }
  }
}

const toKey = (clientId: string, id: string): string => JSON.stringify([clientId, id]);

/** Returns the named fields that a message has. */
const pick = (body: unknown, names: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.map((name) => [name, getField(body, name)]).filter(([, value]) => value !== undefined));

/** Returns the first final result, with the first specific code. */
function combineFinal(first: Final | undefined, other: Final | undefined): Final | undefined {
  const isSpecific = first?.code !== undefined && !GENERIC_CODES.has(first.code);
  return first && other && !isSpecific ? { ...first, code: other.code ?? first.code } : (first ?? other);
}

/** Returns how a message contradicts the final result of its vaulting, or `undefined`. */
function findDifference(
  message: Pick<Exchange, "body">,
  status: VaultingStatus,
  code: unknown,
  final: Final,
): string | undefined {
  if (status !== final.status)
    return `the result ${status}, although the final result of the vaulting is ${final.status}`;
  if (status === "SUCCESS" && !hasSameCard(message, final))
    return "a different card or card token than an earlier message about the same vaulting";
  const isSpecific = (one: unknown) => one !== undefined && !GENERIC_CODES.has(one);
  return status === "FAIL" && isSpecific(code) && isSpecific(final.code) && code !== final.code
    ? "a different result code than an earlier message about the same failure"
    : undefined;
}

function expectSameResult(
  exchange: Exchange,
  status: VaultingStatus,
  { final, urls, isSession }: Known,
  sentAt: number,
): void {
  if (status !== "PROCESSING") {
    const difference = final && findDifference(exchange, status, getField(exchange.body, "vaultingResultCode"), final);
    if (difference) fail(exchange, `Response has ${difference}.`);
    return;
  }
  if (final && final.since <= sentAt)
    fail(exchange, `Response shows a vaulting in progress after its final result ${final.status}.`);
  // After the buyer of a session enters a card, the URL can be that of a different page.
  const different = Object.entries(pick(exchange.body, URLS)).find(([name, url]) => (urls[name] ?? url) !== url);
  if (different && !isSession)
    fail(exchange, `Response has a different ${different[0]} than an earlier response about the same challenge.`);
}

/** Returns whether a message has the metadata of the request. The message may omit empty metadata. A session has no metadata. */
function hasSentMetadata({ body }: Pick<Exchange, "body">, { operation, requestBody }: Exchange): boolean {
  const sent = operation === "vaultPaymentMethod" ? (getField(requestBody, "metadata") ?? undefined) : undefined;
  const actual = getField(body, "metadata");
  return actual === sent || (actual === undefined && sent === "");
}

/** Returns whether the path of a notification differs from that of the vaultingNotificationUrl in the request, if that URL is local. */
function hasDifferentPath({ path }: Notification, { requestBody }: Exchange): boolean {
  const url = String(getField(requestBody, "vaultingNotificationUrl"));
  const [, expected] = /^http:\/\/127\.0\.0\.1:\d+([^#]*)/.exec(url) ?? [];
  return expected !== undefined && path !== (expected.startsWith("/") ? expected : `/${expected}`);
}

/** Expects an inquiry not to contradict earlier messages about whether a vaulting exists, and to return the metadata of the vaulting. */
function expectConsistentInquiry(
  inquiry: Exchange,
  status: VaultingStatus | undefined,
  isWithoutUrl: boolean,
  known: Known | undefined,
  sentAt: number,
): void {
  if (inquiry.resultCode === "VAULTING_NOT_EXIST" && known && known.since <= sentAt)
    fail(inquiry, "Inquiry does not find a vaulting that an earlier message described.");
  if (status === undefined) return;
  if (isWithoutUrl)
    fail(inquiry, "Inquiry finds a vaulting, although vaultPaymentMethod returned no URL and thus created none.");
  if (known?.created && !hasSentMetadata(inquiry, known.created))
    fail(inquiry, "Inquiry returns different metadata than the request that created the vaulting.");
}
