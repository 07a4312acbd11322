/** What a contract test is made of: a value that says what it stands for, and a function that asks a target. */
import type { OperationId } from "../../../generated/operations.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import type { CheckSubject } from "../model/report.ts";
import type { Capability } from "../model/target.ts";

export interface Check {
  /** Stable between releases, for example `vaultPaymentMethod.request.env.terminalType.enum`. */
  readonly id: string;
  readonly operation: CheckSubject;
  readonly title: string;
  /** JSON Pointer into the document, or the heading of its introduction. */
  readonly source: string;
  readonly requires?: readonly Capability[];
  /** Runs once the others have run, and looks at what they were answered; or once everything has. */
  readonly after?: "others" | "everything";
  /** Resolves where the target keeps the contract, rejects with a {@link ContractFailure} where it does not. */
  readonly run: (conversation: TargetClient) => Promise<void>;
}

/** A check as a table of a topic lists it: the topic adds what all of its rows share. */
export type CheckRow = Pick<Check, "id" | "title" | "run"> & Partial<Pick<Check, "source" | "requires" | "after">>;

/** Returns the checks of an operation out of a table about state. The ID of a row begins with its operation. */
export const selectStateChecks = (
  operation: OperationId,
  rows: readonly CheckRow[],
  source: string,
): readonly Check[] =>
  rows
    .filter(({ id }) => id.startsWith(`${operation}.`))
    .map((row) => ({ source, ...row, operation, requires: ["state", ...(row.requires ?? [])] }));
