import { createVaultClient } from "../../client/index.ts";
import { resolveExistingTarget, type TargetOptions } from "../calling/call-target.ts";
import { getExitCode, isInProgress, printOutcome } from "../calling/format-outcome.ts";
import { type OpenVaulting, runWithHints } from "../calling/open-vaulting.ts";
import { printScenariosAndFaults } from "../calling/scenarios-and-faults.ts";
import { parseTimeout, watchVaulting } from "../calling/watch-vaulting.ts";
import { createInterruptSignal } from "../console/interrupt.ts";
import type { ExitCode, Output } from "../console/output.ts";

interface Options extends TargetOptions {
  readonly wait?: true;
  readonly timeout: string;
  readonly json?: true;
}

/**
 * Prints the status of a vaulting. Returns exit code 1 if the vaulting failed or does not exist, if its result is unknown, or if the result is still
 * not final after `--wait`.
 */
export async function inquire(output: Output, vaultingRequestId: string, options: Options): Promise<ExitCode> {
  const limitMs = parseTimeout(options.timeout);
  using interrupt = createInterruptSignal();
  const { signal } = interrupt;
  await using target = await resolveExistingTarget(options);
  const vault = createVaultClient(target.credentials);
  const open: OpenVaulting = { vaultingRequestId, target, options };
  return await runWithHints(output, open, async () => {
    const first = await vault.inquireVaulting({ vaultingRequestId }, { signal });
    open.outcome = first;
    const outcome =
      options.wait && isInProgress(first)
        ? await watchVaulting(output, { vault, vaultingRequestId, inbox: undefined, limitMs, signal })
        : first;
    printOutcome(output, outcome, options.json);
    await printScenariosAndFaults(output.stderr, target.control, outcome);
    return getExitCode(outcome, options.wait);
  });
}
