/** What a test does with a sandbox that it has started. */

import type { ControlSchemas } from "../control-api/control-schemas.ts";
import type { Credentials } from "../gateway/index.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import type { Control } from "./control/sandbox-control.ts";
import type { ChallengeResult } from "./vaulting/state-machine.ts";

/** A sandbox at work, and what a test does with it. */
export interface RunningSandbox extends AsyncDisposable {
  /** What a client needs to call it. After a rotation with the newest `antomPublicKey`. */
  readonly credentials: Credentials;
  readonly clock: {
    /** Milliseconds since 1970 on the sandbox's clock. */
    readonly now: () => number;
    /** Moves it on by so many milliseconds; what is due by then is done at once. */
    readonly advance: (ms: number) => Promise<void>;
  };
  readonly scenarios: {
    /** @throws AntomVaultError `CONFIGURATION_INVALID` where the operation has no such code */
    readonly start: (scenario: ControlSchemas["ScenarioRequest"]) => void;
    readonly end: () => void;
  };
  readonly faults: {
    readonly inject: (fault: ControlSchemas["FaultRequest"]) => void;
    readonly clear: () => void;
  };
  readonly vaultings: {
    readonly list: Control["vaultings"];
    readonly get: Control["vaulting"];
    /** Ends a challenge as a buyer would on its page. */
    readonly completeChallenge: (
      vaultingRequestId: string,
      result: ChallengeResult,
      clientId?: string,
    ) => Promise<void>;
  };
  readonly notifications: {
    readonly list: Control["notifications"];
    readonly resend: Control["resend"];
    /**
     * Waits until the notification of a vaulting has reached a state, for at most `timeoutMs` milliseconds (default 4,000: less than
     * test runners give a test, so that this error is the one that is seen).
     *
     * @throws AntomVaultError `TIMEOUT`
     */
    readonly waitFor: (
      vaultingRequestId: string,
      options?: {
        readonly state?: ControlSchemas["NotificationState"];
        /** With at least so many attempts. */
        readonly attempts?: number;
        readonly timeoutMs?: number;
        readonly clientId?: string;
      },
    ) => Promise<ControlSchemas["Notification"]>;
  };
  /**
   * The keys that the gateway signs with.
   *
   * @example
   * ```ts
   * const before = createVaultClient(sandbox.credentials); // knows key 1 alone, and believes no answer from here on:
   * await sandbox.keys.rotate();
   * const published = sandbox.keys.list().map(({ keyVersion, antomPublicKey }) => [keyVersion, antomPublicKey]);
   * const after = createVaultClient({ ...sandbox.credentials, antomPublicKey: Object.fromEntries(published) });
   * ```
   */
  readonly keys: {
    /** Every public key since the first one, by version, the newest last. */
    readonly list: () => readonly ControlSchemas["GatewayKey"][];
    /**
     * Makes the next key: from then on answers and notifications, repeated attempts at older ones too, are signed with it and carry its
     * version. With `data` it outlives a restart. Of several sandboxes on one database, the others keep signing with their own key.
     *
     * @throws AntomVaultError `CONFIGURATION_INVALID` where the folder cannot keep it; the key that there is goes on signing
     */
    readonly rotate: () => Promise<ControlSchemas["GatewayKey"]>;
  };
  readonly calls: Control["calls"];
  readonly health: Control["health"];
  /** A second merchant. */
  readonly addClient: (clientId?: string) => Promise<Credentials>;
  readonly reset: () => Promise<void>;
  /** Stops accepting, ends what is under way within `graceMs` milliseconds (default 10,000), and closes the store. */
  readonly close: (graceMs?: number) => Promise<void>;
}

export function createRunningSandbox(
  control: Control,
  credentials: () => Credentials,
  close: RunningSandbox["close"],
): RunningSandbox {
  return {
    get credentials() {
      return credentials();
    },
    clock: {
      now: () => Date.parse(control.clock().now),
      advance: async (advanceMs) => {
        await control.moveClock({ advanceMs });
      },
    },
    scenarios: { start: (scenario) => void control.startScenario(scenario), end: () => control.endScenarios() },
    faults: { inject: (fault) => void control.injectFault(fault), clear: control.clearFaults },
    vaultings: {
      list: control.vaultings,
      get: control.vaulting,
      completeChallenge: async (vaultingRequestId, result, client) => {
        if (await control.completeChallenge(vaultingRequestId, result, client)) return;
        throw new AntomVaultError(
          "CONFIGURATION_INVALID",
          "There is no vaulting of this ID that waits for a challenge.",
        );
      },
    },
    notifications: {
      list: control.notifications,
      resend: control.resend,
      waitFor: createWaitFor(control, credentials().clientId),
    },
    keys: { list: control.keys, rotate: control.rotateKey },
    calls: control.calls,
    health: control.health,
    addClient: async (wanted) => {
      const added = await control.addClient(wanted);
      if (added) return added;
      throw new AntomVaultError("CONFIGURATION_INVALID", "There is a client of this ID already.");
    },
    reset: control.reset,
    close,
    // A test that is over waits for no listener that hangs; what is cut off is sent again at the next start.
    [Symbol.asyncDispose]: () => close(2_000),
  };
}

const POLL_INTERVAL_MS = 10;
const DEFAULT_TIMEOUT_MS = 4_000;

/** Where a notification stands, and what came of the last attempt. */
function describeNotification(
  vaultingRequestId: string,
  found: ControlSchemas["Notification"] | undefined,
  timeoutMs: number,
): string {
  const after = `after ${timeoutMs} ms`;
  if (!found) return `${vaultingRequestId} has no notification ${after}: its vaulting is not final, or not known.`;
  const { state, attempts, dueAt } = found;
  const last = attempts.at(-1);
  const tried = last ? ` Attempt ${attempts.length} ended in ${last.outcome}. ${last.detail ?? ""}`.trimEnd() : "";
  const due = dueAt === undefined ? "" : ` It is due at ${dueAt} on the sandbox's clock.`;
  return `The notification of ${vaultingRequestId} is ${state} ${after}.${tried}${due}`;
}

function createWaitFor(control: Control, firstClientId: string): RunningSandbox["notifications"]["waitFor"] {
  return async (
    vaultingRequestId,
    { state, attempts = 0, timeoutMs = DEFAULT_TIMEOUT_MS, clientId = firstClientId } = {},
  ) => {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const found = await control.notification(vaultingRequestId, clientId);
      const reached = state === undefined ? found?.state !== "PENDING" || attempts > 0 : found?.state === state;
      if (found && reached && found.attempts.length >= attempts) {
        // The attempts are read after their notification, so one may be there that it does not count yet.
        const [settled = found] = await control.notifications({ clientId, vaultingRequestId, limit: 1 });
        return settled;
      }
      if (performance.now() > end) {
        throw new AntomVaultError("TIMEOUT", describeNotification(vaultingRequestId, found, timeoutMs));
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  };
}
