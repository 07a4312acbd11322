/** The options that `createNotificationReceiver` and `verifyNotification` share. */
import { AntomVaultError } from "../protocol/errors.ts";
import { TIME_TOLERANCE_MS } from "../protocol/http.ts";
import { requireClientId, requireKnownOptions, requirePresent } from "../protocol/options.ts";
import { importKeyring, type KeyInput, type Keyring } from "../signature/index.ts";

/** The options for verifying a notification. */
export interface VerificationOptions {
  /** Your client ID, as the Antom dashboard shows it. */
  readonly clientId: string;
  /** Antom's public key from the Antom dashboard, or several keys by key version during a key rotation. */
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

const NAMES: Readonly<Record<keyof VerificationOptions, true>> = {
  clientId: true,
  antomPublicKey: true,
  timeToleranceMs: true,
  now: true,
};

/** The fields of credentials that only the client needs. They are ignored, so that a caller can spread credentials into the options. */
const IGNORED_NAMES = { merchantPrivateKey: true, baseUrl: true } as const;

/**
 * Validates the shared options and applies the defaults.
 *
 * @param otherNames the names of the caller's other options
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if an option is missing, invalid, or unknown.
 */
export function readVerificationOptions(
  caller: string,
  options: VerificationOptions,
  otherNames: Readonly<Record<string, true>>,
): VerificationSettings {
  requireKnownOptions(caller, options, { ...NAMES, ...otherNames, ...IGNORED_NAMES });
  const { clientId, antomPublicKey, timeToleranceMs = TIME_TOLERANCE_MS, now = Date.now } = options;
  requireClientId(clientId);
  requirePresent("antomPublicKey", antomPublicKey);
  if (timeToleranceMs !== false && !(typeof timeToleranceMs === "number" && timeToleranceMs >= 0))
    throw invalidOption("timeToleranceMs must be a number of milliseconds (0 or more) or false.");
  requireFunctions({ now });
  let keyring: Promise<Keyring> | undefined;
  const loadKeyring = () => {
    keyring ??= importKeyring(antomPublicKey, "antomPublicKey");
    return keyring;
  };
  return { clientId, timeToleranceMs, now, loadKeyring };
}

/** Checks that every option is a function. @throws {AntomVaultError} `CONFIGURATION_INVALID` if an option is not a function. */
export function requireFunctions(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== "function") throw invalidOption(`${name} must be a function.`);
  }
}
