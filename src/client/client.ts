import { requestValidators, responseValidators } from "../../generated/operation-validators.ts";
import { type OperationId, operationPaths } from "../../generated/operations.ts";
import type { components } from "../../generated/types.ts";
import type { Invalid } from "../../generated/validators.js";
import { AntomVaultError, describeIssues } from "../protocol/errors.ts";
import { importKeys } from "./import-keys.ts";
import type { VaultClientOptions } from "./options.ts";
import type {
  CreateVaultingSessionOutcome,
  InquireVaultingOutcome,
  VaultPaymentMethodOutcome,
} from "./outcome-types.ts";
import { createRawClient, type RawClient } from "./raw-client.ts";
import {
  readCreateVaultingSessionOutcome,
  readInquireVaultingOutcome,
  readVaultPaymentMethodOutcome,
  type ValidResponses,
} from "./read-outcome.ts";
import { createSignedFetch } from "./send-with-retries.ts";
import { serializeRequest } from "./serialize-request.ts";
import { readOptions, readTimeout } from "./settings.ts";

type Schemas = components["schemas"];

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
   * `UNEXPECTED_HTTP_STATUS`, `REDIRECT_NOT_ALLOWED`, `RESPONSE_TOO_LARGE` where no answer came; `SIGNATURE_MISSING`, `SIGNATURE_INVALID`,
   * `RESPONSE_TIME_OUT_OF_RANGE` where it is not believed; `RESPONSE_NOT_JSON`, `RESPONSE_INVALID` where it breaks the document.
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
   * A typed openapi-fetch client that signs, verifies, and retries in the same way, but validates neither request nor response against the
   * OpenAPI document.
   */
  readonly raw: RawClient;
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
  let imported: ReturnType<typeof importKeys> | undefined;
  const keys = () => {
    imported ??= importKeys(merchantPrivateKey, antomPublicKey);
    return imported;
  };
  const guardedFetch = createSignedFetch(settings, keys);

  /** Creates the function that calls one operation. */
  function operation<Id extends OperationId, Request, Outcome>(
    id: Id,
    outcomeOf: (vaultingRequestId: string, answer: ValidResponses[Id]) => Outcome,
  ) {
    const url = new URL(settings.baseUrl + operationPaths[id]);
    const validateAnswer = RESPONSE_VALIDATORS[id];
    return async (request: Request, callOptions: CallOptions = {}): Promise<Outcome> => {
      const { bytes, vaultingRequestId } = serializeRequest(request, requestValidators[id]);
      const timeoutMs = readTimeout(callOptions.timeoutMs, settings.timeoutMs);
      const { value } = await guardedFetch({ url, body: bytes, timeoutMs, signal: callOptions.signal });
      const answer = validateAnswer(value);
      if (!answer.valid) throw invalidResponseError(answer.issues);
      if ("vaultingRequestId" in answer.value && answer.value.vaultingRequestId !== vaultingRequestId) {
        throw invalidResponseError([
          { pointer: "/vaultingRequestId", rule: "echo", message: "is not the ID of the request" },
        ]);
      }
      return outcomeOf(vaultingRequestId, answer);
    };
  }

  return {
    vaultPaymentMethod: operation("vaultPaymentMethod", readVaultPaymentMethodOutcome),
    createVaultingSession: operation("createVaultingSession", readCreateVaultingSessionOutcome),
    inquireVaulting: operation("inquireVaulting", readInquireVaultingOutcome),
    raw: createRawClient(settings, guardedFetch),
    ready: async () => {
      await keys();
    },
  };
}

const RESPONSE_VALIDATORS: { readonly [Id in OperationId]: (value: unknown) => ValidResponses[Id] | Invalid } =
  responseValidators;

const invalidResponseError = (issues: Invalid["issues"]) =>
  new AntomVaultError("RESPONSE_INVALID", `The answer is signed, but breaks the document: ${describeIssues(issues)}.`, {
    issues,
  });
