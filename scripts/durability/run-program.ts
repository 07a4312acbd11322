import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs one of the system's programs to its end, and gives what it printed. Rejects where it fails, with what it said. */
export async function runProgram(
  program: string,
  args: readonly string[],
  user: { readonly uid?: number; readonly gid?: number; readonly cwd?: string } = {},
): Promise<string> {
  const env = { ...process.env, LC_ALL: "C", PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` };
  const { stdout } = await execute(program, [...args], { env, ...user, timeout: 60_000 });
  return stdout.trim();
}
