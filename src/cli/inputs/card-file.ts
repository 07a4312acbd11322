import type { components } from "../../../generated/types.ts";
import { validateVaultPaymentMethodRequest } from "../../../generated/validators.js";
import { createRequestBody } from "../../contract/index.ts";
import { describeIssues } from "../../protocol/errors.ts";
import { parseJson } from "../../protocol/json.ts";
import { usageError } from "../console/usage-error.ts";
import { readInput } from "./read-input.ts";

export type Card = components["schemas"]["Card"];

/**
 * Reads a card from a JSON file, or from standard input for `-`, and validates it. `defaults` provides the values of missing fields.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if the file cannot be read, is not JSON, or does not match the OpenAPI document
 */
export async function readCard(file: string, defaults: unknown = {}): Promise<Card> {
  // parseJson also rejects duplicate names, which could hide a second card.
  const parsed = parseJson(await readInput(file));
  const name = file === "-" ? "standard input" : file;
  if (!parsed.ok) throw usageError(`${name} ${parsed.message}.`);
  const given = parsed.value;
  return validateCard(typeof given === "object" ? { ...Object(defaults), ...given } : {}, name);
}

/** @throws AntomVaultError `CONFIGURATION_INVALID` if the card does not match the OpenAPI document */
export function validateCard(card: object, source: string): Card {
  const paymentMethodDetail = { paymentMethodType: "CARD", card };
  const checked = validateVaultPaymentMethodRequest(
    createRequestBody("vaultPaymentMethod", "card", { paymentMethodDetail }),
  );
  if (!checked.valid) throw usageError(`The card from ${source} is invalid: ${describeIssues(checked.issues)}.`);
  return checked.value.paymentMethodDetail.card;
}
