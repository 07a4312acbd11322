/** A real PostgreSQL server of a test's own: from the system's binaries, in a fresh folder, gone with whoever started it. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { findFreePort } from "./free-port.ts";

export interface PostgresServer extends AsyncDisposable {
  /** Of the database that every server has. */
  readonly url: string;
  readonly dataDirectory: string;
  /** The address of a fresh, empty database. Options go behind `create database`. */
  readonly newDatabase: (options?: string) => Promise<string>;
  /** Runs statements as the server's owner, each outside a transaction, in a database of this server. */
  readonly run: (statements: readonly string[], url?: string) => Promise<void>;
  /** Sends a signal to the server and all its processes. Of one that ends them, it waits for the end. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  /** Starts it again on the same port and folder; ends it before where it runs. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Where the binaries are, or `undefined`. */
export function findPostgresBinaries(): string | undefined {
  const configured = spawnSync("pg_config", ["--bindir"], { encoding: "utf8" }).stdout?.trim();
  const folders = [
    ...(configured ? [configured] : []),
    ...globSync("/usr/lib/postgresql/*/bin").sort().reverse(),
    "/usr/local/bin",
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

let warned = false;

/** Why there is no server, told once. */
export function getPostgresSkipReason(): string | undefined {
  if (findPostgresBinaries() !== undefined) return undefined;
  const why =
    "The tests on PostgreSQL are skipped: there are no programs `initdb` and `postgres`. Install them, for example: apt-get install postgresql.";
  if (!warned) console.warn(why);
  warned = true;
  return why;
}

/**
 * Ends the server and removes its folder as soon as its standard input ends, which is when whoever started it stops it or is no longer
 * there. It ignores a broken pipe: nobody may be there to read what it says.
 */
const SUPERVISOR = `
trap '' PIPE
folder=$1; shift
"$@" & server=$!
echo "pid $server"
exec 3<&0
( cat <&3 >/dev/null; kill -QUIT "$server" 2>/dev/null ) &
wait "$server"
echo ended
wait
rm -rf "$folder"
`;

const SETTINGS = [
  "listen_addresses = '127.0.0.1'",
  "unix_socket_directories = ''",
  "max_connections = 60",
  "shared_buffers = '32MB'",
  "deadlock_timeout = '200ms'",
];

export interface PostgresOptions {
  /** An existing directory, in which the server's own directory is created. */
  readonly parent?: string;
  /** Additional lines for `postgresql.conf`. */
  readonly settings?: readonly string[];
}

/** Starts a server, or says loudly that there is none and gives `undefined`. */
export async function startPostgres({
  parent = tmpdir(),
  settings = [],
}: PostgresOptions = {}): Promise<PostgresServer | undefined> {
  const binaries = findPostgresBinaries();
  if (binaries === undefined) {
    getPostgresSkipReason();
    return undefined;
  }
  const user = findUnprivilegedUser();
  const folder = mkdtempSync(join(parent, "antom-vault-postgres-"));
  if (user) chownSync(folder, user.uid, user.gid);
  const dataFolder = join(folder, "data");
  const options = { cwd: "/", env: { ...process.env, LC_ALL: "C" }, ...user };
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const initdb = ["-D", dataFolder, "-U", "antom", "-A", "trust", "--locale=C", "-E", "UTF8", "--no-sync"];
    await waitForSuccess(spawn(join(binaries, "initdb"), initdb, options));
    await appendFile(join(dataFolder, "postgresql.conf"), `${[...SETTINGS, ...settings].join("\n")}\n`);
  } catch (error) {
    removeFolder();
    throw error;
  }
  const supervisors: Supervisor[] = [];
  const start = async (port: number) => {
    const program = [join(binaries, "postgres"), "-D", dataFolder, "-p", String(port)];
    const started = supervise(
      spawn("sh", ["-c", SUPERVISOR, "supervisor", folder, ...program], { ...options, detached: true }),
    );
    supervisors.push(started);
    await started.ready;
    return started;
  };
  const stop = async () => {
    for (const { release } of supervisors) release();
    await Promise.all(supervisors.map(({ exited }) => exited));
    removeFolder();
  };
  try {
    // Between the look for a free port and its use somebody else may take it.
    return await retry(async () => {
      const port = await findFreePort();
      return createServerHandle({ port, dataDirectory: dataFolder, server: await start(port), start, stop });
    });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Supervisor {
  readonly pid: Promise<number>;
  /** Rejects where it ends before it is ready, with what it said. */
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  readonly exited: Promise<unknown>;
  readonly release: () => void;
}

interface ServerParts {
  readonly port: number;
  readonly dataDirectory: string;
  readonly server: Supervisor;
  readonly start: (port: number) => Promise<Supervisor>;
  readonly stop: () => Promise<void>;
}

function createServerHandle({ port, dataDirectory, server, start, stop }: ServerParts): PostgresServer {
  const urlOf = (database: string) => `postgres://antom@127.0.0.1:${port}/${database}`;
  let current: Supervisor | undefined = server;
  let databases = 0;
  const run = async (statements: readonly string[], url = urlOf("postgres")) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const each of statements) await client.query(each);
    } finally {
      await client.end();
    }
  };
  const kill = async (signal: NodeJS.Signals) => {
    if (!current) return;
    const { pid, ended } = current;
    for (const each of [...listChildren(await pid), await pid]) sendSignal(each, signal);
    if (signal === "SIGSTOP" || signal === "SIGCONT") return;
    await ended;
    // A process that it had started a moment before has not been sent the signal, and may hold the port until it sees that it is alone.
    while (await isPortInUse(port)) await sleep(10);
    current = undefined;
  };
  return {
    url: urlOf("postgres"),
    dataDirectory,
    newDatabase: async (options = "") => {
      databases += 1;
      await run([`create database test${databases} ${options}`]);
      return urlOf(`test${databases}`);
    },
    run,
    kill,
    restart: async () => {
      await kill("SIGINT");
      // The processes of one that was killed may still hold its memory.
      current = await retry(() => start(port));
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function supervise(process: ChildProcessWithoutNullStreams): Supervisor {
  const gone = once(process, "exit");
  let said = "";
  const pid = Promise.withResolvers<number>();
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  createInterface(process.stdout).on("line", (line) => {
    if (line.startsWith("pid ")) pid.resolve(Number(line.slice(4)));
    if (line !== "ended") return;
    ended.resolve();
    ready.reject(new Error(`PostgreSQL ended: ${said}`));
  });
  createInterface(process.stderr).on("line", (line) => {
    said = `${said}\n${line}`.slice(-2000);
    if (line.includes("ready to accept connections")) ready.resolve();
  });
  process.stdin.on("error", () => {});
  return {
    pid: pid.promise,
    ready: ready.promise,
    ended: ended.promise,
    exited: gone,
    release: () => process.stdin.end(),
  };
}

/** PostgreSQL refuses to be run by root. */
function findUnprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: "-u" | "-g", user: string) => {
    const { status, stdout } = spawnSync("id", [flag, user], { encoding: "utf8" });
    return status === 0 ? Number(stdout) : undefined;
  };
  for (const user of ["postgres", "nobody"]) {
    const [uid, gid] = [idOf("-u", user), idOf("-g", user)];
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error("There is no user postgres or nobody to run PostgreSQL.");
}

/** Whether anybody holds a port of 127.0.0.1: what ends in anything but a refusal met somebody. */
async function isPortInUse(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ECONNREFUSED";
  } finally {
    socket.destroy();
  }
}

function listChildren(pid: number): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  const list = existsSync(file)
    ? readFileSync(file, "utf8")
    : spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" }).stdout;
  return (list ?? "").split(/\s+/).filter(Boolean).map(Number);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

async function waitForSuccess(process: ChildProcessWithoutNullStreams): Promise<void> {
  let said = "";
  process.stderr.on("data", (data) => {
    said += String(data);
  });
  process.stdout.resume();
  const [code] = await once(process, "close");
  if (code !== 0) throw new Error(`${dirname(process.spawnfile)}: initdb ended with ${code}: ${said}`);
}

async function retry<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
