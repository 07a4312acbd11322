// Made by `npm run generate` from spec/. Do not edit.
import type { components } from "./types.js";

type Schemas = components["schemas"];

/** A violation of the document: a JSON Pointer into the body, the schema keyword, and the requirement. Never contains the value. */
export interface ValidationIssue {
  readonly pointer: string;
  /** The JSON Schema keyword that the value violates, for example `required`. */
  readonly rule: string;
  /** The requirement, as a phrase that continues the pointer, for example `must be digits only`. */
  readonly message: string;
}
export interface Valid<Branch extends string, Value> {
  readonly valid: true;
  readonly branch: Branch;
  readonly value: Value;
}
export interface Invalid {
  readonly valid: false;
  readonly issues: readonly ValidationIssue[];
}

/** Validates VaultPaymentMethodRequest. */
export declare const validateVaultPaymentMethodRequest: (value: unknown) => Valid<"VaultPaymentMethodRequest", Schemas["VaultPaymentMethodRequest"]> | Invalid;
/** Validates VaultPaymentMethodResponse, and accepts unknown fields and codes. `branch` names the outcome. */
export declare const validateVaultPaymentMethodResponse: (value: unknown) => Valid<"VaultPaymentMethodVaulted", Schemas["VaultPaymentMethodVaulted"]> | Valid<"VaultPaymentMethodVerificationRequired", Schemas["VaultPaymentMethodVerificationRequired"]> | Valid<"VaultPaymentMethodVerificationWithoutUrl", Schemas["VaultPaymentMethodVerificationWithoutUrl"]> | Valid<"VaultPaymentMethodFailed", Schemas["VaultPaymentMethodFailed"]> | Valid<"VaultPaymentMethodUnknown", Schemas["VaultPaymentMethodUnknown"]> | Invalid;
/** Validates VaultPaymentMethodResponse strictly: undocumented codes and fields are errors. */
export declare const validateVaultPaymentMethodResponseStrict: (value: unknown) => Valid<"VaultPaymentMethodVaulted", Schemas["VaultPaymentMethodVaulted"]> | Valid<"VaultPaymentMethodVerificationRequired", Schemas["VaultPaymentMethodVerificationRequired"]> | Valid<"VaultPaymentMethodVerificationWithoutUrl", Schemas["VaultPaymentMethodVerificationWithoutUrl"]> | Valid<"VaultPaymentMethodFailed", Schemas["VaultPaymentMethodFailed"]> | Valid<"VaultPaymentMethodUnknown", Schemas["VaultPaymentMethodUnknown"]> | Invalid;
/** Validates VaultingNotification, and accepts unknown fields and codes. `branch` names the outcome. */
export declare const validateVaultingNotification: (value: unknown) => Valid<"VaultingNotificationVaulted", Schemas["VaultingNotificationVaulted"]> | Valid<"VaultingNotificationFailed", Schemas["VaultingNotificationFailed"]> | Invalid;
/** Validates VaultingNotification strictly: undocumented codes and fields are errors. */
export declare const validateVaultingNotificationStrict: (value: unknown) => Valid<"VaultingNotificationVaulted", Schemas["VaultingNotificationVaulted"]> | Valid<"VaultingNotificationFailed", Schemas["VaultingNotificationFailed"]> | Invalid;
/** Validates VaultingAcknowledgement. */
export declare const validateVaultingAcknowledgement: (value: unknown) => Valid<"VaultingAcknowledgement", Schemas["VaultingAcknowledgement"]> | Invalid;
/** Validates NotificationRejection. */
export declare const validateNotificationRejection: (value: unknown) => Valid<"NotificationRejection", Schemas["NotificationRejection"]> | Invalid;
/** Validates CreateVaultingSessionRequest. */
export declare const validateCreateVaultingSessionRequest: (value: unknown) => Valid<"CreateVaultingSessionRequest", Schemas["CreateVaultingSessionRequest"]> | Invalid;
/** Validates CreateVaultingSessionResponse, and accepts unknown fields and codes. `branch` names the outcome. */
export declare const validateCreateVaultingSessionResponse: (value: unknown) => Valid<"CreateVaultingSessionCreated", Schemas["CreateVaultingSessionCreated"]> | Valid<"CreateVaultingSessionFailed", Schemas["CreateVaultingSessionFailed"]> | Valid<"CreateVaultingSessionUnknown", Schemas["CreateVaultingSessionUnknown"]> | Invalid;
/** Validates CreateVaultingSessionResponse strictly: undocumented codes and fields are errors. */
export declare const validateCreateVaultingSessionResponseStrict: (value: unknown) => Valid<"CreateVaultingSessionCreated", Schemas["CreateVaultingSessionCreated"]> | Valid<"CreateVaultingSessionFailed", Schemas["CreateVaultingSessionFailed"]> | Valid<"CreateVaultingSessionUnknown", Schemas["CreateVaultingSessionUnknown"]> | Invalid;
/** Validates InquireVaultingRequest. */
export declare const validateInquireVaultingRequest: (value: unknown) => Valid<"InquireVaultingRequest", Schemas["InquireVaultingRequest"]> | Invalid;
/** Validates InquireVaultingResponse, and accepts unknown fields and codes. `branch` names the outcome. */
export declare const validateInquireVaultingResponse: (value: unknown) => Valid<"InquireVaultingVaulted", Schemas["InquireVaultingVaulted"]> | Valid<"InquireVaultingProcessing", Schemas["InquireVaultingProcessing"]> | Valid<"InquireVaultingVaultingFailed", Schemas["InquireVaultingVaultingFailed"]> | Valid<"InquireVaultingFailed", Schemas["InquireVaultingFailed"]> | Valid<"InquireVaultingUnknown", Schemas["InquireVaultingUnknown"]> | Invalid;
/** Validates InquireVaultingResponse strictly: undocumented codes and fields are errors. */
export declare const validateInquireVaultingResponseStrict: (value: unknown) => Valid<"InquireVaultingVaulted", Schemas["InquireVaultingVaulted"]> | Valid<"InquireVaultingProcessing", Schemas["InquireVaultingProcessing"]> | Valid<"InquireVaultingVaultingFailed", Schemas["InquireVaultingVaultingFailed"]> | Valid<"InquireVaultingFailed", Schemas["InquireVaultingFailed"]> | Valid<"InquireVaultingUnknown", Schemas["InquireVaultingUnknown"]> | Invalid;
