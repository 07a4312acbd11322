import type { Command } from "commander";
import { operationPaths, servers } from "../../../generated/operations.ts";
import { ABILITIES } from "../../contract/index.ts";
import { bashCompletion } from "../completion/bash.ts";
import { type KnownValues, type ProgramShape, shapeOf } from "../completion/command-tree.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { oneOf } from "../console/did-you-mean.ts";
import type { ExitCode } from "../console/exit-code.ts";
import { line, type Output } from "../console/output.ts";
import { wrongUsage } from "../console/usage-error.ts";
import { testCardNames } from "../inputs/test-cards.ts";
import { situations } from "../situations/situations.ts";
import { REACHES, REPEATS } from "./sandbox.ts";

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
const SHELLS = ["bash", "zsh", "fish"] as const;

/** Prints the script by which a shell completes commands, options and their values. */
export function completion(
  { stdout }: Output,
  program: Command,
  shell: string | undefined,
  { json }: { readonly json?: true },
): ExitCode {
  const shape = shapeOf(program, knownValues());
  if (shell === undefined && !json) throw wrongUsage("Which shell? bash, zsh or fish.");
  if (json) line(stdout, JSON.stringify(shell === undefined ? shape : { script: scriptOf(shell, shape) }));
  else stdout.write(scriptOf(shell ?? "", shape));
  return 0;
}

const scriptOf = (shell: string, shape: ProgramShape): string => SCRIPTS[oneOf("The shell", shell, SHELLS)](shape);

/** Of commander's tree nothing says this. */
function knownValues(): KnownValues {
  const operations = Object.keys(operationPaths);
  const targets = ["sandbox", "antom", ...Object.keys(servers)];
  return {
    completion: SHELLS,
    contract: ["mock", "sandbox", "antom"],
    trigger: [...situations.keys()],
    "vault --test-card": [...testCardNames.keys()],
    "vault --target": targets,
    "session --target": targets,
    "inquire --target": targets,
    "contract --without": ABILITIES,
    "record --without": ABILITIES,
    "sandbox --notify": REACHES,
    "sandbox --differing-repeat": REPEATS,
    "sign --operation": operations,
    "verify --operation": operations,
    "verify --signed-by": ["antom", "merchant"],
    "spec --openapi": ["3.1", "3.0"],
    "spec --operation": [...operations, "notifyVaulting"],
  };
}
