import type { components } from "../../../generated/types.ts";
import { validateVaultPaymentMethodRequest } from "../../../generated/validators.js";
import { createRequestBody } from "../../contract/index.ts";
import { describeIssues } from "../../protocol/errors.ts";
import { parseJson } from "../../protocol/json.ts";
import { usageError } from "../console/usage-error.ts";
import { readInput } from "./read-input.ts";

export type Card = components["schemas"]["Card"];

/**
 * The card in a JSON file, or in standard input for `-`, judged as the document judges one. `known` is what the file need not say.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where it cannot be read, is no JSON or breaks the document, by pointer and rule
 */
export async function readCard(file: string, known: unknown = {}): Promise<Card> {
  // Names that come twice are refused too: nobody could tell which of two cards was meant.
  const reading = parseJson(await readInput(file));
  const name = file === "-" ? "standard input" : file;
  if (!reading.ok) throw usageError(`${name} ${reading.message}.`);
  const given = reading.value;
  return validateCard(typeof given === "object" ? { ...Object(known), ...given } : {}, name);
}

/** @throws AntomVaultError `CONFIGURATION_INVALID` where the card breaks the document */
export function validateCard(card: object, source: string): Card {
  const paymentMethodDetail = { paymentMethodType: "CARD", card };
  const checked = validateVaultPaymentMethodRequest(
    createRequestBody("vaultPaymentMethod", "card", { paymentMethodDetail }),
  );
  if (!checked.valid) throw usageError(`The card in ${source} breaks the document: ${describeIssues(checked.issues)}.`);
  return checked.value.paymentMethodDetail.card;
}
