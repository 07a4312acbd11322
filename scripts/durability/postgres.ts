/** A PostgreSQL server of the proof's own, in a folder that is given. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { chmod, chown, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { freePort } from "../../src/testing/servers/free-port.ts";
import type { CleanUp } from "./clean-up.ts";
import { runProgram } from "./run-program.ts";

export interface PostgresServer {
  readonly url: string;
  /** Lets it answer commits before they are on the disk, from now on. The sandbox would refuse such a server, but has looked already. */
  readonly answerBeforeFlush: () => Promise<void>;
  /** SIGKILL to the server and all its processes. Resolves once they are gone. */
  readonly kill: () => Promise<void>;
}

/** The server refuses to run as root. */
async function serverUser(): Promise<{ readonly uid?: number; readonly gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  const found = lines.find(([name]) => name === "postgres") ?? lines.find(([name]) => name === "nobody");
  if (!found) throw new Error("As root the server needs a user postgres or nobody.");
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** Makes the folder of a server's data. */
export async function initPostgres(programs: string, folder: string): Promise<void> {
  const user = await serverUser();
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid);
  const args = ["-D", folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
  await runProgram(join(programs, "initdb"), args, { ...user, cwd: folder });
}

// Small and busy, so that a cut also meets checkpoints and new log segments. What makes a commit durable is as the vendor ships it; the
// log's writer matters only to commits that do not wait for it.
const SETTINGS = [
  "wal_writer_delay=10s",
  "shared_buffers=32MB",
  "max_wal_size=64MB",
  "min_wal_size=32MB",
  "checkpoint_timeout=30s",
];

/** Starts the server, and resolves once it takes connections: whatever had to be recovered is. */
export async function startPostgres(programs: string, folder: string, cleanUp: CleanUp): Promise<PostgresServer> {
  // They tell of a process, and hold a setting, of before the crash.
  await rm(join(folder, "postmaster.pid"), { force: true });
  await rm(join(folder, "postgresql.auto.conf"), { force: true });
  const port = await freePort();
  const settings = [...SETTINGS, "listen_addresses=127.0.0.1", "unix_socket_directories=", `port=${port}`];
  const child = spawn(join(programs, "postgres"), ["-D", folder, ...settings.flatMap((each) => ["-c", each])], {
    ...(await serverUser()),
    cwd: folder,
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const gone = once(child, "close");
  const kill = cleanUp.add(async () => {
    const children = await childrenOf(child.pid);
    child.kill("SIGKILL");
    for (const pid of children) killIfThere(pid);
    // Its standard error is open as long as one of them lives.
    await gone;
  });
  await ready(child);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return {
    url,
    kill,
    answerBeforeFlush: async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query("alter system set synchronous_commit = off");
      await client.query("select pg_reload_conf()");
      await client.end();
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  if (!child.stderr) throw new Error("The server has no pipe.");
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    said.push(line);
    if (!line.includes("ready to accept connections")) continue;
    child.stderr.resume();
    return;
  }
  throw new Error(`PostgreSQL did not start: ${said.slice(-5).join(" ")}`);
}

/** Each of the server's processes leads a group of its own, so that no signal to a group reaches them all. */
async function childrenOf(parent: number | undefined): Promise<readonly number[]> {
  if (!existsSync("/proc")) return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      // The second field is a name in brackets, which may hold anything.
      const [, ppid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(ppid) === parent ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was faster.
  }
}
