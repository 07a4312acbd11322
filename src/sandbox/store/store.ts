/** All that is stored. */

import type { Engine } from "./database-engine.ts";
import { migrate } from "./migrate.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { queriesFor } from "./queries.ts";
import type { ClientRow } from "./rows.ts";
import type { StoreEvents } from "./store-events.ts";
import { createVaultings, type Vaultings } from "./vaultings.ts";

export interface Store {
  readonly engine: Engine;
  readonly vaultings: Vaultings;
  readonly outbox: Outbox;
  readonly clients: {
    readonly list: () => Promise<readonly ClientRow[]>;
    /** False where a client of that ID exists. */
    readonly add: (client: ClientRow) => Promise<boolean>;
  };
  readonly settings: {
    readonly get: (name: string) => Promise<string | undefined>;
    readonly set: (name: string, value: string) => Promise<void>;
  };
  /** Forgets every vaulting and notification. */
  readonly forget: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a store over an engine and brings its schema up to date.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where a later version made the database
 */
export async function openStore(engine: Engine, told: StoreEvents): Promise<Store> {
  await migrate(engine);
  const queries = queriesFor(engine.name);
  const outbox = createOutbox(engine, queries, told.onNotification);
  return {
    engine,
    vaultings: createVaultings(engine, queries, outbox, told),
    outbox,
    clients: {
      list: () => engine.read(queries.clientList({})),
      add: async (client) => (await engine.transact((tx) => tx.all(queries.clientInsert(client)))).length > 0,
    },
    settings: {
      get: async (name) => (await engine.read(queries.settingGet({ name })))[0]?.value,
      set: async (name, value) => {
        await engine.transact((tx) => tx.all(queries.settingSet({ name, value })));
      },
    },
    forget: () =>
      engine.transact(async (tx) => {
        // What another connection writes meanwhile is forgotten as a whole, or stays as a whole.
        if (engine.name === "postgresql") {
          await tx.all({ sql: 'lock table "vaulting", "notification", "attempt" in exclusive mode', values: [] });
        }
        await tx.all(queries.forgetAttempts({}));
        await tx.all(queries.forgetNotifications({}));
        await tx.all(queries.forgetVaultings({}));
      }),
    close: () => engine.close(),
  };
}
