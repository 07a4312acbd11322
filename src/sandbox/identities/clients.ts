/** The sandbox's merchants. */

import type { Merchant } from "../../gateway/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import {
  derivePublicKey,
  generateKeyPair,
  importKeyring,
  importPublicKey,
  isSameKey,
  toPem,
} from "../../signature/index.ts";
import type { ClientRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

export type Clients = Readonly<Awaited<ReturnType<typeof openClients>>>;

/**
 * Opens the merchants; the first is the one of the credentials file.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where the database knows that client ID with another key
 */
export async function openClients(
  store: Store,
  first: { readonly clientId: string; readonly merchantPrivateKey: string },
) {
  const merchants = new Map<string, Merchant>();
  const remember = async ({ clientId, publicKey }: ClientRow) => {
    if (!merchants.has(clientId))
      merchants.set(clientId, { clientId, publicKeys: await importKeyring(publicKey, clientId) });
  };
  const own = await derivePublicKey(first.merchantPrivateKey, "merchantPrivateKey");
  await store.clients.add({ clientId: first.clientId, publicKey: await toPem(own), createdAt: Date.now() });
  /** Takes over the merchants that other processes have added. */
  const refresh = async (): Promise<void> => {
    for (const row of await store.clients.list()) await remember(row);
  };
  await refresh();
  const [known] = merchants.get(first.clientId)?.publicKeys?.keys ?? [];
  if (known && !(await isSameKey(known, own))) {
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      `The database knows client ${first.clientId} with another key than credentials.json has. Use the folder that belongs to the database.`,
    );
  }
  return {
    merchant: (clientId: string) => merchants.get(clientId),
    list: store.clients.list,
    /** A new merchant with keys of its own; `undefined` where there is one of that ID. The private key is kept nowhere. */
    add: async (wanted?: string) => {
      const { privateKey, publicKey } = await generateKeyPair();
      await importPublicKey(publicKey, "public key");
      // A name that is made up may be taken already, or by another who adds a client at this moment; then the next one.
      for (let number = (await store.clients.list()).length + 1; ; number++) {
        const clientId = wanted ?? `SANDBOX_ANTOMVAULT${String(number).padStart(6, "0")}`;
        const row = { clientId, publicKey, createdAt: Date.now() };
        if (await store.clients.add(row)) {
          await remember(row);
          return { clientId, merchantPrivateKey: privateKey };
        }
        if (wanted !== undefined) return undefined;
      }
    },
    refresh,
  };
}
