/** What a crash is tried on: an engine, the place of its data, and a way to crash. */
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
  /** `FULL`: a commit is on the disk when it is answered. `NORMAL`: on neither engine. */
  readonly synchronous: Synchronous;
  readonly cleanUp: CleanUp;
}

/** PostgreSQL brings its log segments. */
const DEVICE_MEBIBYTES = { sqlite: 512, postgresql: 768 } as const satisfies Record<EngineName, number>;

// Small and busy, so that a cut also meets checkpoints and new log segments. What makes a commit durable is as PostgreSQL ships it; the
// log's writer matters only to commits that do not wait for it.
const POSTGRES_SETTINGS = [
  "wal_writer_delay = '10s'",
  "max_wal_size = '64MB'",
  "min_wal_size = '32MB'",
  "checkpoint_timeout = '30s'",
];

export type TestBed = Awaited<ReturnType<typeof openTestBed>>;

/** A power cut needs a disk of its own, on which the database server loses what it did not flush, too. It outlives the kill of a sandbox. */
export async function openTestBed({ engine, crash, synchronous, cleanUp }: TestBedOptions) {
  const device = crash === "power-cut" ? await createDevice(cleanUp, DEVICE_MEBIBYTES[engine]) : undefined;
  const folder = device?.folder ?? (await mkdtemp(join(tmpdir(), "antom-vault-durability-")));
  const remove = cleanUp.add(() => device?.close() ?? rm(folder, { recursive: true, force: true }));
  // The database server runs under a user of its own, who passes through. The sandbox closes its own directory to others.
  await chmod(folder, 0o711);
  const server =
    engine === "postgresql" ? await startPostgres({ parent: folder, settings: POSTGRES_SETTINGS }) : undefined;
  if (engine === "postgresql" && server === undefined) throw new Error("There is no PostgreSQL on this machine.");
  const stopServer = cleanUp.add(async () => server?.stop());
  await device?.flush();
  let crashed = false;

  return {
    /** Starts the sandbox on what the last crash has left. */
    start: async (): Promise<SandboxProcess> => {
      if (server && device && crashed) {
        // They are about a process, and contain a setting, from before the crash.
        for (const stale of ["postmaster.pid", "postgresql.auto.conf"]) {
          await rm(join(server.dataDirectory, stale), { force: true });
        }
        await server.restart();
      }
      const data = join(folder, "sandbox");
      const sandbox = await startSandboxProcess({ data, database: server?.url, synchronous, cleanUp });
      // The sandbox rejects such a server, but has checked already.
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
