// Made by `npm run generate` from spec/. Do not edit.
import type { components } from "./types.js";

type Schemas = components["schemas"];

/** One place where a body breaks the document: JSON Pointer, schema keyword, and what the rule asks for. Never the value. */
export interface Issue {
  readonly pointer: string;
  readonly rule: string;
  readonly message: string;
}
export interface Valid<Branch extends string, Value> {
  readonly valid: true;
  readonly branch: Branch;
  readonly value: Value;
}
export interface Invalid {
  readonly valid: false;
  readonly issues: readonly Issue[];
}

/** Checks VaultPaymentMethodRequest. */
export declare const validateVaultPaymentMethodRequest: (value: unknown) => Valid<"VaultPaymentMethodRequest", Schemas["VaultPaymentMethodRequest"]> | Invalid;
/** Reads VaultPaymentMethodResponse as a receiver does: unknown fields and codes are accepted. `branch` tells which outcome it is. */
export declare const validateVaultPaymentMethodResponse: (value: unknown) => Valid<"VaultPaymentMethodVaulted", Schemas["VaultPaymentMethodVaulted"]> | Valid<"VaultPaymentMethodVerificationRequired", Schemas["VaultPaymentMethodVerificationRequired"]> | Valid<"VaultPaymentMethodVerificationWithoutUrl", Schemas["VaultPaymentMethodVerificationWithoutUrl"]> | Valid<"VaultPaymentMethodFailed", Schemas["VaultPaymentMethodFailed"]> | Valid<"VaultPaymentMethodUnknown", Schemas["VaultPaymentMethodUnknown"]> | Invalid;
/** Reads VaultPaymentMethodResponse as a contract test does: codes and fields that the document does not name are faults. */
export declare const validateVaultPaymentMethodResponseStrict: (value: unknown) => Valid<"VaultPaymentMethodVaulted", Schemas["VaultPaymentMethodVaulted"]> | Valid<"VaultPaymentMethodVerificationRequired", Schemas["VaultPaymentMethodVerificationRequired"]> | Valid<"VaultPaymentMethodVerificationWithoutUrl", Schemas["VaultPaymentMethodVerificationWithoutUrl"]> | Valid<"VaultPaymentMethodFailed", Schemas["VaultPaymentMethodFailed"]> | Valid<"VaultPaymentMethodUnknown", Schemas["VaultPaymentMethodUnknown"]> | Invalid;
/** Reads VaultingNotification as a receiver does: unknown fields and codes are accepted. `branch` tells which outcome it is. */
export declare const validateVaultingNotification: (value: unknown) => Valid<"VaultingNotificationVaulted", Schemas["VaultingNotificationVaulted"]> | Valid<"VaultingNotificationFailed", Schemas["VaultingNotificationFailed"]> | Invalid;
/** Reads VaultingNotification as a contract test does: codes and fields that the document does not name are faults. */
export declare const validateVaultingNotificationStrict: (value: unknown) => Valid<"VaultingNotificationVaulted", Schemas["VaultingNotificationVaulted"]> | Valid<"VaultingNotificationFailed", Schemas["VaultingNotificationFailed"]> | Invalid;
/** Checks VaultingAcknowledgement. */
export declare const validateVaultingAcknowledgement: (value: unknown) => Valid<"VaultingAcknowledgement", Schemas["VaultingAcknowledgement"]> | Invalid;
/** Checks NotificationRejection. */
export declare const validateNotificationRejection: (value: unknown) => Valid<"NotificationRejection", Schemas["NotificationRejection"]> | Invalid;
/** Checks CreateVaultingSessionRequest. */
export declare const validateCreateVaultingSessionRequest: (value: unknown) => Valid<"CreateVaultingSessionRequest", Schemas["CreateVaultingSessionRequest"]> | Invalid;
/** Reads CreateVaultingSessionResponse as a receiver does: unknown fields and codes are accepted. `branch` tells which outcome it is. */
export declare const validateCreateVaultingSessionResponse: (value: unknown) => Valid<"CreateVaultingSessionCreated", Schemas["CreateVaultingSessionCreated"]> | Valid<"CreateVaultingSessionFailed", Schemas["CreateVaultingSessionFailed"]> | Valid<"CreateVaultingSessionUnknown", Schemas["CreateVaultingSessionUnknown"]> | Invalid;
/** Reads CreateVaultingSessionResponse as a contract test does: codes and fields that the document does not name are faults. */
export declare const validateCreateVaultingSessionResponseStrict: (value: unknown) => Valid<"CreateVaultingSessionCreated", Schemas["CreateVaultingSessionCreated"]> | Valid<"CreateVaultingSessionFailed", Schemas["CreateVaultingSessionFailed"]> | Valid<"CreateVaultingSessionUnknown", Schemas["CreateVaultingSessionUnknown"]> | Invalid;
/** Checks InquireVaultingRequest. */
export declare const validateInquireVaultingRequest: (value: unknown) => Valid<"InquireVaultingRequest", Schemas["InquireVaultingRequest"]> | Invalid;
/** Reads InquireVaultingResponse as a receiver does: unknown fields and codes are accepted. `branch` tells which outcome it is. */
export declare const validateInquireVaultingResponse: (value: unknown) => Valid<"InquireVaultingVaulted", Schemas["InquireVaultingVaulted"]> | Valid<"InquireVaultingProcessing", Schemas["InquireVaultingProcessing"]> | Valid<"InquireVaultingVaultingFailed", Schemas["InquireVaultingVaultingFailed"]> | Valid<"InquireVaultingFailed", Schemas["InquireVaultingFailed"]> | Valid<"InquireVaultingUnknown", Schemas["InquireVaultingUnknown"]> | Invalid;
/** Reads InquireVaultingResponse as a contract test does: codes and fields that the document does not name are faults. */
export declare const validateInquireVaultingResponseStrict: (value: unknown) => Valid<"InquireVaultingVaulted", Schemas["InquireVaultingVaulted"]> | Valid<"InquireVaultingProcessing", Schemas["InquireVaultingProcessing"]> | Valid<"InquireVaultingVaultingFailed", Schemas["InquireVaultingVaultingFailed"]> | Valid<"InquireVaultingFailed", Schemas["InquireVaultingFailed"]> | Valid<"InquireVaultingUnknown", Schemas["InquireVaultingUnknown"]> | Invalid;
