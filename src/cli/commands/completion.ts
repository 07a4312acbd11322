import type { Command } from "commander";
import { servers } from "../../../generated/operations.ts";
import { createBashCompletion } from "../completion/bash.ts";
import { readCommandTree, type Suggestions } from "../completion/command-tree.ts";
import { createFishCompletion } from "../completion/fish.ts";
import { createZshCompletion } from "../completion/zsh.ts";
import { type ExitCode, type Output, writeLine } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";
import { testCardsByName } from "../inputs/test-cards.ts";
import { situations } from "../situations/situations.ts";

const SCRIPTS = { bash: createBashCompletion, zsh: createZshCompletion, fish: createFishCompletion } as const;

/** Prints the script by which a shell completes commands, options and their values. */
export function completion(
  { stdout }: Output,
  program: Command,
  shell: keyof typeof SCRIPTS | undefined,
  { json }: { readonly json?: true },
): ExitCode {
  if (shell === undefined && !json) throw usageError("Which shell? bash, zsh or fish.");
  const shape = readCommandTree(program, listSuggestions());
  const script = shell && SCRIPTS[shell](shape);
  if (json) writeLine(stdout, JSON.stringify(script === undefined ? shape : { script }));
  else stdout.write(script ?? "");
  return 0;
}

/** Values that complete an option or a first argument which accepts others as well. Where only some are valid, commander's choices say so. */
function listSuggestions(): Suggestions {
  const targets = ["sandbox", "antom", ...Object.keys(servers)];
  return {
    contract: ["mock", "sandbox", "antom"],
    trigger: [...situations.keys()],
    "vault --test-card": [...testCardsByName.keys()],
    "vault --target": targets,
    "session --target": targets,
    "inquire --target": targets,
  };
}
