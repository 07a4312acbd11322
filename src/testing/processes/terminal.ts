/** Runs commands in a pseudo-terminal, without a native module: with `script` from util-linux, or with Python's `pty`. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createBareEnvironment } from "./command.ts";

export interface Terminal extends Disposable {
  /** Everything that the terminal has received, including escape sequences. */
  readonly output: () => string;
  /** Resolves when the output after the previous match matches `pattern`. */
  readonly waitFor: (pattern: RegExp) => Promise<void>;
  readonly type: (text: string) => void;
  /** Resolves to the exit code. */
  readonly ended: Promise<number>;
}

const PYTHON = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(['/bin/sh', '-c', sys.argv[1]])))";

const canRun = (program: string, args: readonly string[], expected: RegExp): boolean => {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 && expected.test(stdout);
};

function findDriver(): ((command: string) => readonly [string, readonly string[]]) | undefined {
  if (canRun("script", ["--version"], /util-linux/)) return (command) => ["script", ["-qfec", command, "/dev/null"]];
  if (canRun("python3", ["-c", "import pty; print('pty')"], /pty/))
    return (command) => ["python3", ["-c", PYTHON, command]];
  return undefined;
}

const driver = findDriver();

/** The reason for skipping a test if openTerminal returns `undefined`. */
export const NO_TERMINAL = "Requires util-linux's script or python3.";

/** Runs a shell command in a terminal. Returns `undefined` if no terminal can be created. */
export function openTerminal(
  command: string,
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Terminal | undefined {
  if (!driver) return undefined;
  const [program, args] = driver(command);
  const child = spawn(program, args, {
    cwd,
    env: createBareEnvironment({ TERM: "xterm-256color", SHELL: "/bin/sh", ...env }),
  });
  let output = "";
  let matchedEnd = 0;
  const waiting = new Set<() => void>();
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
    for (const check of waiting) check();
  });
  const ended = once(child, "close").then(([code]) => Number(code));
  return {
    output: () => output,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = pattern.exec(output.slice(matchedEnd));
          if (!match) return;
          matchedEnd += match.index + match[0].length;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
        void ended.then(() =>
          reject(
            new Error(
              `The terminal closed before its output matched ${pattern}: ${JSON.stringify(output.slice(-400))}`,
            ),
          ),
        );
      }),
    type: (text) => void child.stdin.write(text),
    ended,
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}
