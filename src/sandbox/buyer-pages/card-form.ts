/** Reads and validates the form of the card page. */
import { isLuhnValid } from "../../cards/luhn.ts";

export type CardField = "cardNo" | "expiry" | "cvv";

/** An error in a field. It never contains the entered value. */
export interface CardFormError {
  readonly field: CardField;
  /** `checksum`: the card number fails the Luhn check. */
  readonly reason: "missing" | "invalid" | "checksum";
}

/** Patterns that field values must match after trimming. The browser script checks the same patterns before it submits the form. */
export const CARD_RULES = {
  /** Matches a card number without spaces or hyphens. */
  cardNo: /^\d{12,19}$/,
  /** Matches `08/30` and other formats that users and browsers enter: `0830`, `8/30`, `08-30`, `08 / 2030`. */
  expiry: /^(?:0?[1-9]|1[0-2])(?:\s*[/.-]\s*|\s+)(?:20)?\d{2}$|^(?:0[1-9]|1[0-2])(?:20)?\d{2}$/,
  cvv: /^\d{3,4}$/,
} as const satisfies Record<CardField, RegExp>;

/** Returns the digits of the card number, or an error for each invalid field. Accepts any expiry date and security code with a valid format. */
export function readCardForm(form: URLSearchParams): { readonly cardNo: string } | CardFormError[] {
  const getValue = (field: CardField) => (form.get(field) ?? "").trim();
  const cardNo = getValue("cardNo").replace(/[\s-]/g, "");
  const errors: CardFormError[] = [];
  if (cardNo === "") errors.push({ field: "cardNo", reason: "missing" });
  else if (!CARD_RULES.cardNo.test(cardNo)) errors.push({ field: "cardNo", reason: "invalid" });
  else if (!isLuhnValid(cardNo)) errors.push({ field: "cardNo", reason: "checksum" });
  for (const field of ["expiry", "cvv"] as const) {
    const value = getValue(field);
    if (!CARD_RULES[field].test(value)) errors.push({ field, reason: value === "" ? "missing" : "invalid" });
  }
  return errors.length > 0 ? errors : { cardNo };
}
