import { requestValidators, responseValidators } from "../../generated/operation-validators.ts";
import { type OperationId, operationPaths } from "../../generated/operations.ts";
import type { Invalid } from "../../generated/validators.js";
import { omitCardData } from "../cards/mask-card-data.ts";
import { AntomVaultError, describeIssues } from "../protocol/errors.ts";
import { type LogStep, logCall } from "./call-log.ts";
import { importKeys } from "./import-keys.ts";
import type { VaultClientOptions } from "./options.ts";
import type {
  CreateVaultingSessionOutcome,
  InquireVaultingOutcome,
  VaultPaymentMethodOutcome,
} from "./outcome-types.ts";
import { limitProxyReconnects } from "./proxy-reconnects.ts";
import { createRawClient, type RawClient } from "./raw-client.ts";
import {
  readCreateVaultingSessionOutcome,
  readInquireVaultingOutcome,
  readVaultPaymentMethodOutcome,
  type ValidResponses,
} from "./read-outcome.ts";
import type {
  CreateVaultingSessionRequest,
  InquireVaultingRequest,
  VaultPaymentMethodRequest,
} from "./request-types.ts";
import { createSignedFetch } from "./send-with-retries.ts";
import { serializeRequest } from "./serialize-request.ts";
import { readOptions, readTimeout } from "./settings.ts";
import { acceptContinue } from "./skip-continue.ts";
import { waitForVaulting } from "./wait-for-vaulting.ts";

/**
 * The options of a call.
 *
 * @example
 * ```ts
 * await vault.inquireVaulting({ vaultingRequestId }, { timeoutMs: 5_000, signal: controller.signal });
 * ```
 */
