/**
 * Values that occur nowhere else, put into a request, and a search for them in whatever can be read of an error.
 *
 * @module
 */
import { format, inspect } from "node:util";
import { vaultRequest } from "../messages/client-messages.ts";
import { PKCS8 } from "../messages/signature-vectors.ts";

// The short ones begin with 0, as no number of a line does.
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

/** All of it in one line, as somebody hostile would repeat it. */
export const secretsLine = `${Object.entries(card).join(" ")} 5319 2847 0635 1942 5319-2847-0635-1942 07/09 0709`;

/** Pieces of the private key: every tenth run of sixteen characters. */
const keyPieces = PKCS8.match(/.{16}/g)?.filter((_, number) => number % 10 === 5) ?? [];

/** Which of the secrets can be read in a text. */
export function findSecrets(text: string, more: readonly string[] = []): string[] {
  const digits = text.replace(/(?<=\d)[ -](?=\d)/g, "");
  return [...Object.values(card), ...keyPieces, ...more].filter((secret) =>
    secret.length > 4
      ? text.includes(secret) || digits.includes(secret)
      : new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(text),
  );
}

/** Whatever can be read of a value: by a person, a logger, a debugger. */
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
