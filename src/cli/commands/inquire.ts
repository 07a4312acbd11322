import { createVaultClient } from "../../client/index.ts";
import { knownTarget, type TargetOptions } from "../calling/call-target.ts";
import { exitCodeOf, explain, isInProcess, outcomeText } from "../calling/format-outcome.ts";
import { follow, readSeconds } from "../calling/watch-vaulting.ts";
import type { ExitCode } from "../console/exit-code.ts";
import { interruptible } from "../console/interrupt.ts";
import { line, type Output } from "../console/output.ts";
import { link } from "../console/terminal-capabilities.ts";

interface Options extends TargetOptions {
  readonly wait?: true;
  readonly timeout: string;
  readonly json?: true;
}

/** Asks how a vaulting stands. Exit code 1 where it has failed, or where there is none. */
export async function inquire(output: Output, vaultingRequestId: string, options: Options): Promise<ExitCode> {
  const { stdout, style } = output;
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
  if (options.json) line(stdout, JSON.stringify({ ...outcome, ...explain(outcome) }));
  else
    line(
      stdout,
      outcomeText(outcome, style, (url) => link(stdout, process.env, url)),
    );
  return exitCodeOf(outcome, options.wait);
}
