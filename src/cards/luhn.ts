/** The Luhn check digit of card numbers (ISO/IEC 7812-1, annex B). @module */

/** Computes the check digit to append to the given digits. */
export function computeLuhnDigit(digits: string): string {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]) * (index % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return String((10 - (sum % 10)) % 10);
}

/** Returns whether a string consists of at least 2 digits and ends with the correct check digit. */
export const isLuhnValid = (digits: string): boolean =>
  /^\d{2,}$/.test(digits) && computeLuhnDigit(digits.slice(0, -1)) === digits.slice(-1);
