import { basePaths, servers } from "../../generated/operations.ts";
import { rejectOnAbort } from "../protocol/abort-signal.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { isHeaderToken, TIME_TOLERANCE_MS } from "../protocol/http.ts";
import { getEnvironment } from "../protocol/operations.ts";
import { requireClientId, requireKnownOptions, requirePresent } from "../protocol/options.ts";
import { requireTls } from "../protocol/require-tls.ts";
import { createLog } from "./call-log.ts";
import type { Clock, RetryOptions, VaultClientOptions } from "./options.ts";

/** The validated options of a client. */
export type Settings = Readonly<ReturnType<typeof readOptions>>;

const invalidOption = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

function requireInRange(name: string, value: number | undefined, fallback: number, min: number, max: number): number {
  const number = value ?? fallback;
  if (!Number.isFinite(number) || number < min || number > max)
    throw invalidOption(`${name} must be a number from ${min} to ${max}.`);
  return number;
}

/** Validates the timeout of a call. Returns `fallback` if `value` is `undefined`. */
export const readTimeout = (value: number | undefined, fallback: number): number =>
  requireInRange("timeoutMs", value, fallback, 1, DAY);

const OPTION_NAMES: Readonly<Record<keyof VaultClientOptions, true>> = {
  clientId: true,
  merchantPrivateKey: true,
  antomPublicKey: true,
  region: true,
  baseUrl: true,
  environment: true,
  keyVersion: true,
  agentToken: true,
  timeoutMs: true,
  attemptTimeoutMs: true,
  retry: true,
  responseTimeToleranceMs: true,
  fetch: true,
  clock: true,
  logger: true,
};

const DAY = 24 * 60 * 60 * 1000;

/**
 * Validates the options of a client and applies the defaults.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if an option is missing, unknown, or invalid.
 * @throws {AntomVaultError} `TLS_REQUIRED` if {@link requireTls} rejects the URL.
 */
export function readOptions(options: VaultClientOptions) {
  requireKnownOptions("createVaultClient", options, OPTION_NAMES);
  const { clientId, agentToken, retry, logger } = options;
  requireClientId(clientId);
  requirePresent("merchantPrivateKey", options.merchantPrivateKey);
  requirePresent("antomPublicKey", options.antomPublicKey);
  if (agentToken !== undefined && !isHeaderToken(agentToken)) {
    throw invalidOption("agentToken must be 1 to 128 printable ASCII characters without spaces.");
  }
  const keyVersion = String(options.keyVersion ?? 1);
  if (!/^\d{1,9}$/.test(keyVersion))
    throw invalidOption("keyVersion must be a whole number of 1 to 9 digits: copy it from the Antom dashboard.");
  const baseUrl = readApiUrl(options);
  const retries: RetryOptions = retry === false ? { attempts: 1 } : (retry ?? {});
  requireKnownOptions("retry", retries, { attempts: true, baseDelayMs: true, maxDelayMs: true });
  const tolerance = options.responseTimeToleranceMs;
  const timeoutMs = readTimeout(options.timeoutMs, 30_000);
  const clock = options.clock ?? systemClock;
  const fetch: typeof options.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const functions = { fetch, logger: logger ?? (() => {}), "clock.now": clock.now, "clock.sleep": clock.sleep };
  for (const [name, value] of Object.entries(functions)) {
    if (typeof value !== "function") throw invalidOption(`${name} must be a function.`);
  }
  return {
    clientId,
    baseUrl,
    keyVersion,
    agentToken,
    timeoutMs,
    attemptTimeoutMs: requireInRange("attemptTimeoutMs", options.attemptTimeoutMs, Math.min(15_000, timeoutMs), 1, DAY),
    attempts: Math.floor(requireInRange("retry.attempts", retries.attempts, 3, 1, 10)),
    baseDelayMs: requireInRange("retry.baseDelayMs", retries.baseDelayMs, 250, 0, 60_000),
    maxDelayMs: requireInRange("retry.maxDelayMs", retries.maxDelayMs, 5_000, 0, 600_000),
    responseTimeToleranceMs:
      tolerance === false
        ? Number.POSITIVE_INFINITY
        : requireInRange("responseTimeToleranceMs", tolerance, TIME_TOLERANCE_MS, 0, 36_500 * DAY),
    fetch,
    clock,
    log: createLog(logger),
  };
}

/** Returns the URL to which the path of an operation is appended. */
function readApiUrl(options: VaultClientOptions): string {
  const { region, baseUrl } = options;
  if ((region === undefined) === (baseUrl === undefined)) {
    throw invalidOption(`Set either region (${Object.keys(servers).join(", ")}) or baseUrl.`);
  }
  if (region !== undefined && !Object.hasOwn(servers, region)) {
    throw invalidOption(`region must be one of ${Object.keys(servers).join(", ")}.`);
  }
  const environment = options.environment ?? getEnvironment(options.clientId);
  if (!Object.hasOwn(basePaths, environment)) throw invalidOption("environment must be production or sandbox.");
  return parseOrigin(region === undefined ? String(baseUrl) : servers[region]) + basePaths[environment];
}

function parseOrigin(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalidOption("baseUrl must be an absolute URL, for example http://127.0.0.1:4010.");
  }
  if (url.username || url.password) throw invalidOption("baseUrl must not contain a user name or password.");
  if ((url.pathname !== "/" && url.pathname !== "") || url.search || url.hash) {
    throw invalidOption("baseUrl must not contain a path, query, or fragment: the client adds the API path.");
  }
  requireTls(url);
  return url.origin;
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => {
    let timer: ReturnType<typeof setTimeout>;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    return rejectOnAbort(timeout, signal).finally(() => clearTimeout(timer));
  },
};
