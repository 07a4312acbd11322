/** Collects the state of each vaulting from the responses of a run. A later response must not contradict an earlier one. */
import { isDeepStrictEqual } from "node:util";
import { getCard, getField } from "../../protocol/json-fields.ts";
import type { Exchange } from "../model/exchange.ts";
import { fail } from "./fail.ts";

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

/** Result codes of vaultPaymentMethod for a vaulting that was created and failed. */
const FAILURE_CODES: ReadonlySet<string> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

/** Returns the status of the vaulting that a response shows, or `undefined` if it shows none. */
export function readStatus({ operation, body, resultStatus, resultCode = "" }: Exchange): VaultingStatus | undefined {
  if (operation === "inquireVaulting") {
    const status = getField(body, "vaultingStatus");
    return status === "SUCCESS" || status === "FAIL" || status === "PROCESSING" ? status : undefined;
  }
  if (operation === "createVaultingSession") return undefined;
  if (resultStatus === "S") return "SUCCESS";
  if (resultCode === "VERIFICATION_IN_PROCESS" && getField(body, "normalUrl") !== undefined) return "PROCESSING";
  return resultStatus === "F" && FAILURE_CODES.has(resultCode) ? "FAIL" : undefined;
}

/** What earlier responses show about a vaulting. `since` is the number of responses that had been received by then. */
interface Known {
  readonly since: number;
  readonly isSession: boolean;
  readonly final?: { readonly status: VaultingStatus; readonly response: Exchange; readonly since: number };
}

export class VaultingHistory {
  readonly #vaultings = new Map<string, Known>();
  /** The vaulting to which a card token, or a value that identifies a session or a page, belongs. */
  readonly #owners = new Map<string, string>();
  #count = 0;

  /** The number of responses so far. A response to a later request must not contradict any of them. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds a response.
   *
   * @param sentAt {@link count} when the request was sent. Responses received after that may describe a later state than this response.
   * @throws {ContractFailure} if the response contradicts an earlier one
   */
  add(exchange: Exchange, sentAt: number): void {
    const { context, operation, requestBody, resultStatus, resultCode } = exchange;
    const id = getField(requestBody, "vaultingRequestId");
    this.#count += 1;
    if (typeof id !== "string") return;
    const key = JSON.stringify([context.clientId, id]);
    const known = this.#vaultings.get(key);
    // A call under the ID of a session may fail without an effect on the session.
    const isRejected = known?.isSession && operation === "vaultPaymentMethod" && resultStatus === "F";
    const status = isRejected ? undefined : readStatus(exchange);
    if (operation === "inquireVaulting" && resultCode === "VAULTING_NOT_EXIST" && known && known.since <= sentAt)
      fail(exchange, "Inquiry does not find a vaulting that an earlier response described.");
    if (status !== undefined && known?.final) expectSameResult(exchange, status, known.final, sentAt);
    const isSession = operation === "createVaultingSession" && resultStatus === "S";
    const isKnown = status !== undefined || isSession;
    const isFinal = status === "SUCCESS" || status === "FAIL";
    const final = known?.final ?? (isFinal ? { status, response: exchange, since: this.#count } : undefined);
    if (known || isKnown)
      this.#vaultings.set(key, {
        since: known?.since ?? this.#count,
        isSession: known?.isSession ?? isSession,
        ...(final ? { final } : {}),
      });
    if (isKnown) this.#expectUnique(exchange, key);
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

const pick = (body: unknown, names: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.map((name) => [name, getField(body, name)]));

function expectSameResult(
  exchange: Exchange,
  status: VaultingStatus,
  final: NonNullable<Known["final"]>,
  sentAt: number,
): void {
  const isLater = final.since <= sentAt;
  if (status === "PROCESSING") {
    if (isLater) fail(exchange, `Response shows a vaulting in progress after its final result ${final.status}.`);
  } else if (status !== final.status)
    fail(exchange, `Response shows the result ${status} of a vaulting whose final result is ${final.status}.`);
  else if (status === "SUCCESS" && !hasSameCard(exchange, final.response))
    fail(exchange, "Response shows a different card or card token than an earlier response about the same vaulting.");
}
