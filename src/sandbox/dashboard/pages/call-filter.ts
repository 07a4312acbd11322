/** The search text and the outcome filter of the list of API calls. */
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";

type CallView = ControlSchemas["ApiCall"];

/** The outcomes of a call, with their titles. */
export const OUTCOMES = {
  signature: "Invalid signature",
  rejected: "Rejected or failed",
  unknown: "Unknown or dropped",
  success: "Successful",
} as const;

export type Outcome = keyof typeof OUTCOMES;

export function getOutcome({ note, resultStatus }: CallView): Outcome {
  if (note !== undefined) return "signature";
  if (resultStatus === "S") return "success";
  return resultStatus === "F" ? "rejected" : "unknown";
}

/**
 * Creates a function that returns whether a call matches a search text. A call matches if its card token or card number ends with the text, or
 * if one of its other fields contains it.
 */
export function createCallMatcher(text: string): (call: CallView) => boolean {
  const needle = text.toLowerCase();
  const contains = (value: string | undefined) => value?.toLowerCase().includes(needle) ?? false;
  const isCardEnd = /^\d{1,4}$/.test(text);
  return (call) => {
    const { vaultingRequestId, clientId, path, operation, resultCode, fault, scenario, request, response } = call;
    if ([vaultingRequestId, clientId, path, operation, resultCode, fault, scenario].some(contains)) return true;
    const field = (name: string) => readTextField(response, name);
    return (
      ["vaultingResultCode", "vaultingStatus", "brand"].some((name) => contains(field(name))) ||
      (field("cardToken")?.endsWith(text) ?? false) ||
      (isCardEnd &&
        [field("maskedCardNo"), readTextField(request, "cardNo")].some((number) => number?.endsWith(text) ?? false))
    );
  };
}

/** Returns the value of the first string field with this name in compact JSON. Parsing every body would take much longer. */
function readTextField(json: string, name: string): string | undefined {
  const start = json.indexOf(`"${name}":"`);
  if (start < 0) return undefined;
  const valueStart = start + name.length + 4;
  const end = json.indexOf('"', valueStart);
  return end < 0 ? undefined : json.slice(valueStart, end);
}
