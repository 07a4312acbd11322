/** A command that a block of a guide starts, and that serves until it is stopped. */
import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { waitForOutput } from "../../src/testing/processes/command.ts";

export interface RunningCommand {
  /** What it has announced, up to and with its address. */
  readonly output: string;
  readonly baseUrl: string;
  /** Stops it as Ctrl-C does, and gives its exit code. */
  readonly stop: () => Promise<unknown>;
}

/** Starts the command on any free port, and waits for its address. */
export async function startCommand(command: string, place: SpawnOptions): Promise<RunningCommand> {
  // By exec, so that what is stopped is the command and not a shell around it. What a guide sends to the sandbox may name a merchant's host, which
  // no test may even look up: no notification leaves it.
  const own = /antom-vault sandbox\b/.test(command) ? "--port 0 --no-notifications" : "--port 0";
  const line = `exec ${command.replace(/^npx /, "")} ${own}`;
  const child = spawn("sh", ["-c", line], { ...place, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const announced = await waitForOutput(child, /http:\/\/127\.0\.0\.1:\d+[\s\S]*Stop with Ctrl-C/);
  // A pipe that nobody reads would fill up.
  child.stdout?.resume();
  return {
    output: announced,
    baseUrl: /http:\/\/127\.0\.0\.1:\d+/.exec(announced)?.[0] ?? "",
    stop: async () => {
      child.kill("SIGINT");
      return (await ended)[0];
    },
  };
}
