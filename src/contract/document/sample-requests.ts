/** Requests made from the document's examples. */
import type { OperationId } from "../../../generated/operations.ts";
import { cardOf, field } from "../../protocol/json-fields.ts";
import type { OwnCard } from "../model/target.ts";
import { requestOf } from "./openapi-document.ts";

/** Numbers that the vendor publishes for its sandbox. */
export const TEST_CARDS = {
  succeeds: "4054695723100768",
  mastercard: "5162774114974622",
  fails: "4054692760174822",
} as const;

export type Body = Readonly<Record<string, unknown>>;

/** The document's first request of an operation, under an ID and with changes. */
export function bodyOf(operation: OperationId, vaultingRequestId: string, change: Body = {}): Body {
  const [example] = requestOf(operation).examples.values();
  return { ...(example as object), vaultingRequestId, ...change };
}

/** The change that gives a request another card, or the card other features. */
export const withCard = (card: Body): Body => {
  const detail = bodyOf("vaultPaymentMethod", "")["paymentMethodDetail"];
  return { paymentMethodDetail: { ...(detail as object), card: { ...(field(detail, "card") as object), ...card } } };
};

/** A card that a gateway is to ask 3-D Secure for. */
export const CHALLENGED = withCard({ cardNo: TEST_CARDS.succeeds, is3DSAuthentication: true });
export const FAILING = withCard({ cardNo: TEST_CARDS.fails });

const FIELDS = ["cardNo", "expiryYear", "expiryMonth", "cvv"] as const;

/**
 * Puts a card into the text of a request, wherever the text holds the card of the document's first request; what a check has changed
 * stays. Text, since what is tried may be no JSON.
 */
export function inOwnCard(text: string, card: OwnCard): string {
  const known = cardOf(bodyOf("vaultPaymentMethod", ""));
  return FIELDS.reduce((changed, name) => {
    const own = card[name];
    if (own === undefined) return changed;
    return changed.replaceAll(
      new RegExp(`("${name}"\\s*:\\s*)${JSON.stringify(field(known, name))}`, "g"),
      (_, head: string) => head + JSON.stringify(own),
    );
  }, text);
}
