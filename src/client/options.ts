import type { Environment, Region } from "../../generated/operations.ts";
import type { KeyInput } from "../signature/index.ts";

/**
 * The clock that a client uses. Replace it in tests.
 *
 * @example
 * ```ts
 * const clock: Clock = { now: () => Date.UTC(2030, 0, 1), sleep: async () => {} }; // fixed time, no delays
 * ```
 */
export interface Clock {
  /** Returns the current time in Unix milliseconds. */
  readonly now: () => number;
  /** Resolves after `ms` milliseconds. Rejects if the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * A log entry for one step of a call. It never contains bodies, signatures, request IDs, or card data. On Node.js, Bun, and Deno, the client also
 * publishes the entry to the `antom-vault:client` channel of `node:diagnostics_channel`.
 *
 * @example
 * ```ts
 * const logger = ({ event, operation, attempt, errorCode }: LogEntry) => console.info(event, operation, attempt, errorCode);
 * ```
 */
export interface LogEntry {
  /** The step: the call started or ended, a request was sent, a verified response arrived, a request failed, or a retry was scheduled. */
  readonly event:
    | "call_started"
    | "request_sent"
    | "response_received"
    | "request_failed"
    | "retry_scheduled"
    | "call_ended";
  /** The number of the call in this process. All entries of a call have the same number. */
  readonly call: number;
  /** The operation of the Vault API, for example `vaultPaymentMethod`. */
  readonly operation: string;
  /** The number of the attempt, starting at 1; for `call_started`, 0; for `call_ended`, the number of attempts. */
  readonly attempt: number;
  /** The duration of the attempt or the call in milliseconds; for `retry_scheduled`, the delay before the next attempt. */
  readonly milliseconds?: number;
  /** The HTTP status of the response. */
  readonly httpStatus?: number;
  /** For `response_received` and `call_ended`: the result status, `S`, `F`, or `U`. */
  readonly resultStatus?: string;
  /** For `response_received` and `call_ended`: the result code. */
  readonly resultCode?: string;
  /** For `call_ended`: the name of the outcome, for example `vaulted`. Missing if the call's promise rejects, and for calls to `vault.raw`. */
  readonly outcome?: string;
  /** For `request_failed` and `call_ended`: the code of the error. */
  readonly errorCode?: string;
}

/**
 * The retry policy of a client. Delays grow exponentially with full jitter. All calls of a client share a retry budget.
 *
 * @example
 * ```ts
 * const retry: RetryOptions = { attempts: 5, baseDelayMs: 100, maxDelayMs: 2_000 };
 * ```
 */
export interface RetryOptions {
  /** The maximum number of attempts, including the first: 1 to 10. Default: 3. */
  readonly attempts?: number;
  /** The upper bound of the random delay before the first retry, in milliseconds: 0 to 60,000. It doubles with every retry. Default: 250. */
  readonly baseDelayMs?: number;
  /** The maximum delay before a retry, in milliseconds: 0 to 600,000. Also limits the delay in a `Retry-After` header. Default: 5,000. */
  readonly maxDelayMs?: number;
}

/**
 * The options of `createVaultClient`. Set exactly one of `region` and `baseUrl`.
 *
 * @example
 * ```ts
 * const options: VaultClientOptions = {
 *   clientId: "SANDBOX_5Y00000000000000",
 *   merchantPrivateKey: process.env["ANTOM_PRIVATE_KEY"] ?? "",
 *   antomPublicKey: process.env["ANTOM_PUBLIC_KEY"] ?? "",
 *   region: "asia",
 *   timeoutMs: 20_000,
 * };
 * ```
 */
export interface VaultClientOptions {
  /** Your client ID, as the Antom dashboard shows it. */
  readonly clientId: string;
  /** Your RSA private key: PEM (PKCS#8 or PKCS#1), base64 as in the Antom dashboard, the bytes of a key file, a `KeyObject`, or a `CryptoKey`. */
  readonly merchantPrivateKey: KeyInput;
  /** Antom's public key from the Antom dashboard, or several keys by key version during a key rotation. */
  readonly antomPublicKey: KeyInput | Readonly<Record<string, KeyInput>>;
  /** The region of Antom's gateway, as the Antom dashboard shows it. */
  readonly region?: Region;
  /**
   * The origin of a gateway other than Antom's, for example your local sandbox: `http://127.0.0.1:4020`. Must use https, except for loopback
   * addresses.
   */
  readonly baseUrl?: string;
  /** The environment to call. Default: `sandbox` if the client ID starts with `SANDBOX_`; otherwise, `production`. */
  readonly environment?: Environment;
  /** The version of your key, as the Antom dashboard shows it: 1 to 9 digits. Default: 1. */
  readonly keyVersion?: string | number;
  /** The token of an independent software vendor (ISV), sent in the `agent-token` header: 1 to 128 characters. */
  readonly agentToken?: string;
  /** The time limit of a call, including all attempts and delays, in milliseconds: 1 to 86,400,000 (1 day). Default: 30,000. */
  readonly timeoutMs?: number;
  /** The time limit of an attempt, in milliseconds: 1 to 86,400,000. Default: 15,000, as in Antom's SDKs, but at most `timeoutMs`. */
  readonly attemptTimeoutMs?: number;
  /** The retry policy, or `false` to make only one attempt per call. */
  readonly retry?: false | RetryOptions;
  /** The maximum difference between the response time and the client's time, in milliseconds; `false` for no limit. Default: 48 hours. */
  readonly responseTimeToleranceMs?: number | false;
  /** Replaces the global `fetch`. The client still rejects redirects and verifies every response. */
  readonly fetch?: (input: string, init: RequestInit) => Promise<Response>;
  /** Replaces the system clock, for tests. */
  readonly clock?: Clock;
  /** Called for each step of a call. The client ignores errors that this function throws. */
  readonly logger?: (entry: LogEntry) => void;
}
