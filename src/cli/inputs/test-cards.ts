/** Finds the sandbox's test cards. @module */
import { testCardsByName, toKebabCase } from "../../cards/card-names.ts";
import { TEST_CARDS, type TestCard } from "../../cards/test-cards.ts";
import { didYouMean } from "../../protocol/did-you-mean.ts";
import { commandPrefix } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";

/**
 * Returns the test card with a name or number.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if there is none
 */
export function findTestCard(nameOrNumber: string): TestCard {
  const found =
    testCardsByName.get(toKebabCase(nameOrNumber)) ??
    TEST_CARDS.find(({ number }) => number === nameOrNumber.replace(/[ -]/g, ""));
  if (found) return found;
  // An unknown number might belong to a real card, so the error does not quote it.
  throw usageError(
    `--test-card must be the name or number of a test card.${didYouMean(nameOrNumber, testCardsByName.keys())} To list the test cards, run: ${commandPrefix} cards`,
  );
}
