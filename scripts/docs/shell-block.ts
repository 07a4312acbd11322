/** Programs that the blocks of a guide start. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a program to its end. */
export async function finish(program: string, args: readonly string[], { cwd, env }: Place): Promise<Ended> {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { exitCode: Number(code ?? -1), stdout, stderr };
}

export interface Serving {
  /** What it has announced, up to and with its address. */
  readonly announced: string;
  readonly baseUrl: string;
  /** Stops it as Ctrl-C does, and gives its exit code. */
  readonly stop: () => Promise<number>;
}

/** Starts a command that serves until it is stopped, on any free port, and waits for its address. */
export async function serve(command: string, { cwd, env }: Place): Promise<Serving> {
  // By exec, so that what is stopped is the command and not a shell around it. What a guide sends to the sandbox may name a merchant's host, which
  // no test may even look up: no notification leaves it.
  const own = /antom-vault sandbox\b/.test(command) ? "--port 0 --no-deliver" : "--port 0";
  const child = spawn("sh", ["-c", `exec ${command.replace(/^npx /, "")} ${own}`], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let announced = "";
  let told = "";
  child.stderr.on("data", (chunk: Buffer) => {
    told += String(chunk);
  });
  const ended = once(child, "exit");
  const baseUrl = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      announced += String(chunk);
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(announced)?.[0];
      if (found !== undefined && announced.includes("Stop with Ctrl-C")) resolve(found);
    });
    ended.then(([code]) => reject(new Error(`${command} ended with ${code}: ${announced}${told}`)));
  });
  return {
    announced,
    baseUrl,
    stop: async () => {
      child.kill("SIGINT");
      return Number((await ended)[0] ?? -1);
    },
  };
}
