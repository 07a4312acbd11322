import type { OperationId } from "../../../generated/operations.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import type { CheckSubject } from "../model/report.ts";
import type { Capability } from "../model/target.ts";

/** The description of a check. */
export interface CheckInfo {
  /** The ID of the check, which is stable across releases, for example `vaultPaymentMethod.request.env.terminalType.enum`. */
  readonly id: string;
  /** The operation that the check tests, `notifyVaulting`, or `protocol` for rules that all operations share. */
  readonly operation: CheckSubject;
  /** A human-readable description of the tested rule. */
  readonly title: string;
  /** The rule's location in the OpenAPI document, as a JSON Pointer. */
  readonly source: string;
  /** The capabilities that the target needs. The check is skipped if any of them is missing. Default: none. */
  readonly requires?: readonly Capability[];
}

/** A check with the function that runs it. */
export interface Check extends CheckInfo {
  /** `others`: runs after the checks without `after`. `everything`: runs last. Default: runs first. */
  readonly after?: "others" | "everything";
  /** Rejects with a `ContractFailure` if the target violates the API contract. */
  readonly run: (client: TargetClient) => Promise<void>;
}

/** A row in a table of checks. It omits the properties that all rows share. */
export type CheckRow = Pick<Check, "id" | "title" | "run"> & Partial<Pick<Check, "source" | "requires" | "after">>;

/** Returns the checks of one operation from a table of rows whose IDs start with the name of their operation. Each check requires the capability `state`. */
export const selectStateChecks = (
  operation: OperationId,
  rows: readonly CheckRow[],
  source: string,
): readonly Check[] =>
  rows
    .filter(({ id }) => id.startsWith(`${operation}.`))
    .map((row) => ({ source, ...row, operation, requires: ["state", ...(row.requires ?? [])] }));
