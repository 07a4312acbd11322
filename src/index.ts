/**
 * The merchant's face of the package: the client, its outcomes, its errors, and the types of the messages.
 *
 * @module
 */
export { type OperationId, type Region, servers } from "../generated/operations.ts";
export { type ResultAction, type ResultCodeRow, resultCodes, vaultingResultCodes } from "../generated/result-codes.ts";
export type { components, paths } from "../generated/types.ts";
export * from "./client/index.ts";
export { AntomVaultError, type AntomVaultErrorCode, type Issue, type UnverifiedResult } from "./errors.ts";
export { maskCardData } from "./mask.ts";
