/** A card of one's own in the place of the document's. */

import { cardOf, field } from "../../protocol/json-fields.ts";
import type { OwnCard } from "../model/target.ts";
import { requestOf } from "./openapi-document.ts";

const FIELDS = ["cardNo", "expiryYear", "expiryMonth", "cvv"] as const;

/**
 * Puts a card into the text of a request, wherever the text holds the card of the document's first request; what a check has changed
 * stays. Text, since what is tried may be no JSON.
 */
export function inOwnCard(text: string, card: OwnCard): string {
  const [example] = requestOf("vaultPaymentMethod").examples.values();
  const known = cardOf(example);
  return FIELDS.reduce((changed, name) => {
    const own = card[name];
    if (own === undefined) return changed;
    return changed.replaceAll(
      new RegExp(`("${name}"\\s*:\\s*)${JSON.stringify(field(known, name))}`, "g"),
      (_, head: string) => head + JSON.stringify(own),
    );
  }, text);
}
