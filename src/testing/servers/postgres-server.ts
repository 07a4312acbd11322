/** A temporary PostgreSQL server that uses the system's binaries and stops with the process that started it. */
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
  /** The connection URL of the default database. */
  readonly url: string;
  readonly dataDirectory: string;
  /** Creates an empty database and returns its connection URL. `options` is appended to the CREATE DATABASE statement. */
  readonly createDatabase: (options?: string) => Promise<string>;
  /** Runs statements as the superuser, without a transaction. */
  readonly run: (statements: readonly string[], url?: string) => Promise<void>;
  /** Sends a signal to the server and its child processes. Waits until they have ended, unless the signal is SIGSTOP or SIGCONT. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  /** Stops the server if it is running, and starts it on the same port with the same directory. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Returns the directory of the binaries, or `undefined` if PostgreSQL is not installed. */
export function findPostgresBinaries(): string | undefined {
  const configured = spawnSync("pg_config", ["--bindir"], { encoding: "utf8" }).stdout?.trim();
  const directories = [
    ...(configured ? [configured] : []),
    ...globSync("/usr/lib/postgresql/*/bin").sort().reverse(),
    "/usr/local/bin",
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
  return directories.find(
    (directory) => existsSync(join(directory, "initdb")) && existsSync(join(directory, "postgres")),
  );
}

let warned = false;

/** Returns the reason for skipping the PostgreSQL tests, or `undefined` if PostgreSQL is installed. Prints the reason once. */
export function getPostgresSkipReason(): string | undefined {
  if (findPostgresBinaries() !== undefined) return undefined;
  const reason =
    "The PostgreSQL tests are skipped because `initdb` and `postgres` are missing. Install them, for example: apt-get install postgresql";
  if (!warned) console.warn(reason);
  warned = true;
  return reason;
}

/**
 * A shell script that runs the server. When its standard input ends, because the parent process closed it or exited, the script stops the server
 * and removes the directory. The script ignores SIGPIPE, because the parent might have exited.
 */
const SUPERVISOR = `
trap '' PIPE
directory=$1; shift
"$@" & server=$!
echo "pid $server"
exec 3<&0
( cat <&3 >/dev/null; kill -QUIT "$server" 2>/dev/null ) &
wait "$server"
echo ended
wait
rm -rf "$directory"
`;

const SETTINGS = [
  "listen_addresses = '127.0.0.1'",
  "unix_socket_directories = ''",
  "max_connections = 60",
  "shared_buffers = '32MB'",
  "deadlock_timeout = '200ms'",
];

export interface PostgresOptions {
  /** An existing directory that will contain the server's directory. */
  readonly parent?: string;
  /** Additional lines for `postgresql.conf`. */
  readonly settings?: readonly string[];
}

/** Starts a server. If PostgreSQL is not installed, prints a warning and returns `undefined`. */
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
  const directory = mkdtempSync(join(parent, "antom-vault-postgres-"));
  if (user) chownSync(directory, user.uid, user.gid);
  const dataDirectory = join(directory, "data");
  const options = { cwd: "/", env: { ...process.env, LC_ALL: "C" }, ...user };
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
  try {
    const initdb = ["-D", dataDirectory, "-U", "antom", "-A", "trust", "--locale=C", "-E", "UTF8", "--no-sync"];
    await waitForInitdb(spawn(join(binaries, "initdb"), initdb, options));
    await appendFile(join(dataDirectory, "postgresql.conf"), `${[...SETTINGS, ...settings].join("\n")}\n`);
  } catch (error) {
    removeDirectory();
    throw error;
  }
  const supervisors: Supervisor[] = [];
  const start = async (port: number) => {
    const program = [join(binaries, "postgres"), "-D", dataDirectory, "-p", String(port)];
    const started = supervise(
      spawn("sh", ["-c", SUPERVISOR, "supervisor", directory, ...program], { ...options, detached: true }),
    );
    supervisors.push(started);
    await started.ready;
    return started;
  };
  const stop = async () => {
    for (const { release } of supervisors) release();
    await Promise.all(supervisors.map(({ exited }) => exited));
    removeDirectory();
  };
  try {
    // A different process might bind the free port first.
    return await retry(async () => {
      const port = await findFreePort();
      return createServerHandle({ port, dataDirectory, server: await start(port), start, stop });
    });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Supervisor {
  readonly pid: Promise<number>;
  /** Rejects with the log if the server ends before it is ready. */
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
  const createUrl = (database: string) => `postgres://antom@127.0.0.1:${port}/${database}`;
  let current: Supervisor | undefined = server;
  let databases = 0;
  const run = async (statements: readonly string[], url = createUrl("postgres")) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const kill = async (signal: NodeJS.Signals) => {
    if (!current) return;
    const { pid, ended } = current;
    for (const id of [...listChildren(await pid), await pid]) sendSignal(id, signal);
    if (signal === "SIGSTOP" || signal === "SIGCONT") return;
    await ended;
    // A child that started after listChildren did not receive the signal. It keeps the port open until it notices that its parent has exited.
    while (await isPortInUse(port)) await sleep(10);
    current = undefined;
  };
  return {
    url: createUrl("postgres"),
    dataDirectory,
    createDatabase: async (options = "") => {
      databases += 1;
      await run([`create database test${databases} ${options}`]);
      return createUrl(`test${databases}`);
    },
    run,
    kill,
    restart: async () => {
      await kill("SIGINT");
      // Processes of a killed server might still be using its shared memory.
      current = await retry(() => start(port));
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function supervise(process: ChildProcessWithoutNullStreams): Supervisor {
  const exited = once(process, "exit");
  let log = "";
  const pid = Promise.withResolvers<number>();
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  createInterface(process.stdout).on("line", (line) => {
    if (line.startsWith("pid ")) pid.resolve(Number(line.slice(4)));
    if (line !== "ended") return;
    ended.resolve();
    ready.reject(new Error(`PostgreSQL ended before it was ready: ${log}`));
  });
  createInterface(process.stderr).on("line", (line) => {
    log = `${log}\n${line}`.slice(-2000);
    if (line.includes("ready to accept connections")) ready.resolve();
  });
  process.stdin.on("error", () => {});
  return {
    pid: pid.promise,
    ready: ready.promise,
    ended: ended.promise,
    exited,
    release: () => process.stdin.end(),
  };
}

/** Returns an unprivileged user for PostgreSQL, which cannot run as root. Returns `undefined` if this process does not run as root. */
function findUnprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const readId = (flag: "-u" | "-g", user: string) => {
    const { status, stdout } = spawnSync("id", [flag, user], { encoding: "utf8" });
    return status === 0 ? Number(stdout) : undefined;
  };
  for (const user of ["postgres", "nobody"]) {
    const [uid, gid] = [readId("-u", user), readId("-g", user)];
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error("PostgreSQL cannot run as root. Create the user postgres.");
}

/** Returns whether a port on 127.0.0.1 is in use. */
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
  const list = existsSync("/proc/self/task")
    ? readChildren(`/proc/${pid}/task/${pid}/children`)
    : spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" }).stdout;
  return (list ?? "").split(/\s+/).filter(Boolean).map(Number);
}

function readChildren(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The process has ended.
    return "";
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has already ended.
  }
}

async function waitForInitdb(process: ChildProcessWithoutNullStreams): Promise<void> {
  let log = "";
  process.stderr.on("data", (data) => {
    log += String(data);
  });
  process.stdout.resume();
  const [code] = await once(process, "close");
  if (code !== 0) throw new Error(`initdb in ${dirname(process.spawnfile)} ended with exit code ${code}: ${log}`);
}

async function retry<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 10) throw error;
      await sleep(100);
    }
  }
}
