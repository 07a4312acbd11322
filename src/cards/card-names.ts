/** The names of the test cards, which `--test-card` and the dashboard use. @module */
import { TEST_CARDS, type TestCard } from "./test-cards.ts";

/** Converts a result code, a brand, or a name to lowercase with hyphens: `CARD_EXPIRED` becomes `card-expired`. */
export const toKebabCase = (code: string): string => code.toLowerCase().replaceAll("_", "-");

const CHALLENGE_CARD_NAMES = {
  code_required: "challenge",
  attempted: "challenge-attempted",
  failed: "challenge-failed",
  rejected: "challenge-rejected",
  unavailable: "challenge-unavailable",
  abandoned: "challenge-abandoned",
} as const;

/** Returns the name of a test card. Names are unique. */
export function getCardName({ brand, country, challenge, result, exempt, publishedBy }: TestCard): string {
  if (challenge === "code_required" && result !== "SUCCESS") return `challenge-${toKebabCase(result)}`;
  if (challenge !== undefined) return CHALLENGE_CARD_NAMES[challenge];
  if (exempt) return "exempt";
  if (publishedBy === "sandbox") return toKebabCase(result);
  const scheme = toKebabCase(brand) + (country === undefined || brand !== "VISA" ? "" : `-${country.toLowerCase()}`);
  if (result === "SUCCESS") return scheme;
  return scheme === "visa" ? "declined" : `declined-${scheme}`;
}

/** All test cards by name, in the order of `TEST_CARDS`. */
export const testCardsByName: ReadonlyMap<string, TestCard> = new Map(
  TEST_CARDS.map((card) => [getCardName(card), card]),
);

/** The expiry date and CVV that the commands and the dashboard use for test cards. Any other valid values also work. */
export const TEST_CARD_DETAILS = { expiryYear: "39", expiryMonth: "12", cvv: "123" } as const;
