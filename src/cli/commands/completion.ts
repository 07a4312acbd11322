import type { Command } from "commander";
import { servers } from "../../../generated/operations.ts";
import { bashCompletion } from "../completion/bash.ts";
import { type Suggestions, shapeOf } from "../completion/command-tree.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { type ExitCode, line, type Output } from "../console/output.ts";
import { wrongUsage } from "../console/usage-error.ts";
import { testCardNames } from "../inputs/test-cards.ts";
import { situations } from "../situations/situations.ts";

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** Prints the script by which a shell completes commands, options and their values. */
export function completion(
  { stdout }: Output,
  program: Command,
  shell: keyof typeof SCRIPTS | undefined,
  { json }: { readonly json?: true },
): ExitCode {
  if (shell === undefined && !json) throw wrongUsage("Which shell? bash, zsh or fish.");
  const shape = shapeOf(program, suggestions());
  const script = shell && SCRIPTS[shell](shape);
  if (json) line(stdout, JSON.stringify(script === undefined ? shape : { script }));
  else stdout.write(script ?? "");
  return 0;
}

/** Values that complete an option or a first argument which accepts others as well. Where only some are valid, commander's choices say so. */
function suggestions(): Suggestions {
  const targets = ["sandbox", "antom", ...Object.keys(servers)];
  return {
    contract: ["mock", "sandbox", "antom"],
    trigger: [...situations.keys()],
    "vault --test-card": [...testCardNames.keys()],
    "vault --target": targets,
    "session --target": targets,
    "inquire --target": targets,
  };
}
