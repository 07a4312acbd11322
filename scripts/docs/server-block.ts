/** Starts the server of a code block. */
import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { waitForOutput } from "../../src/testing/processes/command.ts";

export interface RunningCommand {
  /** The output until the server is ready. */
  readonly output: string;
  readonly baseUrl: string;
  /** Stops the server as Ctrl-C does. Resolves to the exit code. */
  readonly stop: () => Promise<unknown>;
}

/** Starts the command on a free port, and waits until it is ready. */
export async function startCommand(command: string, spawnOptions: SpawnOptions): Promise<RunningCommand> {
  // Uses exec, so that the signal reaches the command instead of a shell. The sandbox sends no notifications, because a guide's request can name a
  // merchant's host, which tests must not look up.
  const options = /antom-vault sandbox\b/.test(command) ? "--port 0 --no-notifications" : "--port 0";
  const line = `exec ${command.replace(/^npx /, "")} ${options}`;
  const child = spawn("sh", ["-c", line], { ...spawnOptions, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const announced = await waitForOutput(child, /https?:\/\/127\.0\.0\.1:\d+[\s\S]*Stop with Ctrl-C/);
  // An unread pipe would fill up and block the server.
  child.stdout?.resume();
  return {
    output: announced,
    baseUrl: /https?:\/\/127\.0\.0\.1:\d+/.exec(announced)?.[0] ?? "",
    stop: async () => {
      child.kill("SIGINT");
      return (await ended)[0];
    },
  };
}
