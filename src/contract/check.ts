/** What a contract test is made of: a value that says what it stands for, and a function that asks a target. */
import type { OperationId } from "../../generated/operations.ts";
import type { Conversation } from "./conversation.ts";

/** Whose part of the contract a check looks at. */
export type Subject = OperationId | "notifyVaulting" | "protocol";

/** The names of all abilities. */
export const ABILITIES = [
  "examples",
  "both-paths",
  "chosen-answers",
  "state",
  "notifies",
  "clock",
  "clients",
] as const satisfies readonly Ability[];

/** What a target must offer so that it can be asked. */
export type Ability =
  /** Answers any example of the document on demand (`mock:NAME` in the vaultingRequestId). */
  | "examples"
  /** Serves the production path as well as the sandbox's. */
  | "both-paths"
  /** Can be told which result code to answer: by an ID `mock:NAME`, or by a scenario of the control API for a client of the run's own. */
  | "chosen-answers"
  /** Remembers vaultings: what is answered depends on what was asked before. */
  | "state"
  /** Can reach a listener that the run opens on this machine, and sends notifications. */
  | "notifies"
  /** Its clock can be moved by POST /_sandbox/clock. */
  | "clock"
  /** Takes merchants of the run's own, by POST /_sandbox/clients. */
  | "clients";

export interface Check {
  /** Stable between releases, for example `vaultPaymentMethod.request.env.terminalType.enum`. */
  readonly id: string;
  readonly operation: Subject;
  /** A sentence. */
  readonly title: string;
  /** JSON Pointer into the document, or the heading of its introduction. */
  readonly source: string;
  readonly needs?: readonly Ability[];
  /** Runs once the others have run, and looks at what they were answered; or once everything has. */
  readonly after?: "others" | "everything";
  /** Resolves where the target keeps the contract, rejects with a {@link ContractFailure} where it does not. */
  readonly run: (conversation: Conversation) => Promise<void>;
}

/** A target breaks the contract. The message shows no card data. */
export class ContractFailure extends Error {
  override readonly name = "ContractFailure";
}

/** What a check looks for cannot come about at a target; the message says why. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}

export type CheckStatus = "passed" | "failed" | "not-applicable";

export interface CheckResult {
  readonly id: string;
  readonly operation: Subject;
  readonly title: string;
  readonly status: CheckStatus;
  /** Why it failed or could not be asked; empty where it passed. */
  readonly detail: string;
}

/** How much of something a run has met. */
export interface CoverageRow {
  readonly subject: Subject;
  readonly of: "constraints" | "messages" | "codes";
  readonly total: number;
  readonly met: number;
  /** By name, what was not met. */
  readonly missing: readonly string[];
}

export interface ContractReport {
  readonly target: string;
  readonly checks: readonly CheckResult[];
  readonly totals: { readonly passed: number; readonly failed: number; readonly notApplicable: number };
  /** Where all checks were run. */
  readonly coverage?: readonly CoverageRow[];
}
