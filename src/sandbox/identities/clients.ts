/** Stores and loads the clients that can call the sandbox, with their public keys. */
import type { Merchant } from "../../gateway/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { derivePublicKey, exportPublicPem, generateKeyPair, importKeyring, isSameKey } from "../../signature/index.ts";
import type { ClientRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

export type Clients = Readonly<Awaited<ReturnType<typeof openClients>>>;

/**
 * Stores the first client, unless it is already stored, and loads all clients.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the database has a different key for the first client
 */
export async function openClients(
  store: Store,
  first: { readonly clientId: string; readonly merchantPrivateKey: string },
) {
  const merchants = new Map<string, Merchant>();
  const load = async ({ clientId, publicKey }: ClientRow) => {
    if (!merchants.has(clientId))
      merchants.set(clientId, { clientId, publicKeys: await importKeyring(publicKey, clientId) });
  };
  const firstKey = await derivePublicKey(first.merchantPrivateKey, "merchantPrivateKey");
  await store.clients.add({
    clientId: first.clientId,
    publicKey: await exportPublicPem(firstKey),
    createdAt: Date.now(),
  });
  /** Loads clients that other processes have added. */
  const refresh = async (): Promise<void> => {
    for (const row of await store.clients.list()) await load(row);
  };
  await refresh();
  const [known] = merchants.get(first.clientId)?.publicKeys?.keys ?? [];
  if (known && !(await isSameKey(known, firstKey))) {
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      `The key of client ${first.clientId} in credentials.json differs from its key in the database: use the data directory that belongs to this database.`,
    );
  }
  return {
    findMerchant: (clientId: string) => merchants.get(clientId),
    /** Returns the clients that this process has loaded, with their public keys. */
    listMerchants: (): readonly Merchant[] => [...merchants.values()],
    list: store.clients.list,
    /** Adds a client with a new key pair, whose private key is not stored. Returns `undefined` if a client with `requestedId` exists. */
    add: async (requestedId?: string) => {
      const { privateKey, publicKey } = await generateKeyPair();
      // Tries the next number if a generated ID already exists.
      for (let number = (await store.clients.list()).length + 1; ; number++) {
        const clientId = requestedId ?? `SANDBOX_ANTOMVAULT${String(number).padStart(6, "0")}`;
        const row = { clientId, publicKey, createdAt: Date.now() };
        if (await store.clients.add(row)) {
          await load(row);
          return { clientId, merchantPrivateKey: privateKey };
        }
        if (requestedId !== undefined) return undefined;
      }
    },
    refresh,
  };
}
