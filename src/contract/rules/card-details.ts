/** Finds details of a card in messages: the values of fields marked with `x-card-data`, except the number. @module */
import { collectStrings, getField, toText } from "../../protocol/json-fields.ts";

/** A shorter value can occur by chance. */
const MIN_LENGTH = 6;
const TEXT_FIELDS = [
  ["cpf"],
  ["businessNo"],
  ["businessRegistrationNo"],
  ["dateOfBirth"],
  ...["firstName", "middleName", "lastName", "fullName"].map((name) => ["cardholderName", name]),
  ...["city", "address1", "address2", "zipCode"].map((name) => ["billingAddress", name]),
] as const;

/** Fields that may contain card details: fields of the card, and fields that return the merchant's data. */
const PERMITTED_FIELDS: ReadonlySet<string> = new Set([
  "expiryYear",
  "expiryMonth",
  "cardholderName",
  "billingAddress",
  "metadata",
  "vaultingRequestId",
]);

/** Returns the name of a card detail that a message contains outside of the permitted fields, or `undefined`. */
export function findCardDetail(body: unknown, card: unknown): string | undefined {
  if (typeof body !== "object" || body === null || typeof card !== "object" || card === null) return undefined;
  return findText(body, card) ?? findInMessages(body, card);
}

function findText(body: object, card: object): string | undefined {
  const values = TEXT_FIELDS.flatMap((path) => {
    const value = path.reduce<unknown>(getField, card);
    const isDistinctive = typeof value === "string" && value.length >= MIN_LENGTH && new Set(value).size > 3;
    return isDistinctive ? [[path.join("."), value.toLowerCase()] as const] : [];
  });
  if (values.length === 0) return undefined;
  const permitted: unknown = JSON.parse(JSON.stringify(body), (name, value: unknown) =>
    PERMITTED_FIELDS.has(name) ? undefined : value,
  );
  const texts = collectStrings(permitted).map((text) => text.toLowerCase());
  const contains = (value: string) => texts.some((text) => text.includes(value));
  return values.find(([, value]) => contains(value) || contains(omitSeparators(value)))?.[0];
}

/** Returns the digits of a number that has separators. Returns other text unchanged. */
const omitSeparators = (value: string): string => (/^[\d. /-]+$/.test(value) ? value.replace(/\D/g, "") : value);

const hasPattern = (text: string, pattern: string): boolean => new RegExp(`(?<![\\w-])${pattern}(?![\\w-])`).test(text);
const hasWord = (text: string, word: string): boolean => hasPattern(text, word.replace(/[^\w\s]/g, "\\$&"));

/** The valid forms of short card values. A message must not quote an invalid value either, because invalid values do not occur by chance. */
const VALID_VALUES = {
  cvv: /^\d{3,4}$/,
  expiryMonth: /^(?:0[1-9]|1[0-2])$/,
  expiryYear: /^\d\d$/,
  cardPasswordDigest: /^\d\d$/,
};

/** Searches the human-readable messages for the CVV and the expiry date as words, and for invalid values. */
function findInMessages(body: object, card: object): string | undefined {
  const message = [getField(getField(body, "result"), "resultMessage"), getField(body, "vaultingResultMessage")]
    .map((text) => toText(text ?? ""))
    .join("\n");
  const quoted = Object.entries(VALID_VALUES).find(([name, pattern]) => {
    const value = getField(card, name);
    return typeof value === "string" && value.length > 1 && !pattern.test(value.trim()) && hasWord(message, value);
  });
  if (quoted) return quoted[0];
  if (!/\d{2}/.test(message)) return undefined;
  const getDigits = (name: string, pattern: RegExp) => {
    const value = getField(card, name);
    return typeof value === "string" && pattern.test(value) ? value : undefined;
  };
  const isWord = (pattern: string) => hasPattern(message, pattern);
  const cvv = getDigits("cvv", /^\d{3,4}$/);
  if (cvv !== undefined && isWord(cvv)) return "CVV";
  const [month, year] = [getDigits("expiryMonth", /^\d\d$/), getDigits("expiryYear", /^\d\d$/)];
  if (month === undefined || year === undefined) return undefined;
  return isWord(`(?:${month}[/. -]?(?:20)?${year}|20${year}[/. -]?${month})`) ? "expiry date" : undefined;
}