export interface CallOptions {
  /** Aborts the call. Antom might already have received the request. */
  readonly signal?: AbortSignal;
  /** The time limit of this call in milliseconds: 1 to 86,400,000 (1 day). Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number;
}

/**
 * The options of {@link VaultClient.waitForVaulting}.
 *
 * @example
 * ```ts
 * const options: WaitOptions = { timeoutMs: 10 * 60_000, signal: controller.signal };
 * ```
 */
export interface WaitOptions extends CallOptions {
  /** The time limit of the wait, including all inquiries and pauses, in milliseconds: 1 to 86,400,000 (1 day). Default: 60,000. */
  readonly timeoutMs?: number;
  /**
   * A promise that resolves when the result might be available, for example when your receiver gets the notification. The client then inquires
   * immediately. It ignores the value of the promise, and also ignores a rejection.
   */
  readonly notified?: Promise<unknown>;
}

/** A client of the Vault API, created by {@link createVaultClient}. */
export interface VaultClient {
  /**
   * Vaults a card. A declined card is an outcome, not an error. You can retry safely with the same `vaultingRequestId`.
   *
   * @param request see {@link VaultPaymentMethodRequest}
   * @param options the time limit and the abort signal of this call
   * @throws {AntomVaultError} `REQUEST_INVALID` if the request violates the API contract or repeats the card number in another field. The request
   * is not sent.
   * @throws {AntomVaultError} `TIMEOUT`, `CONNECTION_FAILED`, `ABORTED`, `UNEXPECTED_HTTP_STATUS`, `REDIRECT_NOT_ALLOWED`, or `RESPONSE_TOO_LARGE` if
   * the client receives no API response.
   * @throws {AntomVaultError} `SIGNATURE_MISSING`, `SIGNATURE_INVALID`, or `RESPONSE_TIME_OUT_OF_RANGE` if the response cannot be verified.
   * @throws {AntomVaultError} `RESPONSE_NOT_JSON` or `RESPONSE_INVALID` if the response violates the API contract.
   * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the timeout is invalid, `KEY_INVALID` if a key is invalid, or `TLS_REQUIRED` if environment
   * variables disable certificate checks or would send the request unencrypted through a proxy.
   * @see https://global.alipay.com/docs/ac/ams/vault_method
   * @example
   * ```ts
   * const outcome = await vault.vaultPaymentMethod({
   *   vaultingRequestId: "order-17-card-1", // your idempotency key
   *   vaultingNotificationUrl: "https://merchant.example/antom/notifications",
   *   redirectUrl: "https://merchant.example/cards/done",
   *   paymentMethodDetail: {
   *     paymentMethodType: "CARD",
   *     card: { cardNo: "4054695723100768", expiryYear: "30", expiryMonth: "12", cvv: "123" },
   *   },
   *   env: { terminalType: "WEB" },
   * });
   * ```
   */
  readonly vaultPaymentMethod: (
    request: VaultPaymentMethodRequest,
    options?: CallOptions,
  ) => Promise<VaultPaymentMethodOutcome>;
  /**
   * Creates a session in which the buyer enters the card in Antom's component or on Antom's page.
   *
   * @param request see {@link CreateVaultingSessionRequest}
   * @param options the time limit and the abort signal of this call
   * @throws {AntomVaultError} with the same codes as {@link VaultClient.vaultPaymentMethod}.
   * @see https://docs.antom.com/ac/ams/vaulting_session
   * @example
   * ```ts
   * const outcome = await vault.createVaultingSession({
   *   vaultingRequestId: "order-17-card-1",
   *   vaultingNotificationUrl: "https://merchant.example/antom/notifications",
   *   redirectUrl: "https://merchant.example/cards/done",
   *   paymentMethodType: "CARD",
   * });
   * if (outcome.outcome === "created") console.log(outcome.vaultingSessionData);
   * ```
   */
  readonly createVaultingSession: (
    request: CreateVaultingSessionRequest,
    options?: CallOptions,
  ) => Promise<CreateVaultingSessionOutcome>;
  /**
   * Returns the state of a vaulting.
   *
   * @param request see {@link InquireVaultingRequest}
   * @param options the time limit and the abort signal of this call
   * @throws {AntomVaultError} with the same codes as {@link VaultClient.vaultPaymentMethod}.
   * @see https://docs.antom.com/ac/ams/inquire_vaulting
   * @example
   * ```ts
   * const outcome = await vault.inquireVaulting({ vaultingRequestId: "order-17-card-1" });
   * if (outcome.outcome === "vaulted") console.log(outcome.cardToken);
   * ```
   */
  readonly inquireVaulting: (request: InquireVaultingRequest, options?: CallOptions) => Promise<InquireVaultingOutcome>;
  /**
   * Calls inquireVaulting repeatedly until the outcome is final: `vaulted`, `failed`, or `inquiry_failed` (for example VAULTING_NOT_EXIST). The
   * pauses between inquiries grow to 10 seconds, with jitter. Inquires again after connection failures, timeouts, HTTP 429 and 5xx, and unsigned
   * temporary errors.
   *
   * At the time limit, returns the last outcome (`verification_required` or `unknown`), because the vaulting can still succeed.
   *
   * @param vaultingRequestId the ID that you passed to vaultPaymentMethod or createVaultingSession
   * @param options the time limit, the abort signal, and a promise that ends a pause
   * @throws {AntomVaultError} the last error, or `TIMEOUT`, if no inquiry succeeded within the time limit.
   * @throws {AntomVaultError} `ABORTED` if the signal aborts.
   * @throws {AntomVaultError} with a code of {@link VaultClient.inquireVaulting} if an inquiry fails with an error that is not temporary.
   * @see https://docs.antom.com/ac/ams/inquire_vaulting
   * @example
   * ```ts
   * const outcome = await vault.waitForVaulting("order-17-card-1", { timeoutMs: 5 * 60_000 });
   * if (outcome.outcome === "vaulted") console.log(outcome.cardToken);
   * ```
   */
  readonly waitForVaulting: (vaultingRequestId: string, options?: WaitOptions) => Promise<InquireVaultingOutcome>;
  /**
   * A typed openapi-fetch client with only the POST method. It signs, verifies, and retries as the other methods of this client do, but validates
   * neither requests nor responses against the API contract. The first call loads openapi-fetch.
   *
   * @example
   * ```ts
   * const { data } = await vault.raw.POST("/v1/vaults/inquireVaulting", { body: { vaultingRequestId: "order-17-card-1" } });
   * ```
   */
  readonly raw: RawClient;
  /**
   * Imports the keys now instead of at the first call.
   *
   * @throws {AntomVaultError} `KEY_INVALID` if a key is invalid.
   * @example
   * ```ts
   * await vault.ready(); // fails at startup instead of at the first call
   * ```
   */
  readonly ready: () => Promise<void>;
}

/**
 * Creates a client of the Vault API.
 *
 * @param options the client ID, the keys, and either `region` or `baseUrl`; all other options are optional
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if an option is missing, unknown, or invalid. If a key is invalid, `ready()` and every call
 * reject with `KEY_INVALID`.
 * @throws {AntomVaultError} `TLS_REQUIRED` if `baseUrl` uses http for an address that is not loopback, if certificate checks are disabled, or if a
 * proxy could read the requests.
 * @example
 * ```ts
 * const vault = createVaultClient({ clientId, merchantPrivateKey, antomPublicKey, region: "asia" });
 * const outcome = await vault.vaultPaymentMethod(request);
 * switch (outcome.outcome) {
 *   case "vaulted":
 *     await storeToken(outcome.vaultingRequestId, outcome.cardToken);
 *     break;
 *   case "verification_required":
 *     redirectBuyer(outcome.normalUrl);
 *     break;
 *   case "failed":
 *     showMessage(outcome.advice);
 *     break;
 *   case "unknown":
 *     scheduleInquiry(outcome.vaultingRequestId);
 *     break;
 * }
 * ```
 */
export function createVaultClient(options: VaultClientOptions): VaultClient {
  const settings = readOptions(options);
  limitProxyReconnects();
  acceptContinue();
  const { merchantPrivateKey, antomPublicKey } = options;
  let imported: ReturnType<typeof importKeys> | undefined;
  const loadKeys = () => {
    imported ??= importKeys(merchantPrivateKey, antomPublicKey);
    return imported;
  };
  const signedFetch = createSignedFetch(settings, loadKeys);

  function createOperation<Id extends OperationId, Request, Outcome extends object>(
    id: Id,
    readOutcome: (vaultingRequestId: string, response: ValidResponses[Id]) => Outcome,
  ) {
    const url = new URL(settings.baseUrl + operationPaths[id]);
    const validateResponse = RESPONSE_VALIDATORS[id];
    const call = async (request: Request, callOptions: CallOptions, logStep: LogStep): Promise<Outcome> => {
      const { bytes, vaultingRequestId } = serializeRequest(request, requestValidators[id], options.clientId);
      const timeoutMs = readTimeout(callOptions.timeoutMs, settings.timeoutMs);
      const { value } = await signedFetch({ url, body: bytes, timeoutMs, signal: callOptions.signal, logStep });
      const response = validateResponse(omitCardData(value));
      if (!response.valid) throw invalidResponseError(response.issues);
      if ("vaultingRequestId" in response.value && response.value.vaultingRequestId !== vaultingRequestId) {
        throw invalidResponseError([
          { pointer: "/vaultingRequestId", rule: "echo", message: "is not the ID of the request" },
        ]);
      }
      return readOutcome(vaultingRequestId, response);
    };
    return (request: Request, callOptions: CallOptions = {}): Promise<Outcome> =>
      logCall(settings.log, id, (logStep) => call(request, callOptions, logStep));
  }

  const inquireVaulting = createOperation("inquireVaulting", readInquireVaultingOutcome);
  return {
    vaultPaymentMethod: createOperation("vaultPaymentMethod", readVaultPaymentMethodOutcome),
    createVaultingSession: createOperation("createVaultingSession", readCreateVaultingSessionOutcome),
    inquireVaulting,
    waitForVaulting: async (vaultingRequestId, { timeoutMs, signal, notified } = {}) =>
      waitForVaulting({
        inquire: (limit) => inquireVaulting({ vaultingRequestId }, { signal: limit }),
        clock: settings.clock,
        timeoutMs: readTimeout(timeoutMs, 60_000),
        signal,
        notified,
      }),
    raw: createRawClient(settings, signedFetch),
    ready: async () => {
      await loadKeys();
    },
  };
}

const RESPONSE_VALIDATORS: { readonly [Id in OperationId]: (value: unknown) => ValidResponses[Id] | Invalid } =
  responseValidators;

const invalidResponseError = (issues: Invalid["issues"]) =>
  new AntomVaultError(
    "RESPONSE_INVALID",
    `The response is signed but violates the API contract: ${describeIssues(issues)}.`,
    {
      issues,
    },
  );
