/** Expires vaultings. On PostgreSQL, also loads the clock offset and the clients, which other processes might have changed. */
import type { Clients } from "./identities/clients.ts";
import type { VaultingId } from "./store/rows.ts";
import type { Store } from "./store/store.ts";
import { readClockOffset } from "./stored-settings.ts";
import type { SandboxClock } from "./time/clock.ts";
import { type Facts, transition } from "./vaulting/state-machine.ts";

export function createSweep(
  store: Store,
  clock: SandboxClock,
  clients: Clients,
  facts: () => Facts,
): () => Promise<void> {
  const { engine, vaultings } = store;

  const storeExpiry = ({ clientId, vaultingRequestId }: VaultingId): Promise<void> =>
    vaultings.update({ clientId, vaultingRequestId }, (stored) => {
      const current = stored && transition(stored, { kind: "nothing" }, facts());
      return current === stored || !current ? { response: undefined } : { response: undefined, vaulting: current };
    });

  return async () => {
    if (engine.name === "postgresql") {
      clock.adoptOffset(await readClockOffset(store));
      await clients.refresh();
    }
    await Promise.all((await vaultings.listExpired(clock.now())).map(storeExpiry));
  };
}
