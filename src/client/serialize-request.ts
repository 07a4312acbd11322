/** Serializes requests and validates the serialized text, because the caller's object can change or define `toJSON`. */
import type { requestValidators } from "../../generated/operation-validators.ts";
import type { OperationId } from "../../generated/operations.ts";
import type { Invalid } from "../../generated/validators.js";
import { findRepeatedCardNumber } from "../cards/card-digits.ts";
import { AntomVaultError, describeIssues } from "../protocol/errors.ts";
import { parseJson } from "../protocol/json.ts";

/**
 * Serializes and validates a request.
 *
 * @throws {AntomVaultError} `REQUEST_INVALID` if the request violates the API contract, is not I-JSON, or contains its card number in another field.
 */
export function serializeRequest(
  request: unknown,
  validate: (typeof requestValidators)[OperationId],
  clientId: string,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly vaultingRequestId: string } {
  const text = toJson(request);
  if (text === undefined) throw jsonError("cannot be serialized as JSON (undefined, a cycle, or a BigInt)");
  const bytes = new TextEncoder().encode(text);
  const parsed = parseJson(bytes);
  if (!parsed.ok) throw jsonError(parsed.message);
  const checked = validate(parsed.value);
  if (!checked.valid) throw requestError(describeIssues(checked.issues), checked.issues);
  const repeated = findRepeatedCardNumber(parsed.value, clientId);
  if (repeated.length > 0) throw requestError(describeIssues(repeated), repeated);
  return { bytes, vaultingRequestId: checked.value.vaultingRequestId };
}

/** Serializes a value, or returns `undefined` if JSON cannot represent it. Discards the error of `JSON.stringify`, which could quote the request. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

const jsonError = (message: string) => requestError(`the body ${message}`, [{ pointer: "", rule: "json", message }]);

const requestError = (reason: string, issues: Invalid["issues"]) =>
  new AntomVaultError("REQUEST_INVALID", `The request was not sent: ${reason}.`, { issues });
