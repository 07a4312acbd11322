/** What time alone ends, and what other processes on the same database have changed. */
import type { Clients } from "./identities/clients.ts";
import { readClockOffset } from "./kept-settings.ts";
import type { VaultingId } from "./store/rows.ts";
import type { Store } from "./store/store.ts";
import type { SandboxClock } from "./time/clock.ts";
import { after, type Facts } from "./vaulting/state-machine.ts";

export function createSweep(
  store: Store,
  clock: SandboxClock,
  clients: Clients,
  facts: () => Facts,
): () => Promise<void> {
  const { engine, vaultings } = store;

  /** What has become of a vaulting by itself. */
  const writeDown = ({ clientId, vaultingRequestId }: VaultingId): Promise<void> =>
    vaultings.change({ clientId, vaultingRequestId }, (stored) => {
      const current = stored && after(stored, { kind: "nothing" }, facts());
      return current === stored || !current ? { answer: undefined } : { answer: undefined, vaulting: current };
    });

  return async () => {
    if (engine.name === "postgresql") {
      clock.follow(await readClockOffset(store));
      await clients.refresh();
    }
    await Promise.all((await vaultings.expired(clock.now())).map(writeDown));
  };
}
