/** Runs, in a separate process, a program that uses the store. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The user and group that the program runs as. Default: those of the test. Setting this option requires root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Parses the next line of standard output as JSON. If the program ends first, rejects with an error that contains its standard error. */
  readonly readLine: () => Promise<unknown>;
  /** Writes a value as a JSON line to standard input. */
  readonly send: (value: unknown) => void;
  /** The exit code, or the signal that ended the program. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

const STORE = join(import.meta.dirname, "../../sandbox/store");

/**
 * Runs a JavaScript program, in which `load("sqlite.ts")` imports a file of the store, and `print(value)` writes a JSON line.
 * The program ends when its standard input ends, so that it never outlives a test.
 */
export function startProgram(code: string, { env = {}, user = undefined }: ProgramOptions = {}): Program {
  // A stream emits no end event until it is read.
  const readsInput = code.includes("process.stdin");
  const prelude = `
    const load = (file) => import(${JSON.stringify(`${pathToFileURL(STORE)}/`)} + file);
    const print = (value) => console.log(JSON.stringify(value));
    const describeError = (error) => ({ name: error.name, code: error.code, message: error.message });
    process.stdin.on("end", () => process.exit(0));
    ${readsInput ? "" : "process.stdin.resume();"}
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", prelude + code], {
    env: { ...process.env, ...env },
    cwd: STORE,
    ...user,
  });
  let stderr = "";
  child.stderr.on("data", (data) => {
    stderr += String(data);
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, "exit").then(([exitCode, signal]) => (exitCode ?? signal) as number | NodeJS.Signals);
  return {
    pid: child.pid ?? 0,
    readLine: async () => {
      const { done, value } = await lines.next();
      if (done) throw new Error(`The program ended with ${await ended}: ${stderr}`);
      return JSON.parse(value) as unknown;
    },
    send: (value) => void child.stdin.write(`${JSON.stringify(value)}\n`),
    ended,
    kill: (signal) => void child.kill(signal),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
