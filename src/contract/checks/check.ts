/** What a contract test is made of: a value that says what it stands for, and a function that asks a target. */
import type { Conversation } from "../conversation/target-client.ts";
import type { Subject } from "../model/report.ts";
import type { Ability } from "../model/target.ts";

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
