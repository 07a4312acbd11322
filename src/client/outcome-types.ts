/** The outcomes of the three operations. */
import type { ResultAction } from "../../generated/result-codes.ts";
import type { components } from "../../generated/types.ts";

type Schemas = components["schemas"];

/** A code that the document knows, or one that the gateway has added since. */
export type OpenCode<Known extends string> = Known | (string & {});

interface OutcomeBase<Name extends string> {
  readonly outcome: Name;
  /** The merchant's ID of the vaulting. */
  readonly vaultingRequestId: string;
}

export interface ResultDetails<Code extends string> {
  readonly code: OpenCode<Code>;
  /** The gateway's own words, for people. */
  readonly message: string;
  /** What to do, for programs. */
  readonly action: ResultAction;
  /** What to do, in words. */
  readonly advice: string;
}

/** The card is vaulted. Final. Keep `cardToken` and use it in pay. */
export interface Vaulted extends OutcomeBase<"vaulted"> {
  readonly cardToken: string;
  readonly paymentMethodDetail: Schemas["VaultedPaymentMethodDetail"];
}

/** Send the buyer to one of the addresses; at least one is there. The result comes by notification or inquiry. */
export interface VerificationRequired extends OutcomeBase<"verification_required"> {
  /** A page for the browser; for a card, where 3-D Secure is completed. */
  readonly normalUrl?: string;
  /** Opens an installed app. */
  readonly schemeUrl?: string;
  /** Opens the app, or else a page. */
  readonly applinkUrl?: string;
}

/** The vaulting failed, or the gateway refused the call. `action` tells what to do. */
export interface Failed<Code extends string> extends OutcomeBase<"failed">, ResultDetails<Code> {}

/** Nobody knows yet how it ended. `action`: `inquire_or_retry` with the **same** ID, or `new_request_id`. */
export interface Unknown<Code extends string> extends OutcomeBase<"unknown">, ResultDetails<Code> {}

/** The session is there: hand `vaultingSessionData` to the vendor's component, or send the buyer to `normalUrl`. */
export interface SessionCreated extends OutcomeBase<"created"> {
  readonly vaultingSessionData: string;
  readonly vaultingSessionId: string;
  /** ISO 8601 with offset. */
  readonly vaultingSessionExpiryTime: string;
  readonly normalUrl?: string;
}

/** The inquiry itself failed and says nothing of the vaulting, save that VAULTING_NOT_EXIST means there is none. */
export interface InquiryFailed
  extends OutcomeBase<"inquiry_failed">,
    ResultDetails<Schemas["InquireVaultingFailedCode"]> {}

export type VaultPaymentMethodOutcome =
  | Vaulted
  | VerificationRequired
  | Failed<Schemas["VaultPaymentMethodFailedCode"]>
  | Unknown<Schemas["UnknownCode"] | "VERIFICATION_IN_PROCESS">;

export type CreateVaultingSessionOutcome =
  | SessionCreated
  | Failed<Schemas["CreateVaultingSessionFailedCode"]>
  | Unknown<Schemas["UnknownCode"]>;

export type InquireVaultingOutcome =
  | Vaulted
  | VerificationRequired
  | Failed<Schemas["VaultingFailureCode"]>
  | Unknown<Schemas["UnknownCode"] | "VERIFICATION_IN_PROCESS">
  | InquiryFailed;
