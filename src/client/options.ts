/** The options of a client. */
import type { Environment, Region } from "../../generated/operations.ts";
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
  readonly event: "request_sent" | "response_received" | "request_failed" | "retry_scheduled";
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
