/**
 * The merchant's face of the package: the client, its outcomes, its errors, and the types of the messages.
 *
 * @module
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
export { AntomVaultError, type AntomVaultErrorCode, type Issue, type UnverifiedResult } from "./protocol/errors.ts";
export type { KeyInput } from "./signature/index.ts";

type Schemas = components["schemas"];

/** What {@link VaultClient.vaultPaymentMethod} takes. */
export type VaultPaymentMethodRequest = Schemas["VaultPaymentMethodRequest"];
/** What {@link VaultClient.createVaultingSession} takes. */
export type CreateVaultingSessionRequest = Schemas["CreateVaultingSessionRequest"];
/** What {@link VaultClient.inquireVaulting} takes. */
export type InquireVaultingRequest = Schemas["InquireVaultingRequest"];
