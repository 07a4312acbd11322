/** All that is stored. */

import type { Engine } from "./engine.ts";
import { builderFor, migrate } from "./migrate.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import type { ClientRow } from "./schema.ts";
import { statement } from "./statement.ts";
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
export async function openStore(
  engine: Engine,
  told: { readonly onFinal: () => void; readonly now: () => number },
): Promise<Store> {
  const db = builderFor(engine.name);
  await migrate(engine, db);
  const outbox = createOutbox(engine, db);
  const clients = statement<object, ClientRow>(() => db.selectFrom("client").selectAll().orderBy("createdAt"));
  const addClient = statement<ClientRow, { clientId: string }>((parameter) =>
    db
      .insertInto("client")
      .values({
        clientId: parameter("clientId"),
        publicKey: parameter("publicKey"),
        createdAt: parameter("createdAt"),
      })
      .onConflict((conflict) => conflict.column("clientId").doNothing())
      .returning("clientId"),
  );
  const setting = statement<{ name: string }, { value: string }>((parameter) =>
    db.selectFrom("setting").select("value").where("name", "=", parameter("name")),
  );
  const set = statement<{ name: string; value: string }>((parameter) =>
    db
      .insertInto("setting")
      .values({ name: parameter("name"), value: parameter("value") })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: parameter("value") })),
  );
  const forget = (["attempt", "notification", "vaulting"] as const).map((table) =>
    statement<object>(() => db.deleteFrom(table))({}),
  );
  return {
    engine,
    vaultings: createVaultings(engine, db, outbox, told),
    outbox,
    clients: {
      list: () => engine.read(clients({})),
      add: async (client) => (await engine.transact((tx) => tx.all(addClient(client)))).length > 0,
    },
    settings: {
      get: async (name) => (await engine.read(setting({ name })))[0]?.value,
      set: async (name, value) => {
        await engine.transact((tx) => tx.all(set({ name, value })));
      },
    },
    forget: () =>
      engine.transact(async (tx) => {
        for (const query of forget) await tx.all(query);
      }),
    close: () => engine.close(),
  };
}
