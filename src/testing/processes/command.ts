/** Runs the antom-vault command in this process or in a child process. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { ExitCode } from "../../cli/console/output.ts";
import { run } from "../../cli/program/program.ts";

export interface CommandResult {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export const runCommand = (...args: readonly string[]): Promise<CommandResult> => capture(args);

async function capture(args: readonly string[], onStdout = (_all: string): void => {}): Promise<CommandResult> {
  let stdout = "";
  let stderr = "";
  const exitCode = await run(
    args,
    {
      write: (written) => {
        stdout += written;
        onStdout(stdout);
      },
    },
    {
      write: (written) => {
        stderr += written;
      },
    },
  );
  return { exitCode, stdout, stderr };
}

/**
 * Runs the command in this process, with the given working directory, and with the environment that `createBareEnvironment` returns. Do not make
 * concurrent calls, because the process has only one working directory and one environment.
 */
export async function runCommandIn(
  directory: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  onStdout?: (all: string) => void,
): Promise<CommandResult> {
  const previous = { directory: process.cwd(), env: { ...process.env } };
  process.chdir(directory);
  replaceEnvironment(createBareEnvironment(env));
  try {
    return await capture(args, onStdout);
  } finally {
    process.chdir(previous.directory);
    replaceEnvironment(previous.env);
  }
}

/** Changes the environment in place, because child processes do not inherit a replaced `process.env` object. */
function replaceEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  Object.assign(process.env, env);
}

const MAIN_PATH = join(import.meta.dirname, "../../cli/main.ts");

export const startCommand = (...args: readonly string[]): ChildProcess => spawn(process.execPath, [MAIN_PATH, ...args]);

/** The shell command that runs antom-vault. */
export const shellCommand = `${process.execPath} ${MAIN_PATH}`;

/** Returns the environment plus `variables`, without other variables that affect the command, such as those for credentials, colors, and CI. */
export function createBareEnvironment(variables: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const pattern = /^(?:ANTOM_|NO_COLOR$|FORCE_|CI$|TERM|TMUX|VTE_|KITTY_|WT_|KONSOLE_|DISPLAY$|WAYLAND_|BROWSER$)/;
  const kept = Object.entries(process.env).filter(([name]) => !pattern.test(name));
  return { ...Object.fromEntries(kept), ...variables };
}

/** Starts the command in a directory, so that the command finds only a sandbox with its data in that directory. */
export const startCommandIn = (
  directory: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess => spawn(process.execPath, [MAIN_PATH, ...args], { cwd: directory, env: createBareEnvironment(env) });

/** Reads standard output until it matches `pattern`, and returns all output so far. */
export async function waitForOutput(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (!child.stdout) throw new Error("The process was started without pipes.");
  let written = "";
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    written += String(chunk);
    if (pattern.test(written)) return written;
  }
  throw new Error(`The process ended before its output matched ${pattern}.`);
}

/** Writes `input` to the standard input of a process, waits until the process exits, and returns its exit code and output. */
export async function waitForExit(
  child: ChildProcess,
  input = "",
): Promise<{ exitCode: unknown; stdout: string; stderr: string }> {
  if (!child.stdin || !child.stdout || !child.stderr) throw new Error("The process was started without pipes.");
  const ended = once(child, "exit");
  // A process can exit before it reads its input. Its exit code and output show why.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await ended;
  return { exitCode, stdout, stderr };
}

/** Creates a temporary directory. Disposing of the result removes the directory. */
export function createTemporaryDirectory(): { readonly path: string; readonly [Symbol.dispose]: () => void } {
  const path = mkdtempSync(join(tmpdir(), "antom-vault-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Returns the first line that a process writes to standard output. Discards the rest, so that the pipe does not fill up. */
export async function readFirstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("The process was started without pipes.");
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, "line")) as [string];
  return line;
}

export async function stopProcess(child: ChildProcess): Promise<unknown> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  return (await ended)[0];
}
