/** Reads the form in which a buyer types a card. */
import { isLuhnValid } from "../../cards/luhn.ts";

export type CardField = "cardNo" | "expiry" | "cvv";

/** What is wrong with a field: it tells what is asked for, never what was typed. */
export interface CardFormError {
  readonly field: CardField;
  /** `mistake`: the check digit of the card number is incorrect. */
  readonly reason: "missing" | "form" | "mistake";
}

/** What may stand in a field, blanks around it left off. The page's script holds a card against the same rules before it is sent. */
export const CARD_RULES = {
  /** Of the number without its blanks and dashes. */
  cardNo: /^\d{12,19}$/,
  /** `08/30`, and what people and browsers make of it: `0830`, `8/30`, `08-30`, `08 / 2030`. */
  expiry: /^(?:0?[1-9]|1[0-2])\s*[/. -]\s*(?:20)?\d{2}$|^(?:0[1-9]|1[0-2])(?:20)?\d{2}$/,
  cvv: /^\d{3,4}$/,
} as const satisfies Record<CardField, RegExp>;

/**
 * The number in digits, or what is wrong with the form, field by field. Of the rest only the form is looked at: any expiry and any code
 * will do.
 */
export function readCardForm(form: URLSearchParams): { readonly cardNo: string } | CardFormError[] {
  const typed = (field: CardField) => (form.get(field) ?? "").trim();
  const cardNo = typed("cardNo").replace(/[\s-]/g, "");
  const faults: CardFormError[] = [];
  if (cardNo === "") faults.push({ field: "cardNo", reason: "missing" });
  else if (!CARD_RULES.cardNo.test(cardNo)) faults.push({ field: "cardNo", reason: "form" });
  else if (!isLuhnValid(cardNo)) faults.push({ field: "cardNo", reason: "mistake" });
  for (const field of ["expiry", "cvv"] as const) {
    const text = typed(field);
    if (!CARD_RULES[field].test(text)) faults.push({ field, reason: text === "" ? "missing" : "form" });
  }
  return faults.length > 0 ? faults : { cardNo };
}
