/** Reports an unfinished vaulting after Ctrl-C, and the reuse of an ID. @module */
import { toPrintable } from "../../cards/mask-card-data.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { isVaultingResultCode } from "../../control-api/scenario-codes.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { isInterruption } from "../console/interrupt.ts";
import { commandPrefix, type Output, writeText } from "../console/output.ts";
import type { CallTarget, TargetOptions } from "./call-target.ts";
import { findVaulting } from "./find-vaulting.ts";
import type { Outcome } from "./format-outcome.ts";
import { describeScenariosAndFaults } from "./scenarios-and-faults.ts";

/** A call and the known state of its vaulting. */
export interface OpenVaulting {
  readonly vaultingRequestId: string;
  readonly target: CallTarget;
  readonly options: TargetOptions;
  /** The outcome of the call, if the call has ended. */
  outcome?: Outcome;
}

/**
 * Runs `work`. If Ctrl-C interrupts it, prints how to continue with the vaulting. If a call fails, prints the scenarios and faults that might
 * have caused the failure.
 */
export async function runWithHints<Result>(
  { stderr }: Pick<Output, "stderr">,
  open: OpenVaulting,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const hint = isInterruption(error)
      ? describeOpenVaulting(open)
      : await describeScenariosAndFaults(open.target.control, open.vaultingRequestId);
    if (hint !== undefined) writeText(stderr, hint);
    throw error;
  }
}

function describeOpenVaulting({ vaultingRequestId, target, options, outcome }: OpenVaulting): string {
  if (target.source === "started")
    return `Interrupted. The temporary sandbox has stopped, and its vaultings are gone. To keep vaultings, run: ${commandPrefix} sandbox`;
  const page = outcome && "normalUrl" in outcome ? outcome.normalUrl : undefined;
  const state = outcome ? "is still in progress" : "might have been processed";
  const given = (["target", "credentials", "data"] as const).flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : ` --${name} ${shellQuote(value)}`;
  });
  return `Interrupted. The vaulting ${toPrintable(vaultingRequestId)} ${state}.${page ? ` The buyer's page: ${toPrintable(page)}` : ""}\nTo wait for the result, run: ${commandPrefix} inquire ${shellQuote(toPrintable(vaultingRequestId))} --wait${given.join("")}`;
}

/** Returns the existing vaulting with an ID that the user chose, if there is one. */
export const findEarlierVaulting = async (
  { control, credentials: { clientId } }: CallTarget,
  vaultingRequestId: string | undefined,
): Promise<ControlSchemas["Vaulting"] | undefined> =>
  control && vaultingRequestId !== undefined ? findVaulting(control, { clientId, vaultingRequestId }) : undefined;

/** Prints that the sandbox returned the result of an earlier vaulting. Prints nothing if there is none, or if the sandbox rejected this call. */
export function printIdReuse(
  { stderr }: Pick<Output, "stderr">,
  earlier: ControlSchemas["Vaulting"] | undefined,
  outcome: Outcome,
): void {
  if (!earlier || ("code" in outcome && !isVaultingResultCode(outcome.code))) return;
  const time = `${earlier.createdAt.slice(0, 19).replace("T", " ")} UTC`;
  writeText(
    stderr,
    `A vaulting with this ID was already created on ${time}, so the sandbox returned the result of that vaulting. The notification goes to the URL in the earlier request. For a new vaulting, use a new --id.`,
  );
}
