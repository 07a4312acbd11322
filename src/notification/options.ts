/** The options that `createNotificationReceiver` and `verifyNotification` share. */
import { AntomVaultError } from "../protocol/errors.ts";
import { isHeaderToken, TIME_TOLERANCE_MS } from "../protocol/http.ts";
import { importKeyring, type KeyInput, type Keyring } from "../signature/index.ts";

/** What a notification is verified against. */
export interface VerificationOptions {
  /** Your client ID, as the dashboard shows it. */
  readonly clientId: string;
  /** Antom's public key from the dashboard, or several keys by key version during a key rotation. */
  readonly antomPublicKey: KeyInput | Readonly<Record<string, KeyInput>>;
  /** The maximum difference between `Request-Time` and the local clock, in milliseconds; `false` for no limit. Default: 48 hours. */
  readonly timeToleranceMs?: number | false;
  /** Returns the current time in Unix milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/** The validated options. `loadKeyring` imports the keys once. */
export interface VerificationSettings {
  readonly clientId: string;
  readonly timeToleranceMs: number | false;
  readonly now: () => number;
  readonly loadKeyring: () => Promise<Keyring>;
}

export const invalidOption = (message: string): AntomVaultError =>
  new AntomVaultError("CONFIGURATION_INVALID", message);

const NAMES = ["clientId", "antomPublicKey", "timeToleranceMs", "now"];

/** The other fields of credentials, so that a caller can spread them into the options. */
const IGNORED_NAMES = ["merchantPrivateKey", "baseUrl"];

/**
 * Validates the shared options and applies the defaults.
 *
 * @param otherNames the names of the caller's other options
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if an option is missing, invalid, or unknown.
 */
export function readVerificationOptions(
  options: VerificationOptions,
  otherNames: readonly string[],
): VerificationSettings {
  if (typeof options !== "object" || options === null)
    throw invalidOption("The options are missing: pass at least clientId and antomPublicKey.");
  const names = [...NAMES, ...otherNames];
  for (const name of Object.keys(options)) {
    if (!names.includes(name) && !IGNORED_NAMES.includes(name))
      throw invalidOption(`${name} is not an option. The options are ${names.join(", ")}.`);
  }
  const { clientId, antomPublicKey, timeToleranceMs = TIME_TOLERANCE_MS, now = Date.now } = options;
  if (typeof clientId !== "string" || !isHeaderToken(clientId)) {
    throw invalidOption(
      "clientId must be 1 to 128 printable ASCII characters without spaces: copy it from the Antom dashboard.",
    );
  }
  if (!antomPublicKey) {
    throw invalidOption(
      "antomPublicKey is missing: copy Antom's public key from the dashboard. If it is in an environment variable, check that the variable is set.",
    );
  }
  if (timeToleranceMs !== false && !(timeToleranceMs >= 0))
    throw invalidOption("timeToleranceMs must be a number of milliseconds, at least 0, or false.");
  requireFunctions({ now });
  let keyring: Promise<Keyring> | undefined;
  const loadKeyring = () => {
    keyring ??= importKeyring(antomPublicKey, "antomPublicKey");
    return keyring;
  };
  return { clientId, timeToleranceMs, now, loadKeyring };
}

/** @throws {AntomVaultError} `CONFIGURATION_INVALID` if a value is not a function. */
export function requireFunctions(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== "function") throw invalidOption(`${name} must be a function.`);
  }
}
