/** Brings a database to this version's schema, or says why it cannot. */
import { AntomVaultError } from "../../protocol/errors.ts";
import type { Engine } from "./database-engine.ts";
import { getMigrations } from "./migrations.ts";
import { createQueries } from "./queries.ts";

/** The setting that holds it: the number of migrations that were run. */
const VERSION_SETTING = "schemaVersion";

/**
 * Runs what is missing, all of it in one transaction: a process that is killed half way leaves the database as it was.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where a later version of this program made the database
 */
export async function migrate(engine: Engine): Promise<void> {
  const queries = createQueries(engine.name);
  const known = getMigrations(engine.name);
  await engine.transact(async (tx) => {
    // Of two processes that start at once the second waits here.
    if (engine.name === "postgresql") await tx.all({ sql: "select pg_advisory_xact_lock(7261001)", values: [] });
    await tx.all(queries.settingCreateTable({}));
    const [row] = await tx.all(queries.settingGet({ name: VERSION_SETTING }));
    const version = Number(row?.value ?? 0);
    if (version === known.length) return;
    if (version > known.length) {
      throw new AntomVaultError(
        "CONFIGURATION_INVALID",
        `The database has schema ${version}, and this version of antom-vault knows schema ${known.length}: a later version made it. Update antom-vault, or take another folder with --data or another database. Nothing was changed.`,
      );
    }
    for (const sql of known.slice(version).flat()) await tx.all({ sql, values: [] });
    await tx.all(queries.settingSet({ name: VERSION_SETTING, value: String(known.length) }));
  });
}
