/** The parts of a sandbox that its controls work on. */
import type { Journal } from "../call-log/call-log.ts";
import type { Events } from "../call-log/events.ts";
import type { Clients } from "../identities/clients.ts";
import type { SigningKeys } from "../identities/signing-keys.ts";
import type { Dispatcher } from "../notifier/dispatcher.ts";
import type { Store } from "../store/store.ts";
import type { Faults } from "../switches/faults.ts";
import type { Scenarios } from "../switches/scenarios.ts";
import type { SandboxClock } from "../time/clock.ts";
import type { Links } from "../vaulting/responses.ts";
import type { Facts } from "../vaulting/state-machine.ts";

export interface ControlParts {
  readonly store: Store;
  readonly clock: SandboxClock;
  readonly clients: Clients;
  readonly signingKeys: SigningKeys;
  readonly scenarios: Scenarios;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly dispatcher: Dispatcher;
  readonly links: Links;
  readonly facts: () => Facts;
  /** What a client is configured with, but for its private key. */
  readonly credentials: () => {
    readonly baseUrl: string;
    readonly antomPublicKey: string;
    readonly firstClientId: string;
    /** The file that a client reads; `undefined` where the keys are kept nowhere. */
    readonly file?: string | undefined;
  };
  readonly events: Events;
}
