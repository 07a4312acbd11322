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
import { AntomVaultError, describeIssues } from "../errors.ts";
import { isPlainText } from "../json.ts";
import { importKeyring, importPrivateKey, publicKeyOf, sameKey } from "../signature/index.ts";
import { createGuardedFetch, type Keys } from "./guarded-fetch.ts";
import { readOptions, type VaultClientOptions } from "./options.ts";
import {
  type CreateVaultingSessionOutcome,
  createVaultingSessionOutcome,
  type InquireVaultingOutcome,
  inquireVaultingOutcome,
  type VaultPaymentMethodOutcome,
  vaultPaymentMethodOutcome,
} from "./outcome.ts";
import { createRetryBudget } from "./retry.ts";

type Schemas = components["schemas"];

/** What can be said of one call. */
export interface CallOptions {
  /** Aborts the call. The gateway may have received it all the same. */
  readonly signal?: AbortSignal;
  /** In the place of the client's `timeoutMs`, for this call. Milliseconds. */
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
  const keys = once(() => importKeys(options));
  const budget = createRetryBudget();
  const guardedFetch = (timeoutMs?: number) => createGuardedFetch(settings, keys, budget, timeoutMs);
  const raw = createFetchClient<paths, "application/json">({ baseUrl: settings.baseUrl, fetch: guardedFetch() });

  /** One call: the request checked and written down once, sent, and the answer read. */
  async function call<Request extends { readonly vaultingRequestId: string }, Answer extends { readonly valid: true }>(
    operation: OperationId,
    request: Request,
    validateRequest: (value: unknown) => { readonly valid: true } | Invalid,
    validateAnswer: (value: unknown) => Answer | Invalid,
    { signal, timeoutMs }: CallOptions,
  ): Promise<readonly [vaultingRequestId: string, Answer]> {
    const body = serialise(request);
    const sent: { readonly vaultingRequestId: string } = JSON.parse(body);
    const checked = validateRequest(sent);
    if (!checked.valid) {
      throw new AntomVaultError("REQUEST_INVALID", `Nothing was sent: ${describeIssues(checked.issues)}.`, {
        issues: checked.issues,
      });
    }
    const { data } = await raw.POST(operationPaths[operation], {
      // The text that was checked, and not the caller's object, which may have changed since.
      body: sent as never,
      bodySerializer: () => body,
      fetch: guardedFetch(timeoutMs),
      ...(signal ? { signal } : {}),
    });
    const answer = validateAnswer(data);
    if (!answer.valid) throw brokenContract(answer.issues);
    const echoed = (data as { readonly vaultingRequestId?: unknown }).vaultingRequestId;
    if (echoed !== undefined && echoed !== sent.vaultingRequestId) {
      throw brokenContract([{ pointer: "/vaultingRequestId", rule: "echo", message: "is not the ID of the request" }]);
    }
    return [sent.vaultingRequestId, answer];
  }

  return {
    vaultPaymentMethod: async (request, call_ = {}) =>
      vaultPaymentMethodOutcome(
        ...(await call(
          "vaultPaymentMethod",
          request,
          validateVaultPaymentMethodRequest,
          validateVaultPaymentMethodResponse,
          call_,
        )),
      ),
    createVaultingSession: async (request, call_ = {}) =>
      createVaultingSessionOutcome(
        ...(await call(
          "createVaultingSession",
          request,
          validateCreateVaultingSessionRequest,
          validateCreateVaultingSessionResponse,
          call_,
        )),
      ),
    inquireVaulting: async (request, call_ = {}) =>
      inquireVaultingOutcome(
        ...(await call(
          "inquireVaulting",
          request,
          validateInquireVaultingRequest,
          validateInquireVaultingResponse,
          call_,
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

/** The request as text. What cannot be written, or cannot be read back by every parser, is refused. */
function serialise(request: unknown): string {
  const refuse = (message: string) =>
    new AntomVaultError("REQUEST_INVALID", `Nothing was sent: the body ${message}.`, {
      issues: [{ pointer: "", rule: "json", message }],
    });
  let text: string | undefined;
  try {
    text = JSON.stringify(request);
  } catch {
    throw refuse("cannot be written as JSON (a cycle or a BigInt)");
  }
  if (text === undefined) throw refuse("cannot be written as JSON");
  if (!isPlainText(JSON.parse(text))) throw refuse("has NUL or a lone surrogate in a string");
  return text;
}

async function importKeys(options: VaultClientOptions): Promise<Keys> {
  const merchantPrivateKey = await importPrivateKey(options.merchantPrivateKey, "merchantPrivateKey");
  const antomPublicKeys = await importKeyring(options.antomPublicKey, "antomPublicKey");
  if (typeof options.merchantPrivateKey === "string") {
    const own = await publicKeyOf(options.merchantPrivateKey);
    for (const key of antomPublicKeys.keys) {
      if (await sameKey(own, key)) {
        throw new AntomVaultError(
          "KEY_INVALID",
          "antomPublicKey is the merchant's own public key. Antom's is shown in the dashboard once the merchant's has been uploaded.",
        );
      }
    }
  }
  return { merchantPrivateKey, antomPublicKeys };
}

/** Runs `make` at the first call and gives its promise to every call; one that nobody awaits yet is no unhandled rejection. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    made.catch(() => {});
    return made;
  };
}
