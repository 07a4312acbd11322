/** Writes the body of a request, and checks the text that is sent, not the caller's object, which may change or write itself differently. */
import type { requestValidators } from "../../generated/operation-validators.ts";
import type { OperationId } from "../../generated/operations.ts";
import type { Invalid } from "../../generated/validators.js";
import { AntomVaultError, describeIssues } from "../protocol/errors.ts";
import { parseJson } from "../protocol/json.ts";

/** Throws `REQUEST_INVALID`, also for a text that not every parser reads in the same way. */
export function serializeRequest(
  request: unknown,
  validate: (typeof requestValidators)[OperationId],
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly vaultingRequestId: string } {
  const text = toJson(request);
  if (text === undefined) throw jsonError("cannot be written as JSON (undefined, a cycle or a BigInt)");
  const bytes = new TextEncoder().encode(text);
  const reading = parseJson(bytes);
  if (!reading.ok) throw jsonError(reading.message);
  const checked = validate(reading.value);
  if (!checked.valid) throw requestError(describeIssues(checked.issues), checked.issues);
  return { bytes, vaultingRequestId: checked.value.vaultingRequestId };
}

/** Returns `undefined` if the value has no text. Drops the error of `JSON.stringify`, which may quote the request. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

const jsonError = (message: string) => requestError(`the body ${message}`, [{ pointer: "", rule: "json", message }]);

const requestError = (why: string, issues: Invalid["issues"]) =>
  new AntomVaultError("REQUEST_INVALID", `Nothing was sent: ${why}.`, { issues });
