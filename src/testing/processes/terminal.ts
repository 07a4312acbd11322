/** A pseudo-terminal without a native module: by util-linux's `script`, or by Python's `pty`. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createBareEnvironment } from "./command.ts";

export interface Terminal extends Disposable {
  /** All that the terminal has been sent so far, escape sequences and all. */
  readonly output: () => string;
  /** Resolves once that was shown, after what was waited for before. */
  readonly waitFor: (pattern: RegExp) => Promise<void>;
  readonly type: (text: string) => void;
  /** The exit code. */
  readonly ended: Promise<number>;
}

const PYTHON = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(['/bin/sh', '-c', sys.argv[1]])))";

const canRun = (program: string, args: readonly string[], told: RegExp): boolean => {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 && told.test(stdout);
};

function findDriver(): ((command: string) => readonly [string, readonly string[]]) | undefined {
  if (canRun("script", ["--version"], /util-linux/)) return (command) => ["script", ["-qfec", command, "/dev/null"]];
  if (canRun("python3", ["-c", "import pty; print('pty')"], /pty/))
    return (command) => ["python3", ["-c", PYTHON, command]];
  return undefined;
}

const driver = findDriver();

/** Said where a test is skipped. */
export const NO_TERMINAL = "There is neither util-linux's script nor python3 here.";

/** Runs a line of a shell in a terminal; `undefined` where none can be made here. */
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
  let shown = "";
  let looked = 0;
  const waiting = new Set<() => void>();
  child.stdout.on("data", (chunk) => {
    shown += String(chunk);
    for (const look of waiting) look();
  });
  const ended = once(child, "close").then(([code]) => Number(code));
  return {
    output: () => shown,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const at = pattern.exec(shown.slice(looked));
          if (!at) return;
          looked += at.index + at[0].length;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended without ${pattern}: ${JSON.stringify(shown.slice(-400))}`)));
      }),
    type: (text) => void child.stdin.write(text),
    ended,
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}
