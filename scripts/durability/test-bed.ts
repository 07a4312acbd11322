/** What a crash is tried on: an engine, the place of its data, and a way to crash. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineName } from "../../src/sandbox/store/database-engine.ts";
import { postgresBinaries } from "../../src/testing/servers/postgres-server.ts";
import { createDevice, type Device } from "./block-device.ts";
import type { CleanUp } from "./clean-up.ts";
import { initPostgres, type PostgresServer, startPostgres } from "./postgres.ts";
import { type SandboxProcess, type Synchronous, startSandboxProcess } from "./sandbox-process.ts";

export type Crash = "kill" | "power-cut";

export interface Ground {
  /** Starts the sandbox on what the last crash has left. */
  readonly start: () => Promise<SandboxProcess>;
  readonly crash: (sandbox: SandboxProcess) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface GroundOptions {
  readonly engine: EngineName;
  readonly crash: Crash;
  /** `FULL`: a commit is on the disk when it is answered. `NORMAL`: on neither engine. */
  readonly synchronous: Synchronous;
  readonly cleanUp: CleanUp;
}

/** PostgreSQL brings its log segments. */
const DEVICE_MEBIBYTES = { sqlite: 512, postgresql: 768 } as const satisfies Record<EngineName, number>;

export const openGround = (options: GroundOptions): Promise<Ground> =>
  options.crash === "kill" ? openFolder(options) : openDevice(options);

/** Folders on the machine's own disk. The database server, where there is one, outlives the crash. */
async function openFolder({ engine, synchronous, cleanUp }: GroundOptions): Promise<Ground> {
  const newFolder = async () => {
    const path = await mkdtemp(join(tmpdir(), "antom-vault-durability-"));
    return { path, remove: cleanUp.add(() => rm(path, { recursive: true, force: true })) };
  };
  const data = await newFolder();
  // Of its own, as the server's user must reach it, and nobody else may reach the sandbox's.
  const cluster = await newFolder();
  let server: PostgresServer | undefined;
  if (engine === "postgresql") {
    const programs = requirePrograms();
    await initPostgres(programs, cluster.path);
    server = await startPostgres(programs, cluster.path, cleanUp);
  }
  return {
    start: () => startSandboxProcess({ data: data.path, database: server?.url, synchronous, cleanUp }),
    crash: (sandbox) => sandbox.kill(),
    close: async () => {
      await server?.kill();
      await Promise.all([data.remove(), cluster.remove()]);
    },
  };
}

/** A disk of its own, on which all is lost that was not flushed: of the database server too. */
async function openDevice({ engine, synchronous, cleanUp }: GroundOptions): Promise<Ground> {
  const device: Device = await createDevice(cleanUp, DEVICE_MEBIBYTES[engine]);
  const programs = engine === "postgresql" ? requirePrograms() : undefined;
  const cluster = () => join(device.folder(), "postgresql");
  if (programs !== undefined) {
    await initPostgres(programs, cluster());
    await device.settle();
  }
  let server: PostgresServer | undefined;
  return {
    start: async () => {
      if (programs !== undefined) server = await startPostgres(programs, cluster(), cleanUp);
      const data = join(device.folder(), "sandbox");
      const sandbox = await startSandboxProcess({ data, database: server?.url, synchronous, cleanUp });
      if (synchronous === "NORMAL") await server?.answerBeforeFlush();
      return sandbox;
    },
    crash: (sandbox) =>
      device.cut(async () => {
        await Promise.all([sandbox.kill(), server?.kill()]);
      }),
    close: async () => {
      await server?.kill();
      await device.close();
    },
  };
}

function requirePrograms(): string {
  const programs = postgresBinaries();
  if (programs === undefined) throw new Error("There is no PostgreSQL on this machine.");
  return programs;
}
