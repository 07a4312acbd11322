// Made by `npm run generate` from spec/. Do not edit.
import type { OperationId } from "./operations.ts";
import * as validators from "./validators.js";

type Validators = Readonly<
  Record<OperationId, (value: unknown) => validators.Valid<string, unknown> | validators.Invalid>
>;

/** Validates a request of each operation. */
export const requestValidators = {
  vaultPaymentMethod: validators.validateVaultPaymentMethodRequest,
  createVaultingSession: validators.validateCreateVaultingSessionRequest,
  inquireVaulting: validators.validateInquireVaultingRequest,
} as const satisfies Validators;

/** Validates a response of each operation, and accepts unknown fields and codes. */
export const responseValidators = {
  vaultPaymentMethod: validators.validateVaultPaymentMethodResponse,
  createVaultingSession: validators.validateCreateVaultingSessionResponse,
  inquireVaulting: validators.validateInquireVaultingResponse,
} as const satisfies Validators;

/** Validates a response of each operation strictly: undocumented codes and fields are errors. */
export const strictResponseValidators = {
  vaultPaymentMethod: validators.validateVaultPaymentMethodResponseStrict,
  createVaultingSession: validators.validateCreateVaultingSessionResponseStrict,
  inquireVaulting: validators.validateInquireVaultingResponseStrict,
} as const satisfies Validators;
