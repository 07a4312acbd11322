/** What a client is told at its making, checked and completed. */

import { basePaths, type Environment, type Region, servers } from "../../generated/operations.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { isHeaderToken, TIME_TOLERANCE_MS } from "../protocol/http.ts";
import { environmentOf } from "../protocol/operations.ts";
import { requireSafeTransport } from "../protocol/require-tls.ts";
import type { KeyInput } from "../signature/index.ts";

/** The time as the client sees it. Tests inject their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after `ms` milliseconds, rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** One line for a log. There is no field for a body, a signature or card data. */
export interface LogEntry {
  readonly event: "sending" | "answered" | "no_answer" | "retrying";
  readonly operation: string;
  /** From 1. */
  readonly attempt: number;
  /** Milliseconds since the attempt began; with `retrying`, how long the client waits. */
  readonly milliseconds?: number;
  readonly httpStatus?: number;
  readonly resultStatus?: string;
  readonly resultCode?: string;
  /** The code of the error, where no answer came. */
  readonly errorCode?: string;
}

export interface RetryOptions {
  /** How many times a call is sent at most. Default 3, limit 10. */
  readonly attempts?: number;
  /** The first wait in milliseconds; it doubles each time, and a random part of it is taken. Default 250. */
  readonly baseDelayMs?: number;
  /** The longest wait in milliseconds, a server's Retry-After included. Default 5,000. */
  readonly maxDelayMs?: number;
}

export interface VaultClientOptions {
  /** The client ID that the vendor gave. One that begins with `SANDBOX_` calls the sandbox. */
  readonly clientId: string;
  /** The merchant's own RSA private key: PEM (PKCS#8 or PKCS#1), the dashboard's bare base64, or a CryptoKey. */
  readonly merchantPrivateKey: KeyInput;
  /** Antom's public key from the dashboard; or several by key version, while one is being replaced. */
  readonly antomPublicKey: KeyInput | Readonly<Record<string, KeyInput>>;
  /** Which of the vendor's hosts to call. Give this or `baseUrl`. */
  readonly region?: Region;
  /** Another host, for example a sandbox of one's own: `http://127.0.0.1:4010`. https, or plain http to loopback only. */
  readonly baseUrl?: string;
  /** Default: `sandbox` where the client ID begins with `SANDBOX_`, else `production`. */
  readonly environment?: Environment;
  /** The version of the merchant's key, as the dashboard shows it. Default 1. */
  readonly keyVersion?: string | number;
  /** The token of an independent software vendor, sent as `agent-token`. At most 128 characters. */
  readonly agentToken?: string;
  /** How long a call may take, all attempts and waits included, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** How long one attempt may take, in milliseconds. Default 15,000, as in the vendor's SDKs. */
  readonly attemptTimeoutMs?: number;
  /** `false` sends each call once. */
  readonly retry?: false | RetryOptions;
  /** How far an answer's time may be from the client's, in milliseconds; `false` for any. Default 48 hours. */
  readonly responseTimeToleranceMs?: number | false;
  /** Used in the place of the global `fetch`. Redirects stay refused and answers verified whatever it does. */
  readonly fetch?: (input: string, init: RequestInit) => Promise<Response>;
  readonly clock?: Clock;
  /** Called with each step. What it throws is ignored. */
  readonly logger?: (entry: LogEntry) => void;
}

export interface Settings {
  readonly clientId: string;
  readonly baseUrl: string;
  readonly keyVersion: string;
  readonly agentToken: string | undefined;
  readonly timeoutMs: number;
  readonly attemptTimeoutMs: number;
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly responseTimeToleranceMs: number;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  readonly clock: Clock;
  readonly log: ((entry: LogEntry) => void) | undefined;
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, ms);
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    }),
};

const wrong = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

