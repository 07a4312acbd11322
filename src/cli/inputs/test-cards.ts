/** The sandbox's test cards by name. */
import { TEST_CARDS, type TestCard } from "../../cards/test-cards.ts";
import { didYouMean } from "../console/did-you-mean.ts";
import { wrongUsage } from "../console/usage-error.ts";

/** A result code as one types it: `CARD_EXPIRED` is `card-expired`. */
export const kebab = (code: string): string => code.toLowerCase().replaceAll("_", "-");

const CHALLENGES = {
  asked: "challenge",
  passes_without_code: "challenge-without-code",
  fails: "challenge-fails",
  refused: "challenge-refused",
  unavailable: "challenge-unavailable",
  abandoned: "challenge-abandoned",
} as const;

/** A name for a test card. No two have the same. */
export function nameOf({ brand, country, challenge, verdict, exempt, publishedBy }: TestCard): string {
  if (challenge === "asked" && verdict !== "SUCCESS") return `challenge-${kebab(verdict)}`;
  if (challenge !== undefined) return CHALLENGES[challenge];
  if (exempt) return "exempt";
  if (publishedBy === "sandbox") return kebab(verdict);
  const scheme = kebab(brand) + (country === undefined || brand !== "VISA" ? "" : `-${country.toLowerCase()}`);
  if (verdict === "SUCCESS") return scheme;
  return scheme === "visa" ? "declined" : `declined-${scheme}`;
}

/** Every test card by its name, in the order of the table. */
export const testCardNames: ReadonlyMap<string, TestCard> = new Map(TEST_CARDS.map((card) => [nameOf(card), card]));

/**
 * A test card by its name, or by a number of the published table.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where there is none
 */
export function testCard(given: string): TestCard {
  const found =
    testCardNames.get(kebab(given)) ?? TEST_CARDS.find(({ number }) => number === given.replace(/[ -]/g, ""));
  if (found) return found;
  // A number that is none of the table's may be somebody's, so it is not repeated.
  throw wrongUsage(
    `--test-card must be a name or number of the published table; \`antom-vault cards\` shows it.${didYouMean(given, testCardNames.keys())}`,
  );
}

/** What goes with a test card: any expiry and CVV will do. */
export const TEST_CARD_DETAILS = { expiryYear: "39", expiryMonth: "12", cvv: "123" } as const;
