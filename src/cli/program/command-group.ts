import type { Command } from "commander";
import type { ExitCode, Output } from "../console/output.ts";

/** What a group of commands is registered with. */
export interface Registering {
  readonly program: Command;
  readonly output: Output;
  /** Told how a command has ended. */
  readonly done: (code: ExitCode) => void;
}

/** Examples below a command's help. A test runs each of them. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
