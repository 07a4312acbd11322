/** A request with unique secret values, and functions that format errors and find these values in text. @module */
import { format, inspect } from "node:util";
import { vaultRequest } from "../messages/client-messages.ts";
import { PKCS8 } from "../messages/signature-vectors.ts";

// The short values start with 0, so that line numbers in stack traces do not match them.
const card = {
  cardNo: "5319284706351942",
  expiryYear: "09",
  expiryMonth: "07",
  cvv: "0983",
  dateOfBirth: "1987-10-29",
  businessNo: "7401936258",
  businessRegistrationNo: "QX8160492Z",
  cardPasswordDigest: "05",
  cpf: "60284917358",
};

export const canaryRequest = {
  ...vaultRequest,
  paymentMethodDetail: { paymentMethodType: "CARD" as const, card },
};

/** All card values on one line, as a malicious server could return them. */
export const secretsLine = `${Object.entries(card).join(" ")} 5319 2847 0635 1942 5319-2847-0635-1942 07/09 0709`;

/** Every tenth 16-character group of the private key. */
const keyPieces = PKCS8.match(/.{16}/g)?.filter((_, number) => number % 10 === 5) ?? [];

/** Returns the card values, parts of the private key, and additional secrets that occur in a text. */
export function findSecrets(text: string, additional: readonly string[] = []): string[] {
  const digits = text.replace(/(?<=\d)[ -](?=\d)/g, "");
  return [...Object.values(card), ...keyPieces, ...additional].filter((secret) =>
    secret.length > 4
      ? text.includes(secret) || digits.includes(secret)
      : new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(text),
  );
}

/** Returns a value in the formats in which loggers and debuggers print it. */
export function inspectAll(value: unknown): string {
  const { message, stack, cause } = value instanceof Error ? value : new Error();
  const all = { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true, maxStringLength: null } as const;
  return [
    String(value),
    message,
    stack,
    JSON.stringify([value, cause]),
    inspect(value, all),
    format("%o %s", value, cause),
  ].join("\n");
}
