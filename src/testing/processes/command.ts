/** Runs the command as a test sees it: in this process, or in one of its own. */
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
 * Runs the command in this process as {@link startCommandIn} does in one of its own: in a directory, with a bare environment. Both are the whole
 * process's until it ends, so run one at a time.
 */
export async function runCommandIn(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  onStdout?: (all: string) => void,
): Promise<CommandResult> {
  const before = { folder: process.cwd(), env: { ...process.env } };
  process.chdir(folder);
  replaceEnvironment(createBareEnvironment(env));
  try {
    return await capture(args, onStdout);
  } finally {
    process.chdir(before.folder);
    replaceEnvironment(before.env);
  }
}

/** In place: programs that are started inherit the real environment, not an object that stands for it. */
function replaceEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  Object.assign(process.env, env);
}

const MAIN_PATH = join(import.meta.dirname, "../../cli/main.ts");

export const startCommand = (...args: readonly string[]): ChildProcess => spawn(process.execPath, [MAIN_PATH, ...args]);

/** How it is called in a shell. */
export const shellCommand = `${process.execPath} ${MAIN_PATH}`;

/** The environment without what would change a command's ways: credentials, colours, a CI. */
export function createBareEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const decides = /^(?:ANTOM_|NO_COLOR$|FORCE_|CI$|TERM|TMUX|VTE_|KITTY_|WT_|KONSOLE_|DISPLAY$|WAYLAND_|BROWSER$)/;
  const kept = Object.entries(process.env).filter(([name]) => !decides.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

/** Starts it in a folder of its own, so that it finds no sandbox but one that runs there. */
export const startCommandIn = (
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess => spawn(process.execPath, [MAIN_PATH, ...args], { cwd: folder, env: createBareEnvironment(env) });

/** All that a process has written to standard output so far, and its end once `pattern` is in it. */
export async function waitForOutput(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (!child.stdout) throw new Error("the process has no pipes");
  let written = "";
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    written += String(chunk);
    if (pattern.test(written)) return written;
  }
  throw new Error(`the process ended without ${pattern}`);
}

/** Runs it to its end in a process of its own, with a text for standard input. */
export async function waitForExit(
  child: ChildProcess,
  input = "",
): Promise<{ exitCode: unknown; stdout: string; stderr: string }> {
  if (!child.stdin || !child.stdout || !child.stderr) throw new Error("the process has no pipes");
  const ended = once(child, "exit");
  // A process that ends before it reads its input is no failure: its exit code and its output say what happened.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await ended;
  return { exitCode, stdout, stderr };
}

/** A folder that is gone after use. */
export function createTemporaryDirectory(): { readonly path: string; readonly [Symbol.dispose]: () => void } {
  const path = mkdtempSync(join(tmpdir(), "antom-vault-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The first line that a process writes; the rest is read, so that no pipe fills up. */
export async function readFirstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("the process has no pipes");
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, "line")) as [string];
  return line;
}

export async function stopProcess(child: ChildProcess): Promise<unknown> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  return (await ended)[0];
}
