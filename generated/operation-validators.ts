// Made by `npm run generate` from spec/. Do not edit.
import type { OperationId } from "./operations.ts";
import * as validators from "./validators.js";

type Validators = Readonly<
  Record<OperationId, (value: unknown) => validators.Valid<string, unknown> | validators.Invalid>
>;

/** Checks a request of each operation. */
export const requestValidators = {
  vaultPaymentMethod: validators.validateVaultPaymentMethodRequest,
  createVaultingSession: validators.validateCreateVaultingSessionRequest,
  inquireVaulting: validators.validateInquireVaultingRequest,
} as const satisfies Validators;

/** Reads a response of each operation as a receiver does: unknown fields and codes are accepted. */
export const responseValidators = {
  vaultPaymentMethod: validators.validateVaultPaymentMethodResponse,
  createVaultingSession: validators.validateCreateVaultingSessionResponse,
  inquireVaulting: validators.validateInquireVaultingResponse,
} as const satisfies Validators;

/** Reads a response of each operation as a contract test does: codes and fields that the document does not name are errors. */
export const strictResponseValidators = {
  vaultPaymentMethod: validators.validateVaultPaymentMethodResponseStrict,
  createVaultingSession: validators.validateCreateVaultingSessionResponseStrict,
  inquireVaulting: validators.validateInquireVaultingResponseStrict,
} as const satisfies Validators;
