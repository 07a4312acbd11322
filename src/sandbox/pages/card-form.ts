/** Reads the form in which a buyer types a card. */
import { passesLuhn } from "../../luhn.ts";

export interface CardFault {
  readonly field: "cardNo" | "expiry" | "cvv";
  /** Says what is asked for, never what was typed. */
  readonly message: string;
}

/** The number in digits, or what is wrong with the form, field by field. Of the rest only the form is looked at: any expiry and any code will do. */
export function readCardForm(form: URLSearchParams): { readonly cardNo: string } | CardFault[] {
  const cardNo = (form.get("cardNo") ?? "").replace(/[\s-]/g, "");
  const faults: CardFault[] = [];
  if (!/^\d{12,19}$/.test(cardNo)) faults.push({ field: "cardNo", message: "The card number has 12 to 19 digits." });
  else if (!passesLuhn(cardNo)) faults.push({ field: "cardNo", message: "There is a mistake in the card number." });
  if (!/^\s*(?:0[1-9]|1[0-2])\s*\/?\s*\d{2}\s*$/.test(form.get("expiry") ?? "")) {
    faults.push({ field: "expiry", message: "Month and year in two digits each, as 08/30." });
  }
  if (!/^\d{3,4}$/.test(form.get("cvv") ?? "")) faults.push({ field: "cvv", message: "Three digits, or four." });
  return faults.length > 0 ? faults : { cardNo };
}
