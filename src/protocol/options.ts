/** Checks the options that a caller passes. JavaScript callers can pass any value. @module */
import { didYouMean } from "./did-you-mean.ts";
import { AntomVaultError, maskDigits } from "./errors.ts";
import { isHeaderToken } from "./http.ts";

const invalidOption = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

/**
 * Requires an object that contains only known options.
 *
 * @param known a record whose keys are the option names, so that its type can require every name
 * @throws {AntomVaultError} `CONFIGURATION_INVALID`, with suggestions, if `options` is not an object or contains an unknown name.
 */
export function requireKnownOptions(caller: string, options: object, known: Readonly<Record<string, true>>): void {
  const names = Object.keys(known);
  if (typeof options !== "object" || options === null)
    throw invalidOption(`${caller} requires an options object. The options are ${names.join(", ")}.`);
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    const similar = names.filter((other) => other.toLowerCase().includes(name.toLowerCase()));
    const hint = similar.length > 0 ? ` Did you mean ${similar.join(" or ")}?` : didYouMean(name, names);
    throw invalidOption(
      `${caller} has no option ${maskDigits(name).slice(0, 40)}.${hint || ` The options are ${names.join(", ")}.`}`,
    );
  }
}

/**
 * Requires a value.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if it is `undefined`, `null`, or empty, for example because an environment variable is not set.
 */
export function requirePresent(name: string, value: unknown): void {
  if (value === undefined || value === null || value === "")
    throw invalidOption(`${name} is ${value === "" ? "empty" : value}: check that the environment variable is set.`);
}

/**
 * Requires a client ID in the format that the Antom dashboard shows.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if it is missing or invalid, for example because it contains quotation marks or spaces.
 */
export function requireClientId(clientId: unknown): asserts clientId is string {
  requirePresent("clientId", clientId);
  if (typeof clientId === "string" && /["'`\s]/.test(clientId))
    throw invalidOption(
      "clientId contains quotation marks or spaces: remove them from the environment variable or file.",
    );
  if (typeof clientId !== "string" || !isHeaderToken(clientId))
    throw invalidOption("clientId must be 1 to 128 printable ASCII characters: copy it from the Antom dashboard.");
}
