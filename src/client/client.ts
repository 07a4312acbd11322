import createFetchClient, { type Client } from "openapi-fetch";
import { type OperationId, operationPaths } from "../../generated/operations.ts";
import type { components, paths } from "../../generated/types.ts";
import {
  type Invalid,
  validateCreateVaultingSessionRequest,
  validateCreateVaultingSessionResponse,
  validateInquireVaultingRequest,
  validateInquireVaultingResponse,
  validateVaultPaymentMethodRequest,
  validateVaultPaymentMethodResponse,
} from "../../generated/validators.js";
import { AntomVaultError, describeIssues } from "../protocol/errors.ts";
import { parseJson } from "../protocol/json.ts";
import { importKeys } from "./import-keys.ts";
import { readOptions, readTimeout, type VaultClientOptions } from "./options.ts";
import {
  type CreateVaultingSessionOutcome,
  createVaultingSessionOutcome,
  type InquireVaultingOutcome,
  inquireVaultingOutcome,
  type VaultPaymentMethodOutcome,
  vaultPaymentMethodOutcome,
} from "./outcome.ts";
import { createRetryBudget } from "./retry.ts";
import { createGuardedFetch } from "./signed-fetch.ts";

type Schemas = components["schemas"];

interface ValidRequest {
  readonly valid: true;
  readonly value: { readonly vaultingRequestId: string };
}

/** What can be said of one call. */
export interface CallOptions {
  /** Aborts the call. The gateway may have received it all the same. */
  readonly signal?: AbortSignal;
  /** In the place of the client's `timeoutMs`, for this call. Milliseconds, 1 to 86,400,000 (a day). */
  readonly timeoutMs?: number;
}

/** The merchant's side of the Vault API. */
export interface VaultClient {
  /**
   * Vaults a card.
   *
   * A business failure is an outcome, not an error. Safe to repeat with the same `vaultingRequestId`.
   *
   * @throws AntomVaultError `REQUEST_INVALID` before anything is sent, by pointer and rule; `TIMEOUT`, `CONNECTION_FAILED`, `ABORTED`,
   * `HTTP_STATUS`, `REDIRECT_REFUSED`, `RESPONSE_TOO_LARGE` where no answer came; `SIGNATURE_MISSING`, `SIGNATURE_INVALID`,
   * `RESPONSE_OUT_OF_TIME` where it is not believed; `RESPONSE_NOT_JSON`, `RESPONSE_BREAKS_CONTRACT` where it breaks the document.
   * @see https://global.alipay.com/docs/ac/ams/vault_method
   */
  readonly vaultPaymentMethod: (
    request: Schemas["VaultPaymentMethodRequest"],
    options?: CallOptions,
  ) => Promise<VaultPaymentMethodOutcome>;
  /**
   * Creates a session in which the buyer types the card on the vendor's own component or page.
   *
   * @throws AntomVaultError as {@link VaultClient.vaultPaymentMethod}
   * @see https://docs.antom.com/ac/ams/vaulting_session
   */
  readonly createVaultingSession: (
    request: Schemas["CreateVaultingSessionRequest"],
    options?: CallOptions,
  ) => Promise<CreateVaultingSessionOutcome>;
  /**
   * Asks for the state of a vaulting.
   *
   * @throws AntomVaultError as {@link VaultClient.vaultPaymentMethod}
   * @see https://docs.antom.com/ac/ams/inquire_vaulting
   */
  readonly inquireVaulting: (
    request: Schemas["InquireVaultingRequest"],
    options?: CallOptions,
  ) => Promise<InquireVaultingOutcome>;
  /**
   * The typed openapi-fetch client beneath, for whoever wants the exchange itself. It signs, verifies and repeats in the same way,
   * but checks neither request nor answer against the document.
   */
  readonly raw: Client<paths, "application/json">;
  /** Reads the keys now and not at the first call. Rejects with `KEY_INVALID`. */
  readonly ready: () => Promise<void>;
}

/**
 * Makes a client of the Vault API.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID`, `TLS_REQUIRED`. A key that cannot be used is told by `ready()` and by every call (`KEY_INVALID`).
 * @example
 * ```ts
 * const vault = createVaultClient({ clientId, merchantPrivateKey, antomPublicKey, region: "asia" });
 * const outcome = await vault.vaultPaymentMethod(request);
 * switch (outcome.outcome) {
 *   case "vaulted": return keep(outcome.cardToken);
 *   case "verification_required": return redirect(outcome.normalUrl);
 *   case "failed": return tell(outcome.advice);
 *   case "unknown": return later(outcome.action);
 * }
 * ```
 */
