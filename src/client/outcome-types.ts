import type { ResultAction } from "../../generated/result-codes.ts";
import type { components } from "../../generated/types.ts";

type Schemas = components["schemas"];

/** A documented result code, or a code that Antom added later. Editors suggest the documented codes, but any string is valid. */
export type OpenCode<Known extends string> = Known | (string & {});

interface OutcomeBase<Name extends string> {
  /** The name of the outcome. Check it to narrow the type. */
  readonly outcome: Name;
  /** The ID that you passed in the request. */
  readonly vaultingRequestId: string;
}

/** The result code of an unsuccessful call and what to do about it. */
export interface ResultDetails<Code extends string> {
  /** The result code. Antom can add codes, so decide by `outcome` and `action`. */
  readonly code: OpenCode<Code>;
  /** Antom's human-readable message, with card numbers masked. */
  readonly message: string;
  /** What to do next, in machine-readable form. */
  readonly action: ResultAction;
  /** What to do next, in human-readable form. */
  readonly advice: string;
}

/**
 * The card is vaulted. This result is final.
 *
 * @example
 * ```ts
 * if (outcome.outcome === "vaulted") await storeToken(outcome.vaultingRequestId, outcome.cardToken);
 * ```
 */
export interface Vaulted extends OutcomeBase<"vaulted"> {
  /** The token to use for payments. Treat it as a secret. */
  readonly cardToken: string;
  /** The card: its token and, if Antom returns them, its brand, masked number, last 4 digits, and issuer, but no expiry date, name, or address. */
  readonly paymentMethodDetail: Schemas["VaultedPaymentMethodDetail"];
}

/**
 * The buyer must complete a verification, such as 3-D Secure. Redirect the buyer to one of the URLs; at least one is set. You receive the result
 * in a notification or from an inquiry.
 *
 * @example
 * ```ts
 * if (outcome.outcome === "verification_required") redirectBuyer(outcome.normalUrl);
 * ```
 */
export interface VerificationRequired extends OutcomeBase<"verification_required"> {
  /** The URL of a web page. For cards, it is the 3-D Secure page. */
  readonly normalUrl?: string;
  /** A URL that opens an installed app. */
  readonly schemeUrl?: string;
  /** A URL that opens an app, or a web page if the app is not installed. */
  readonly applinkUrl?: string;
}

/**
 * The vaulting failed, or Antom rejected the request.
 *
 * @example
 * ```ts
 * if (outcome.outcome === "failed" && outcome.action === "inform_buyer") showMessage("Try a different card.");
 * ```
 */
export interface Failed<Code extends string> extends OutcomeBase<"failed">, ResultDetails<Code> {}

/**
 * The result is not known yet. Follow `action`: `inquire_or_retry` with the **same** ID, or `new_request_id`.
 *
 * @example
 * ```ts
 * if (outcome.outcome === "unknown" && outcome.action === "inquire_or_retry") {
 *   await vault.inquireVaulting({ vaultingRequestId: outcome.vaultingRequestId });
 * }
 * ```
 */
export interface Unknown<Code extends string> extends OutcomeBase<"unknown">, ResultDetails<Code> {}

/**
 * The vaulting session was created. Pass `vaultingSessionData` to Antom's component, or redirect the buyer to `normalUrl`.
 *
 * @example
 * ```ts
 * if (outcome.outcome === "created") sendToBrowser(outcome.vaultingSessionData);
 * ```
 */
export interface SessionCreated extends OutcomeBase<"created"> {
  /** The encrypted session. Pass it unchanged to Antom's component. */
  readonly vaultingSessionData: string;
  /** Antom's ID for the session. */
  readonly vaultingSessionId: string;
  /** When the session expires: ISO 8601 with an offset. */
  readonly vaultingSessionExpiryTime: string;
  /** The URL of Antom's page on which the buyer enters the card. */
  readonly normalUrl?: string;
}

/**
 * The inquiry failed. The code VAULTING_NOT_EXIST means that there is no vaulting; with any other code, the state of the vaulting is unknown.
 *
 * @example
 * ```ts
 * const isMissing = outcome.outcome === "inquiry_failed" && outcome.code === "VAULTING_NOT_EXIST";
 * ```
 */
export interface InquiryFailed
  extends OutcomeBase<"inquiry_failed">,
    ResultDetails<Schemas["InquireVaultingFailedCode"]> {}

/**
 * The outcome of vaultPaymentMethod. Check `outcome` to narrow the type.
 *
 * @example
 * ```ts
 * const outcome: VaultPaymentMethodOutcome = await vault.vaultPaymentMethod(request);
 * console.log(outcome.outcome); // "vaulted", "verification_required", "failed", or "unknown"
 * ```
 */
export type VaultPaymentMethodOutcome =
  | Vaulted
  | VerificationRequired
  | Failed<Schemas["VaultPaymentMethodFailedCode"]>
  | Unknown<Schemas["UnknownCode"] | "VERIFICATION_IN_PROCESS">;

/** The outcome of createVaultingSession. Check `outcome` to narrow the type. */
export type CreateVaultingSessionOutcome =
  | SessionCreated
  | Failed<Schemas["CreateVaultingSessionFailedCode"]>
  | Unknown<Schemas["UnknownCode"]>;

/** The outcome of inquireVaulting. Check `outcome` to narrow the type. */
export type InquireVaultingOutcome =
  | Vaulted
  | VerificationRequired
  | Failed<Schemas["VaultingFailureCode"]>
  | Unknown<Schemas["UnknownCode"] | "VERIFICATION_IN_PROCESS">
  | InquiryFailed;
