import type { Command } from "commander";
import { servers } from "../../../generated/operations.ts";
import { testCardsByName } from "../../cards/card-names.ts";
import { createBashCompletion } from "../completion/bash.ts";
import { readCommandTree, type Suggestions } from "../completion/command-tree.ts";
import { createFishCompletion } from "../completion/fish.ts";
import { createZshCompletion } from "../completion/zsh.ts";
import { type ExitCode, type Output, writeJson } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";
import { situations } from "../situations/situations.ts";

const SCRIPTS = { bash: createBashCompletion, zsh: createZshCompletion, fish: createFishCompletion } as const;

/** Prints a script that completes commands, options, and values in a shell. */
export function completion(
  { stdout }: Output,
  program: Command,
  shell: keyof typeof SCRIPTS | undefined,
  { json }: { readonly json?: true },
): ExitCode {
  if (shell === undefined && !json) throw usageError("Missing shell: use bash, zsh, or fish.");
  const tree = readCommandTree(program, listSuggestions());
  const script = shell && SCRIPTS[shell](tree);
  if (json) writeJson(stdout, script === undefined ? tree : { script });
  else stdout.write(script ?? "");
  return 0;
}

/** Returns suggestions for options and arguments that also accept other values. If only certain values are allowed, commander knows them. */
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
