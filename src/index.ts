/**
 * The merchant's client of the Vault API, with its outcomes, its errors, and the types of requests and responses.
 *
 * @module antom-vault
 */
export { type Environment, type OperationId, type Region, servers } from "../generated/operations.ts";
export {
  type ResultAction,
  type ResultCodeRow,
  resultCodes,
  type VaultingResultCodeRow,
  vaultingResultCodes,
} from "../generated/result-codes.ts";

import type { components } from "../generated/types.ts";

export type { components, paths } from "../generated/types.ts";
export { maskCardData } from "./cards/mask-card-data.ts";
export * from "./client/index.ts";
export {
  AntomVaultError,
  type AntomVaultErrorCode,
  type ErrorDetails,
  type UnverifiedResult,
  type ValidationIssue,
} from "./protocol/errors.ts";
export type { KeyInput } from "./signature/index.ts";

type Schemas = components["schemas"];

/** The request of {@link VaultClient.vaultPaymentMethod}. */
export type VaultPaymentMethodRequest = Schemas["VaultPaymentMethodRequest"];
/** The request of {@link VaultClient.createVaultingSession}. */
export type CreateVaultingSessionRequest = Schemas["CreateVaultingSessionRequest"];
/** The request of {@link VaultClient.inquireVaulting}. */
export type InquireVaultingRequest = Schemas["InquireVaultingRequest"];
