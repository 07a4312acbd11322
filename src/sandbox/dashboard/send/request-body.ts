/** Creates, prefills, and checks the bodies of the calls that users send from the dashboard. */
import type { OperationId } from "../../../../generated/operations.ts";
import { normalizeDigits } from "../../../cards/card-digits.ts";
import { TEST_CARD_DETAILS, testCardsByName } from "../../../cards/card-names.ts";
import { isCardField, maskCardNumbers } from "../../../cards/mask-card-data.ts";
import { TEST_CARDS, type TestCard } from "../../../cards/test-cards.ts";
import { LISTEN_PORT, NOTIFICATION_PATH } from "../../../control-api/listen-defaults.ts";
import { escapeInvisibleJson } from "../../../html/html-template.ts";
import { BODY_LIMIT, parseJson } from "../../../protocol/json.ts";
import { getCard, getField } from "../../../protocol/json-fields.ts";
import { FormError } from "../frame/gate.ts";

export const DEFAULT_CARD = "visa";

export interface SampleOptions {
  readonly id: string;
  readonly cardName?: string | undefined;
  /** The base URL of the sandbox, to which the buyer returns. */
  readonly baseUrl: string;
}

/** Creates a request that uses only the hosts of the sandbox and of `antom-vault listen`, which receives the notifications. */
export function createSampleRequest(operation: OperationId, { id, cardName, baseUrl }: SampleOptions): object {
  if (operation === "inquireVaulting") return { vaultingRequestId: id };
  const common = {
    vaultingRequestId: id,
    vaultingNotificationUrl: `http://127.0.0.1:${LISTEN_PORT}${NOTIFICATION_PATH}`,
    redirectUrl: `${baseUrl}/`,
  };
  if (operation === "createVaultingSession") return { paymentMethodType: "CARD", ...common };
  const cardNo = getTestCard(cardName).number;
  return {
    ...common,
    paymentMethodDetail: { paymentMethodType: "CARD", card: { cardNo, ...TEST_CARD_DETAILS } },
    env: { terminalType: "WEB" },
  };
}

/** Returns the test card with this name, or the default card. */
export const getTestCard = (name = DEFAULT_CARD): TestCard =>
  testCardsByName.get(name) ?? testCardsByName.get(DEFAULT_CARD) ?? (TEST_CARDS[0] as TestCard);

export const formatBody = (body: unknown): string => escapeInvisibleJson(JSON.stringify(body, null, 2));

export interface Prefill {
  readonly text: string;
  /** The names of the fields that are omitted because their masked values cannot be restored. */
  readonly omitted: readonly string[];
}

/** Converts a masked request to an editable one with a test card. If `id` is set, it replaces the vaultingRequestId. */
export function prefillBody(masked: string, card: TestCard, id: string | undefined): Prefill {
  const restored: Readonly<Record<string, string>> = { cardNo: card.number, ...TEST_CARD_DETAILS };
  const omitted = new Set<string>();
  const body: unknown = JSON.parse(masked, (name, value: unknown) => {
    if (!isCardField(name)) return value;
    if (restored[name] === undefined) omitted.add(name);
    return restored[name];
  });
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  return {
    text: formatBody(isObject && id !== undefined ? { ...body, vaultingRequestId: id } : body),
    omitted: [...omitted],
  };
}

/** Returns the test card that a masked request probably contained, or the default card. `resultCode` is the result of its vaulting. */
export function guessTestCard(masked: string, resultCode: string | undefined): TestCard {
  const number = getField(getCard(JSON.parse(masked)), "cardNo");
  const lastFour = typeof number === "string" ? number.slice(-4) : "";
  const candidates = TEST_CARDS.filter((card) => card.number.endsWith(lastFour));
  const [only] = candidates;
  const isClear = lastFour !== "" && candidates.length === 1;
  return (isClear ? only : candidates.find(({ result }) => lastFour !== "" && result === resultCode)) ?? getTestCard();
}

/** The error for a body that must not be sent. */
export class BodyError extends FormError {
  /** The body for the form that shows the error: unchanged, or empty if the body is too large or might contain the number of a real card. */
  readonly shownBody: string;
  constructor(message: string, shownBody: string) {
    super(message);
    this.shownBody = shownBody;
  }
}

/**
 * Returns the parsed body. Errors never quote the body.
 *
 * @throws {BodyError} if the body is not JSON, is too large, or contains a number that might be a real card number
 */
export function requireSafeBody(text: string): unknown {
  const parsed = parseJson(new TextEncoder().encode(text));
  if (!parsed.ok) {
    const isSafe = text.length <= BODY_LIMIT && !isForeignNumber("", text);
    throw new BodyError(`The body ${parsed.message}${formatSyntaxErrorPosition(text)}.`, isSafe ? text : "");
  }
  const pointer = findForeignCard(parsed.value, "", "");
  if (pointer === undefined) return parsed.value;
  const place = pointer === "" ? "The body" : `The field ${maskCardNumbers(pointer)}`;
  throw new BodyError(
    `${place} contains a number that is not a test card number. Nothing was sent or stored. Choose a test card from the list.`,
    "",
  );
}

/** Returns the position of a syntax error in parentheses, or an empty string if the position is unknown. */
function formatSyntaxErrorPosition(text: string): string {
  try {
    JSON.parse(text);
    return "";
  } catch (error) {
    // Use only the position, because the rest of the message quotes the text.
    const position = / at position (\d+)/.exec((error as Error).message)?.[1];
    if (position === undefined) return "";
    const lines = text.slice(0, Number(position)).split("\n");
    return ` (line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1})`;
  }
}

/** Returns the JSON Pointer of the first value that might contain the number of a real card, or `undefined`. */
function findForeignCard(value: unknown, name: string, pointer: string): string | undefined {
  if (typeof value !== "object" || value === null) return isForeignNumber(name, String(value)) ? pointer : undefined;
  for (const [inner, member] of Object.entries(value)) {
    // The pointer must not contain a name that is a card number.
    if (isForeignNumber("", inner)) return pointer;
    const found = findForeignCard(member, Array.isArray(value) ? name : inner, `${pointer}/${inner}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const TEST_NUMBERS = TEST_CARDS.map(({ number }) => number);
const NUMBER_FIELD = /^(?:card[_-]?no|card[_-]?number|pan)$/i;

/** Returns whether text contains a number that might be a real card number. In a card number field, any number of at least 12 digits might be one. */
function isForeignNumber(field: string, text: string): boolean {
  const rest = TEST_NUMBERS.reduce((remaining, number) => remaining.replaceAll(number, "·"), text);
  const digits = normalizeDigits(rest);
  return (
    maskCardNumbers(rest) !== rest ||
    maskCardNumbers(digits) !== digits ||
    (NUMBER_FIELD.test(field) && /\d{12}/.test(digits))
  );
}
