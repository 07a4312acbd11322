import { createVaultClient } from "../../client/index.ts";
import { knownTarget, type TargetOptions } from "../calling/call-target.ts";
import { exitCodeOf, isInProcess, printOutcome } from "../calling/format-outcome.ts";
import { follow, readSeconds } from "../calling/watch-vaulting.ts";
import { interruptible } from "../console/interrupt.ts";
import type { ExitCode, Output } from "../console/output.ts";

interface Options extends TargetOptions {
  readonly wait?: true;
  readonly timeout: string;
  readonly json?: true;
}

/** Asks how a vaulting stands. Exit code 1 where it has failed, or where there is none. */
export async function inquire(output: Output, vaultingRequestId: string, options: Options): Promise<ExitCode> {
  const limitMs = readSeconds("--timeout", options.timeout);
  using interrupt = interruptible();
  const { signal } = interrupt;
  await using target = await knownTarget(options);
  const vault = createVaultClient(target.credentials);
  const first = await vault.inquireVaulting({ vaultingRequestId }, { signal });
  const outcome =
    options.wait && isInProcess(first)
      ? await follow(output, { vault, vaultingRequestId, arrivals: undefined, limitMs, signal })
      : first;
  printOutcome(output, outcome, options.json);
  return exitCodeOf(outcome, options.wait);
}
