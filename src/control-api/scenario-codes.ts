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

/** The codes of vaultPaymentMethod that are the result of a vaulting, and therefore stored. All other codes reject the call. */
const RECORDED_CODES: ReadonlySet<string> = new Set([
  "SUCCESS",
  "PROCESS_FAIL",
  "VERIFICATION_FAIL",
  "VERIFICATION_IN_PROCESS",
]);
const GATEWAY_CODES: ReadonlySet<string> = new Set(resultCodes.vaultPaymentMethod.map(({ code }) => code));

/** Returns whether a scenario of vaultPaymentMethod with this code creates vaultings with that result. Otherwise, it rejects each call. */
export const isVaultingResultCode = (code: string): boolean => RECORDED_CODES.has(code) || !GATEWAY_CODES.has(code);
