export { type CallOptions, createVaultClient, type VaultClient, type WaitOptions } from "./client.ts";
export type { Clock, LogEntry, RetryOptions, VaultClientOptions } from "./options.ts";
export type {
  CreateVaultingSessionOutcome,
  Failed,
  InquireVaultingOutcome,
  InquiryFailed,
  OpenCode,
  SessionCreated,
  Unknown,
  Vaulted,
  VaultPaymentMethodOutcome,
  VerificationRequired,
} from "./outcome-types.ts";
export type { RawClient } from "./raw-client.ts";
export type {
  CreateVaultingSessionRequest,
  InquireVaultingRequest,
  VaultPaymentMethodRequest,
} from "./request-types.ts";
