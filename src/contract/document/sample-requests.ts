/** Requests based on the examples of the OpenAPI document. */
import type { OperationId } from "../../../generated/operations.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import type { CustomCard } from "../model/target.ts";
import { getRequestMessage } from "./openapi-document.ts";

/** Test card numbers that Antom publishes for its sandbox. */
export const TEST_CARDS = {
  visa: "4054695723100768",
  mastercard: "5162774114974622",
  declined: "4054692760174822",
} as const;

export type RequestBody = Readonly<Record<string, unknown>>;

/** Creates a request body from the first example of an operation, with the given ID and changes. */
export function createRequestBody(
  operation: OperationId,
  vaultingRequestId: string,
  change: RequestBody = {},
): RequestBody {
  const [example] = getRequestMessage(operation).examples.values();
  return { ...(example as object), vaultingRequestId, ...change };
}

/** Returns a change that overrides fields of the card in a request. */
export const withCard = (card: RequestBody): RequestBody => {
  const detail = createRequestBody("vaultPaymentMethod", "")["paymentMethodDetail"];
  return { paymentMethodDetail: { ...(detail as object), card: { ...(getField(detail, "card") as object), ...card } } };
};

/** A change that makes the gateway require 3-D Secure. */
export const CHALLENGED_CARD = withCard({ cardNo: TEST_CARDS.visa, is3DSAuthentication: true });
export const FAILING_CARD = withCard({ cardNo: TEST_CARDS.declined });

const CARD_FIELDS = ["cardNo", "expiryYear", "expiryMonth", "cvv"] as const;

/**
 * Replaces the values of the example card in the text of a request. Keeps values that a check has changed.
 * Works on text, because some checks send a body that is not JSON.
 */
export function replaceCard(text: string, card: CustomCard): string {
  const exampleCard = getCard(createRequestBody("vaultPaymentMethod", ""));
  return CARD_FIELDS.reduce((changed, name) => {
    const value = card[name];
    if (value === undefined) return changed;
    return changed.replaceAll(
      new RegExp(`("${name}"\\s*:\\s*)${JSON.stringify(getField(exampleCard, name))}`, "g"),
      (_, prefix: string) => prefix + JSON.stringify(value),
    );
  }, text);
}
