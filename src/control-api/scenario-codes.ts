/** The result codes that a scenario can force. */
import type { OperationId } from "../../generated/operations.ts";
import { resultCodes, vaultingResultCodes } from "../../generated/result-codes.ts";

/** The scenario code for VERIFICATION_IN_PROCESS without a URL. It is not a result code of the API. */
export const NO_URL_CODE = "VERIFICATION_IN_PROCESS_NO_URL";

/** Returns the codes that a scenario of an operation can force. */
export function getScenarioCodes(operation: OperationId): readonly string[] {
  const operationCodes = resultCodes[operation].map(({ code }) => code);
  if (operation !== "vaultPaymentMethod") return operationCodes;
  const vaultingCodes = vaultingResultCodes
    .filter(({ vaultingStatus }) => vaultingStatus === "FAIL")
    .map(({ code }) => code);
  return [...new Set([...operationCodes, ...vaultingCodes, NO_URL_CODE])];
}

/** The result codes of vaultPaymentMethod that describe a vaulting and are stored with it. With any other result code, the call is rejected. */
const RECORDED_CODES: ReadonlySet<string> = new Set([
  "SUCCESS",
  "PROCESS_FAIL",
  "VERIFICATION_FAIL",
  "VERIFICATION_IN_PROCESS",
]);
const OPERATION_CODES: ReadonlySet<string> = new Set(resultCodes.vaultPaymentMethod.map(({ code }) => code));

/**
 * Returns whether vaultPaymentMethod stores a vaulting with this result code. With any other code, the operation rejects the call. Do not pass
 * {@link NO_URL_CODE}.
 */
export const isVaultingResultCode = (code: string): boolean => RECORDED_CODES.has(code) || !OPERATION_CODES.has(code);
