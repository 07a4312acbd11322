/** Requests made from the document's examples. */
import type { OperationId } from "../../../generated/operations.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import type { CustomCard } from "../model/target.ts";
import { getRequestMessage } from "./openapi-document.ts";

/** Numbers that the vendor publishes for its sandbox. */
export const TEST_CARDS = {
  succeeds: "4054695723100768",
  mastercard: "5162774114974622",
  fails: "4054692760174822",
} as const;

export type RequestBody = Readonly<Record<string, unknown>>;

/** The document's first request of an operation, under an ID and with changes. */
export function createRequestBody(
  operation: OperationId,
  vaultingRequestId: string,
  change: RequestBody = {},
): RequestBody {
  const [example] = getRequestMessage(operation).examples.values();
  return { ...(example as object), vaultingRequestId, ...change };
}

/** The change that gives a request another card, or the card other features. */
export const withCard = (card: RequestBody): RequestBody => {
  const detail = createRequestBody("vaultPaymentMethod", "")["paymentMethodDetail"];
  return { paymentMethodDetail: { ...(detail as object), card: { ...(getField(detail, "card") as object), ...card } } };
};

/** A card that a gateway is to ask 3-D Secure for. */
export const CHALLENGED_CARD = withCard({ cardNo: TEST_CARDS.succeeds, is3DSAuthentication: true });
export const FAILING_CARD = withCard({ cardNo: TEST_CARDS.fails });

const CARD_FIELDS = ["cardNo", "expiryYear", "expiryMonth", "cvv"] as const;

/**
 * Puts a card into the text of a request, wherever the text holds the card of the document's first request; what a check has changed
 * stays. Text, since what is tried may be no JSON.
 */
export function replaceCard(text: string, card: CustomCard): string {
  const known = getCard(createRequestBody("vaultPaymentMethod", ""));
  return CARD_FIELDS.reduce((changed, name) => {
    const own = card[name];
    if (own === undefined) return changed;
    return changed.replaceAll(
      new RegExp(`("${name}"\\s*:\\s*)${JSON.stringify(getField(known, name))}`, "g"),
      (_, head: string) => head + JSON.stringify(own),
    );
  }, text);
}
