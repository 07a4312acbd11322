/**
 * The merchant's client for the Vault API, with its options, requests, outcomes, and errors. Also exports the API's result-code tables and
 * `maskCardData`.
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
export type { KeyInput, KeyObjectLike } from "./signature/index.ts";
