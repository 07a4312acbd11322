/** Checks that only is3DSAuthentication determines whether a target requires 3-D Secure for a test card. @module */
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import type { Exchange } from "../model/exchange.ts";
import { fail } from "./fail.ts";
import { hasUrl } from "./vaulting-history.ts";

const NUMBERS: ReadonlySet<unknown> = new Set(
  TEST_CARDS.filter(
    ({ publishedBy, result, exempt }) => publishedBy === "antom" && result === "SUCCESS" && !exempt,
  ).map(({ number }) => number),
);

export class ChallengeDecisions {
  /** The first response of each kind, by card number, flag, and result. */
  readonly #responses = new Map<string, Exchange>();

  /** Adds the response to a request that creates a vaulting. */
  add(exchange: Exchange): void {
    const { operation, requestBody, resultStatus, resultCode, body } = exchange;
    const card = getCard(requestBody);
    const number = getField(card, "cardNo");
    if (operation !== "vaultPaymentMethod" || !NUMBERS.has(number)) return;
    const isRequested = String(getField(card, "is3DSAuthentication") ?? false) === "true";
    const isChallenged = resultCode === "VERIFICATION_IN_PROCESS" && hasUrl(body);
    if (!isChallenged && resultStatus !== "S") return;
    const key = toKey(number, isRequested, isChallenged);
    if (!this.#responses.has(key)) this.#responses.set(key, exchange);
  }

  /** @throws {ContractFailure} if the same card with the same is3DSAuthentication was vaulted with and without 3-D Secure */
  expectConsistent(): void {
    for (const number of NUMBERS)
      for (const isRequested of [true, false]) {
        const wrong = this.#responses.get(toKey(number, isRequested, !isRequested));
        if (!wrong || !this.#responses.has(toKey(number, isRequested, isRequested))) continue;
        fail(
          wrong,
          isRequested
            ? "Card was vaulted without the requested 3-D Secure, although a different response for this card required it."
            : "Response requires 3-D Secure that was not requested, although this card was also vaulted without it.",
        );
      }
  }
}

const toKey = (number: unknown, isRequested: boolean, isChallenged: boolean): string =>
  JSON.stringify([number, isRequested, isChallenged]);