function within(name: string, value: number | undefined, fallback: number, min: number, max: number): number {
  const chosen = value ?? fallback;
  if (!Number.isFinite(chosen) || chosen < min || chosen > max)
    throw wrong(`${name} must be a number from ${min} to ${max}.`);
  return chosen;
}

/** A call's time limit, else the one that stands. */
export const readTimeout = (value: number | undefined, fallback: number): number =>
  within("timeoutMs", value, fallback, 1, DAY);

const DAY = 24 * 60 * 60 * 1000;

/** Checks the options. Throws `CONFIGURATION_INVALID` with the name of the option and the rule. */
export function readOptions(options: VaultClientOptions): Settings {
  const { clientId, region, baseUrl, agentToken, retry } = options;
  if (typeof clientId !== "string" || !isHeaderToken(clientId)) {
    throw wrong(
      "clientId must be 1 to 128 printable ASCII characters without blanks: the ID that the dashboard shows.",
    );
  }
  if (agentToken !== undefined && !isHeaderToken(agentToken)) {
    throw wrong("agentToken must be 1 to 128 printable ASCII characters without blanks.");
  }
  const keyVersion = String(options.keyVersion ?? 1);
  if (!/^\d{1,9}$/.test(keyVersion)) throw wrong("keyVersion must be a whole number, as the dashboard shows it.");
  if ((region === undefined) === (baseUrl === undefined)) {
    throw wrong(`Give either region (${Object.keys(servers).join(", ")}) or baseUrl.`);
  }
  if (region !== undefined && !Object.hasOwn(servers, region)) {
    throw wrong(`region must be one of ${Object.keys(servers).join(", ")}.`);
  }
  const environment = options.environment ?? environmentOf(clientId);
  if (!Object.hasOwn(basePaths, environment)) throw wrong("environment must be production or sandbox.");
  const origin = checkedOrigin(region === undefined ? String(baseUrl) : servers[region]);
  const retries = retry === false ? { attempts: 1 } : (retry ?? {});
  const tolerance = options.responseTimeToleranceMs;
  const timeoutMs = readTimeout(options.timeoutMs, 30_000);
  const clock = options.clock ?? systemClock;
  const fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const { logger } = options;
  requireFunctions({ fetch, logger: logger ?? (() => {}), "clock.now": clock.now, "clock.sleep": clock.sleep });
  return {
    clientId,
    baseUrl: origin + basePaths[environment],
    keyVersion,
    agentToken,
    timeoutMs,
    attemptTimeoutMs: within("attemptTimeoutMs", options.attemptTimeoutMs, Math.min(15_000, timeoutMs), 1, DAY),
    attempts: Math.floor(within("retry.attempts", retries.attempts, 3, 1, 10)),
    baseDelayMs: within("retry.baseDelayMs", retries.baseDelayMs, 250, 0, 60_000),
    maxDelayMs: within("retry.maxDelayMs", retries.maxDelayMs, 5_000, 0, 600_000),
    responseTimeToleranceMs:
      tolerance === false
        ? Number.POSITIVE_INFINITY
        : within("responseTimeToleranceMs", tolerance, TIME_TOLERANCE_MS, 0, 36_500 * DAY),
    fetch,
    clock,
    log: logger && tolerant(logger),
  };
}

/** A logger that fails, now or later, must not fail a call. */
const tolerant =
  (logger: (entry: LogEntry) => void) =>
  (entry: LogEntry): void => {
    (async () => logger(entry))().catch(() => {});
  };

function requireFunctions(given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== "function") throw wrong(`${name} must be a function.`);
  }
}

function checkedOrigin(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong("baseUrl must be an absolute address, for example http://127.0.0.1:4010.");
  }
  if (url.username || url.password) throw wrong("baseUrl must not have a user name or password in it.");
  if ((url.pathname !== "/" && url.pathname !== "") || url.search || url.hash) {
    throw wrong("baseUrl must end after the host and port: the path of the API is added by the client.");
  }
  requireSafeTransport(url);
  return url.origin;
}
