/** Runs a program that uses the store in a separate process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Another user and group, for root only. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Its next line on standard output, read as JSON. Rejects where it ends before, with what it said on standard error. */
  readonly readLine: () => Promise<unknown>;
  /** Writes a value as a line of JSON to its standard input. */
  readonly send: (value: unknown) => void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

const STORE = join(import.meta.dirname, "../../sandbox/store");

/**
 * Runs JavaScript in which `load("sqlite.ts")` imports a file of the store and `say(value)` writes a line.
 * It ends with its standard input and not before, so that it never outlives a test.
 */
export function startProgram(code: string, { env = {}, user = undefined }: ProgramOptions = {}): Program {
  // A stream that nobody reads never comes to its end.
  const reads = code.includes("process.stdin");
  const head = `
    const load = (file) => import(${JSON.stringify(`${pathToFileURL(STORE)}/`)} + file);
    const say = (value) => console.log(JSON.stringify(value));
    const told = (error) => ({ name: error.name, code: error.code, message: error.message });
    process.stdin.on("end", () => process.exit(0));
    ${reads ? "" : "process.stdin.resume();"}
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", head + code], {
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
      if (done) throw new Error(`The program ended with ${await ended} and: ${stderr}`);
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
