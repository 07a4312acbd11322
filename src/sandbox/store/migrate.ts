/** Migrates a database to the current schema. */
import { AntomVaultError } from "../../protocol/errors.ts";
import type { Engine } from "./database-engine.ts";
import { getMigrations } from "./migrations.ts";
import { createQueries } from "./queries.ts";

/** The name of the setting that stores the number of completed migrations. */
const VERSION_SETTING = "schemaVersion";

/**
 * Runs the missing migrations in one transaction, so that a killed process leaves the database unchanged.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if a later version of antom-vault migrated the database
 */
export async function migrate(engine: Engine): Promise<void> {
  const queries = createQueries(engine.name);
  const known = getMigrations(engine.name);
  await engine.transact(async (tx) => {
    // A second process that starts at the same time waits here.
    if (engine.name === "postgresql") await tx.all({ sql: "select pg_advisory_xact_lock(7261001)", values: [] });
    await tx.all(queries.settingCreateTable({}));
    const [row] = await tx.all(queries.settingGet({ name: VERSION_SETTING }));
    const version = Number(row?.value ?? 0);
    if (version === known.length) return;
    if (version > known.length) {
      throw new AntomVaultError(
        "CONFIGURATION_INVALID",
        `The sandbox cannot use the database: it has schema version ${version}, but this version of antom-vault supports only versions up to ${known.length}. Update antom-vault, or use a different --data directory or database. Nothing was changed.`,
      );
    }
    for (const sql of known.slice(version).flat()) await tx.all({ sql, values: [] });
    await tx.all(queries.settingSet({ name: VERSION_SETTING, value: String(known.length) }));
  });
}
