/** All that is stored. */

import type { Engine } from "./database-engine.ts";
import { migrate } from "./migrate.ts";
import { createOutbox } from "./outbox.ts";
import { createQueries } from "./queries.ts";
import type { ClientRow } from "./rows.ts";
import { createVaultings, type StoreCallbacks } from "./vaultings.ts";

export type Store = Readonly<Awaited<ReturnType<typeof openStore>>>;

/**
 * Opens a store over an engine and brings its schema up to date.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where a later version made the database
 */
export async function openStore(engine: Engine, told: StoreCallbacks) {
  await migrate(engine);
  const queries = createQueries(engine.name);
  const outbox = createOutbox(engine, queries, (notification) => told.onNotification?.(notification));
  return {
    engine,
    vaultings: createVaultings(engine, queries, outbox, told),
    outbox,
    clients: {
      list: () => engine.read(queries.clientList({})),
      /** False where a client of that ID exists. */
      add: async (client: ClientRow) =>
        (await engine.transact((tx) => tx.all(queries.clientInsert(client)))).length > 0,
    },
    settings: {
      get: async (name: string) => (await engine.read(queries.settingGet({ name })))[0]?.value,
      set: async (name: string, value: string): Promise<void> => {
        await engine.transact((tx) => tx.all(queries.settingSet({ name, value })));
      },
    },
    /** Forgets every vaulting and notification. */
    reset: (): Promise<void> =>
      engine.transact(async (tx) => {
        // What another connection writes meanwhile is forgotten as a whole, or stays as a whole.
        if (engine.name === "postgresql") {
          await tx.all({ sql: 'lock table "vaulting", "notification", "attempt" in exclusive mode', values: [] });
        }
        await tx.all(queries.attemptDeleteAll({}));
        await tx.all(queries.notificationDeleteAll({}));
        await tx.all(queries.vaultingDeleteAll({}));
      }),
    close: () => engine.close(),
  };
}
