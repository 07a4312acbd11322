/** The environment of a crash test: a database engine, its data, and a way to cause the crash. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineName } from "../../src/sandbox/store/database-engine.ts";
import { startPostgres } from "../../src/testing/servers/postgres-server.ts";
import { createDevice } from "./block-device.ts";
import type { CleanUp } from "./clean-up.ts";
import { type SandboxProcess, type Synchronous, startSandboxProcess } from "./sandbox-process.ts";

export interface TestBedOptions {
  readonly engine: EngineName;
  readonly crash: "kill" | "power-cut";
  /** `FULL`: a commit is on the disk before the sandbox responds. `NORMAL`: the commit might not be on the disk yet. */
  readonly synchronous: Synchronous;
  readonly cleanUp: CleanUp;
}

/** PostgreSQL needs additional space for its log segments. */
const DEVICE_MEBIBYTES = { sqlite: 512, postgresql: 768 } as const satisfies Record<EngineName, number>;

// Use small limits, so that power cuts also interrupt checkpoints and the creation of log segments. The settings for durable commits keep
// PostgreSQL's defaults. The delay of the WAL writer affects only commits that do not wait for a flush.
const POSTGRES_SETTINGS = [
  "wal_writer_delay = '10s'",
  "max_wal_size = '64MB'",
  "min_wal_size = '32MB'",
  "checkpoint_timeout = '30s'",
];

export type TestBed = Awaited<ReturnType<typeof openTestBed>>;

/** Creates the environment. For power cuts, this includes a separate disk, which also contains the data of the database server. */
export async function openTestBed({ engine, crash, synchronous, cleanUp }: TestBedOptions) {
  const device = crash === "power-cut" ? await createDevice(cleanUp, DEVICE_MEBIBYTES[engine]) : undefined;
  const directory = device?.directory ?? (await mkdtemp(join(tmpdir(), "antom-vault-durability-")));
  const remove = cleanUp.add(() => device?.close() ?? rm(directory, { recursive: true, force: true }));
  // The database server runs as a different user, which needs access to subdirectories. The sandbox makes its own directory private.
  await chmod(directory, 0o711);
  const server =
    engine === "postgresql" ? await startPostgres({ parent: directory, settings: POSTGRES_SETTINGS }) : undefined;
  if (engine === "postgresql" && server === undefined) throw new Error("PostgreSQL is not installed.");
  const stopServer = cleanUp.add(async () => server?.stop());
  await device?.flush();
  let crashed = false;

  return {
    /** Starts the sandbox on the data that the last crash left behind. */
    start: async (): Promise<SandboxProcess> => {
      if (server && device && crashed) {
        // These files contain the PID and the settings of the previous server process.
        for (const stale of ["postmaster.pid", "postgresql.auto.conf"]) {
          await rm(join(server.dataDirectory, stale), { force: true });
        }
        await server.restart();
      }
      const data = join(directory, "sandbox");
      const sandbox = await startSandboxProcess({ data, database: server?.url, synchronous, cleanUp });
      // Change this setting after the sandbox has started, because the sandbox does not start if the server has this setting.
      if (synchronous === "NORMAL")
        await server?.run(["alter system set synchronous_commit = off", "select pg_reload_conf()"]);
      return sandbox;
    },
    crash: async (sandbox: SandboxProcess): Promise<void> => {
      crashed = true;
      if (!device) return sandbox.kill();
      await device.cut(async () => {
        await Promise.all([sandbox.kill(), server?.kill("SIGKILL")]);
      });
    },
    close: async (): Promise<void> => {
      await stopServer();
      await remove();
    },
  };
}
