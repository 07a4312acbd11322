/** The store: vaultings, notifications, API calls, clients, and settings. */

import { createCalls } from "./calls.ts";
import type { Engine } from "./database-engine.ts";
import { migrate } from "./migrate.ts";
import { createOutbox } from "./outbox.ts";
import { createQueries } from "./queries.ts";
import type { ClientRow } from "./rows.ts";
import { createVaultings, type StoreCallbacks } from "./vaultings.ts";

export type Store = Readonly<Awaited<ReturnType<typeof openStore>>>;

/**
 * Opens a store on a database engine, and migrates its schema.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if a later version of antom-vault migrated the database
 */
export async function openStore(engine: Engine, callbacks: StoreCallbacks) {
  await migrate(engine);
  const queries = createQueries(engine.name);
  const outbox = createOutbox(engine, queries, (notification) => callbacks.onNotification?.(notification));
  return {
    engine,
    vaultings: createVaultings(engine, queries, outbox, callbacks),
    outbox,
    calls: createCalls(engine, queries),
    clients: {
      list: () => engine.read(queries.clientList({})),
      /** Adds a client. Returns false if a client with this ID already exists. */
      add: async (client: ClientRow) =>
        (await engine.transact((tx) => tx.all(queries.clientInsert(client)))).length > 0,
    },
    settings: {
      get: async (name: string) => (await engine.read(queries.settingGet({ name })))[0]?.value,
      set: async (name: string, value: string): Promise<void> => {
        await engine.transact((tx) => tx.all(queries.settingSet({ name, value })));
      },
    },
    /** Deletes all vaultings, notifications, delivery attempts, and API calls. Keeps clients and settings. */
    reset: (): Promise<void> =>
      engine.transact(async (tx) => {
        // With these locks, the reset deletes or keeps each concurrent write as a whole.
        if (engine.name === "postgresql") {
          await tx.all({ sql: 'lock table "vaulting", "notification", "attempt" in exclusive mode', values: [] });
        }
        await tx.all(queries.attemptDeleteAll({}));
        await tx.all(queries.notificationDeleteAll({}));
        await tx.all(queries.vaultingDeleteAll({}));
        await tx.all(queries.callDeleteAll({}));
      }),
    close: () => engine.close(),
  };
}
