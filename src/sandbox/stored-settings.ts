/** Reads and stores two settings in the database: the offset of the clock, and the gateway's first public key. */
import { AntomVaultError } from "../protocol/errors.ts";
import { importPublicKey, isSameKey } from "../signature/index.ts";
import type { Store } from "./store/store.ts";

const CLOCK_SETTING = "clockOffsetMs";
const GATEWAY_KEY_SETTING = "gatewayKey";

export const readClockOffset = async ({ settings }: Store): Promise<number> =>
  Number((await settings.get(CLOCK_SETTING)) ?? 0);

export const storeClockOffset = ({ settings }: Store, offsetMs: number): Promise<void> =>
  settings.set(CLOCK_SETTING, String(offsetMs));

/**
 * Stores the gateway's first public key in a new database. If the database already contains a different key, rejects the given key, because
 * clients could not verify the responses.
 */
export async function bindDatabaseToKey(store: Store, firstPublicKey: string): Promise<void> {
  const known = await store.settings.get(GATEWAY_KEY_SETTING);
  if (known === undefined) return store.settings.set(GATEWAY_KEY_SETTING, firstPublicKey);
  // The encoding of the stored key might differ.
  if (
    known === firstPublicKey ||
    (await isSameKey(await importPublicKey(known), await importPublicKey(firstPublicKey)))
  ) {
    return;
  }
  throw new AntomVaultError(
    "CONFIGURATION_INVALID",
    "The database belongs to a gateway with a different key. Set --data to the directory that contains this database's gateway-private-key.pem, or use a different database.",
  );
}
