/** Settings that the database keeps: the clock's offset, and the key of the gateway that it belongs to. */
import { AntomVaultError } from "../protocol/errors.ts";
import { importPublicKey, isSameKey } from "../signature/index.ts";
import type { Store } from "./store/store.ts";

const CLOCK_SETTING = "clockOffsetMs";
const GATEWAY_KEY_SETTING = "gatewayKey";

export const readClockOffset = async ({ settings }: Store): Promise<number> =>
  Number((await settings.get(CLOCK_SETTING)) ?? 0);

export const storeClockOffset = ({ settings }: Store, offsetMs: number): Promise<void> =>
  settings.set(CLOCK_SETTING, String(offsetMs));

/** A gateway whose first key is another one is one that nobody knows: its answers to old IDs would no longer verify. */
export async function requireMatchingKey(store: Store, firstPublicKey: string): Promise<void> {
  const known = await store.settings.get(GATEWAY_KEY_SETTING);
  if (known === undefined) return store.settings.set(GATEWAY_KEY_SETTING, firstPublicKey);
  // The same key may have been kept in another form, as credentials.json had it.
  if (
    known === firstPublicKey ||
    (await isSameKey(await importPublicKey(known), await importPublicKey(firstPublicKey)))
  ) {
    return;
  }
  throw new AntomVaultError(
    "CONFIGURATION_INVALID",
    "The database belongs to a gateway with another key. Give --data the folder whose gateway-private-key.pem it was made with, or another database.",
  );
}
