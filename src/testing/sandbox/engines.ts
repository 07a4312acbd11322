/** The database engines that test suites run against. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../../sandbox/store/database-engine.ts";
import { openPostgres } from "../../sandbox/store/postgres.ts";
import { openSqlite } from "../../sandbox/store/sqlite.ts";
import { getPostgresSkipReason, startPostgres } from "../servers/postgres-server.ts";

/** A source of engines with empty databases. Disposing of it closes the engines and removes their databases. */
export interface Engines extends AsyncDisposable {
  readonly open: () => Promise<Engine>;
}

export interface EngineCase {
  readonly name: string;
  /** The reason for skipping the tests, if the engine is not available on this computer. */
  readonly skipReason: string | undefined;
  readonly start: () => Promise<Engines>;
}

export const engines: readonly EngineCase[] = [
  { name: "sqlite in memory", skipReason: undefined, start: async () => createEngines(() => openSqlite({})) },
  {
    name: "sqlite on disk",
    skipReason: undefined,
    start: async () => {
      const directory = mkdtempSync(join(tmpdir(), "antom-vault-store-"));
      return createEngines(
        () => openSqlite({ file: join(mkdtempSync(join(directory, "data-")), "vault.db") }),
        async () => rmSync(directory, { recursive: true, force: true }),
      );
    },
  },
  {
    name: "postgresql",
    skipReason: getPostgresSkipReason(),
    start: async () => {
      const server = await startPostgres();
      if (!server) throw new Error(getPostgresSkipReason());
      return createEngines(async () => openPostgres({ url: await server.createDatabase() }), server.stop);
    },
  },
];

function createEngines(openEngine: () => Promise<Engine>, end = async () => {}): Engines {
  const opened: Engine[] = [];
  return {
    open: async () => {
      const engine = await openEngine();
      opened.push(engine);
      return engine;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(opened.map((engine) => engine.close()));
      await end();
    },
  };
}
