/** The result codes that a scenario can force, and which of them decide a vaulting. */
import type { OperationId } from "../../generated/operations.ts";
import { resultCodes, vaultingResultCodes } from "../../generated/result-codes.ts";

export const NO_URL_CODE = "VERIFICATION_IN_PROCESS_NO_URL";

/** The codes that an operation can be made to answer. */
export function getScenarioCodes(operation: OperationId): readonly string[] {
  const own = resultCodes[operation].map(({ code }) => code);
  if (operation !== "vaultPaymentMethod") return own;
  const verdicts = vaultingResultCodes
    .filter(({ vaultingStatus }) => vaultingStatus === "FAIL")
    .map(({ code }) => code);
  return [...new Set([...own, ...verdicts, NO_URL_CODE])];
}

/** The codes of an operation that are a vaulting's own result, and so are recorded; all others refuse the call before it. */
const RECORDED_CODES: ReadonlySet<string> = new Set([
  "SUCCESS",
  "PROCESS_FAIL",
  "VERIFICATION_FAIL",
  "VERIFICATION_IN_PROCESS",
]);
const GATEWAY_CODES: ReadonlySet<string> = new Set(resultCodes.vaultPaymentMethod.map(({ code }) => code));

/** Whether a scenario of vaultPaymentMethod decides a new vaulting's result, or refuses each call. */
export const isVaultingResultCode = (code: string): boolean => RECORDED_CODES.has(code) || !GATEWAY_CODES.has(code);