export function createVaultClient(options: VaultClientOptions): VaultClient {
  const settings = readOptions(options);
  const { merchantPrivateKey, antomPublicKey } = options;
  const keys = once(() => importKeys(merchantPrivateKey, antomPublicKey));
  const budget = createRetryBudget();
  const guardedFetch = (timeoutMs: number) => createGuardedFetch(settings, keys, budget, timeoutMs);
  const raw = createFetchClient<paths, "application/json">({
    baseUrl: settings.baseUrl,
    fetch: guardedFetch(settings.timeoutMs),
  });

  /** One call: the request written down once and checked, sent, and the answer read. */
  async function call<Answer extends { readonly valid: true; readonly value: object }>(
    operation: OperationId,
    request: unknown,
    validateRequest: (value: unknown) => ValidRequest | Invalid,
    validateAnswer: (value: unknown) => Answer | Invalid,
    { signal, timeoutMs }: CallOptions,
  ): Promise<readonly [vaultingRequestId: string, Answer]> {
    const { text, value } = writeDown(request);
    const checked = validateRequest(value);
    if (!checked.valid) throw nothingSent(describeIssues(checked.issues), checked.issues);
    const { vaultingRequestId } = checked.value;
    const { data } = await raw.POST(operationPaths[operation], {
      // What goes out is the text that was checked, not the caller's object, which may have changed since. The body's type would be all
      // three operations' at once, as the path is one of three.
      body: value as never,
      bodySerializer: () => text,
      fetch: guardedFetch(readTimeout(timeoutMs, settings.timeoutMs)),
      ...(signal ? { signal } : {}),
    });
    const answer = validateAnswer(data);
    if (!answer.valid) throw brokenContract(answer.issues);
    if ("vaultingRequestId" in answer.value && answer.value.vaultingRequestId !== vaultingRequestId) {
      throw brokenContract([{ pointer: "/vaultingRequestId", rule: "echo", message: "is not the ID of the request" }]);
    }
    return [vaultingRequestId, answer];
  }

  return {
    vaultPaymentMethod: async (request, callOptions = {}) =>
      vaultPaymentMethodOutcome(
        ...(await call(
          "vaultPaymentMethod",
          request,
          validateVaultPaymentMethodRequest,
          validateVaultPaymentMethodResponse,
          callOptions,
        )),
      ),
    createVaultingSession: async (request, callOptions = {}) =>
      createVaultingSessionOutcome(
        ...(await call(
          "createVaultingSession",
          request,
          validateCreateVaultingSessionRequest,
          validateCreateVaultingSessionResponse,
          callOptions,
        )),
      ),
    inquireVaulting: async (request, callOptions = {}) =>
      inquireVaultingOutcome(
        ...(await call(
          "inquireVaulting",
          request,
          validateInquireVaultingRequest,
          validateInquireVaultingResponse,
          callOptions,
        )),
      ),
    raw,
    ready: async () => {
      await keys();
    },
  };
}

const brokenContract = (issues: Invalid["issues"]) =>
  new AntomVaultError(
    "RESPONSE_BREAKS_CONTRACT",
    `The answer is signed, but breaks the document: ${describeIssues(issues)}.`,
    { issues },
  );

const nothingSent = (why: string, issues: Invalid["issues"]) =>
  new AntomVaultError("REQUEST_INVALID", `Nothing was sent: ${why}.`, { issues });

/** The request as text, and as whoever gets that text reads it. What not every parser reads in the same way is refused. */
function writeDown(request: unknown): { readonly text: string; readonly value: unknown } {
  const refuse = (message: string) => nothingSent(`the body ${message}`, [{ pointer: "", rule: "json", message }]);
  const text = toJson(request);
  if (text === undefined) throw refuse("cannot be written as JSON (undefined, a cycle or a BigInt)");
  const reading = parseJson(new TextEncoder().encode(text));
  if (!reading.ok) throw refuse(reading.message);
  return { text, value: reading.value };
}

/** `undefined` for what has no text. What `JSON.stringify` throws is dropped: it may quote the request. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Runs `make` at the first call and gives its promise to every call. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
