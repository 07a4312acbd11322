import type { Command } from "commander";
import type { ExitCode, Output } from "../console/output.ts";

/** What a group of commands is registered with. */
export interface CommandContext {
  readonly program: Command;
  readonly output: Output;
  /** Told how a command has ended. */
  readonly onExit: (code: ExitCode) => void;
}

/** Examples below a command's help. A test runs each of them. */
export const formatExamples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
