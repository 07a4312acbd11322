import type { Command } from "commander";
import type { ExitCode, Output } from "../console/output.ts";
import { getWidth } from "../console/terminal-capabilities.ts";
import { wrapText } from "../console/wrap-text.ts";

/** The context in which a group of commands is registered. */
export interface CommandContext {
  readonly program: Command;
  readonly output: Output;
  /** Called with the exit code of a command. */
  readonly onExit: (code: ExitCode) => void;
}

/** The `--data` option of the commands that use a sandbox. */
export const DATA = ["--data <dir>", "the data directory of the sandbox (default: .antom-vault/sandbox)"] as const;

/** Formats the examples at the end of a command's help. A test runs each example. */
export const formatExamples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;

export const formatExitCodes = ({ stdout }: Output, codes: string): string =>
  wrapText(codes, getWidth(stdout), "Exit codes: ");
