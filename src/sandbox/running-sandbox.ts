/** The interface that tests use to control and inspect a running sandbox. */

import type { ControlSchemas } from "../control-api/control-schemas.ts";
import type { Credentials } from "../gateway/index.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import type { Control } from "./control/sandbox-control.ts";
import type { ChallengeResult } from "./vaulting/state-machine.ts";

/** A running sandbox, with methods for tests to control and inspect it. */
export interface RunningSandbox extends AsyncDisposable {
  /** The credentials of the first client, always with the current `antomPublicKey`. */
  readonly credentials: Credentials;
  /** The certificate, in PEM format, of the authority that clients must trust. `undefined` if the sandbox does not use TLS. */
  readonly tlsAuthority: string | undefined;
  /** The sandbox's clock, which controls expiry and notification retries. */
  readonly clock: {
    /** Returns the current time, in milliseconds since the Unix epoch. */
    readonly now: () => number;
    /** Moves the clock forward by `ms` milliseconds. Due retries and expiries then run immediately. */
    readonly advance: (ms: number) => Promise<void>;
  };
  /** Scenarios make an operation return a fixed result code for a limited time. */
  readonly scenarios: {
    /**
     * Starts a scenario, and replaces an earlier one for the same operation and client.
     *
     * @throws {AntomVaultError} `CONFIGURATION_INVALID` if a scenario cannot force this result code for the operation.
     */
    readonly start: (scenario: ControlSchemas["ScenarioRequest"]) => void;
    /** Ends all scenarios. */
    readonly end: () => void;
  };
  /** Faults affect the next calls or notifications. */
  readonly faults: {
    /** Injects a fault. If several faults match a call, the oldest one occurs first. */
    readonly inject: (fault: ControlSchemas["FaultRequest"]) => void;
    /** Removes all faults that have not been used up. */
    readonly clear: () => void;
  };
  /** The stored vaultings, which contain no full card number, CVV, or expiry date. A `clientId` parameter defaults to the first client. */
  readonly vaultings: {
    /** Returns vaultings, the newest first, without their notifications. */
    readonly list: Control["vaultings"];
    readonly get: Control["vaulting"];
    /**
     * Completes a pending challenge with the given result. The buyer does not have to open the page.
     *
     * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the vaulting does not exist or has no pending challenge.
     */
    readonly completeChallenge: (
      vaultingRequestId: string,
      result: ChallengeResult,
      clientId?: string,
    ) => Promise<void>;
  };
  /** The notifications to merchants, with their delivery attempts. */
  readonly notifications: {
    /** Returns notifications, the newest first. */
    readonly list: Control["notifications"];
    /**
     * Resends a notification, in any state, and restarts its retry schedule. Returns the notification, or `undefined` if no notification has this
     * sequence number.
     */
    readonly resend: Control["resend"];
    /**
     * Waits for the notification of a vaulting, and returns it. By default, waits until it is acknowledged or exhausted; with `attempts`, until
     * the sandbox has made that number of attempts; with `state`, until the notification is in that state.
     *
     * @throws {AntomVaultError} `TIMEOUT` if this does not happen within `timeoutMs`.
     */
    readonly waitFor: (
      vaultingRequestId: string,
      options?: {
        /** The state to wait for: `PENDING`, `ACKNOWLEDGED`, or `EXHAUSTED`. */
        readonly state?: ControlSchemas["NotificationState"];
        /** The minimum number of attempts to wait for. Default: 0. */
        readonly attempts?: number;
        /** The time limit in milliseconds of system time. Default: 4,000, less than the default timeout of common test runners. */
        readonly timeoutMs?: number;
        /** The client of the vaulting. Default: the first client. */
        readonly clientId?: string;
      },
    ) => Promise<ControlSchemas["Notification"]>;
  };
  /**
   * The signing keys of the gateway.
   *
   * @example
   * ```ts
   * const before = createVaultClient(sandbox.credentials); // has only key 1, so it rejects all responses after the rotation
   * await sandbox.keys.rotate();
   * const published = sandbox.keys.list().map(({ keyVersion, antomPublicKey }) => [keyVersion, antomPublicKey]);
   * const after = createVaultClient({ ...sandbox.credentials, antomPublicKey: Object.fromEntries(published) });
   * ```
   */
  readonly keys: {
    /** Returns all public keys, the newest last. */
    readonly list: () => readonly ControlSchemas["GatewayKey"][];
    /**
     * Rotates to a new key. All later responses and notifications, including retries, are signed with it and contain its version. With
     * `data`, the key is kept across restarts. Other sandboxes on the same database keep their own keys.
     *
     * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the key cannot be stored. The current key stays active.
     */
    readonly rotate: () => Promise<ControlSchemas["GatewayKey"]>;
  };
  /**
   * Returns calls to the Vault API, the oldest first, with card data masked. Includes calls from before a restart. By default, returns the newest 100
   * calls.
   */
  readonly calls: Control["calls"];
  /** Returns the health of the sandbox and of its notification delivery. */
  readonly health: Control["health"];
  /**
   * Adds a client with its own keys and returns its credentials. Without `clientId`, generates an ID.
   *
   * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the ID is invalid or already exists.
   */
  readonly addClient: (clientId?: string) => Promise<Credentials>;
  /** Deletes all vaultings, notifications, calls, scenarios, and faults, and resets the clock. Keeps clients and keys. */
  readonly reset: () => Promise<void>;
  /**
   * Stops accepting requests, waits for requests in flight, then for notification deliveries, and closes the store. Each wait takes up to
   * `graceMs` milliseconds (default 10,000).
   */
  readonly close: (graceMs?: number) => Promise<void>;
}

export function createRunningSandbox(
  control: Control,
  credentials: () => Credentials,
  tlsAuthority: string | undefined,
  close: RunningSandbox["close"],
): RunningSandbox {
  return {
    get credentials() {
      return credentials();
    },
    tlsAuthority,
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
          "The vaulting does not exist or has no pending challenge. Check its status with vaultings.get.",
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
    addClient: async (clientId) => {
      const added = await control.addClient(clientId);
      if (added) return added;
      throw new AntomVaultError(
        "CONFIGURATION_INVALID",
        "A client with this ID already exists. Use a different clientId.",
      );
    },
    reset: control.reset,
    close,
    // A finished test should not wait for a listener that hangs.
    [Symbol.asyncDispose]: () => close(2_000),
  };
}

const POLL_INTERVAL_MS = 10;
const DEFAULT_TIMEOUT_MS = 4_000;

/** Describes the state of a notification and its last attempt, for the timeout error. */
function describeNotification(
  vaultingRequestId: string,
  found: ControlSchemas["Notification"] | undefined,
  timeoutMs: number,
): string {
  const after = `after ${timeoutMs} ms`;
  if (!found)
    return `${vaultingRequestId} has no notification ${after}: the vaulting does not exist or has no final result.`;
  const { state, attempts, dueAt } = found;
  const last = attempts.at(-1);
  const attempt = last ? ` Attempt ${attempts.length} ended with ${last.outcome}. ${last.detail ?? ""}`.trimEnd() : "";
  const due = dueAt === undefined ? "" : ` The next attempt is due at ${dueAt} on the sandbox's clock.`;
  return `The notification for ${vaultingRequestId} is ${state} ${after}.${attempt}${due}`;
}

function createWaitFor(control: Control, firstClientId: string): RunningSandbox["notifications"]["waitFor"] {
  return async (
    vaultingRequestId,
    { state, attempts = 0, timeoutMs = DEFAULT_TIMEOUT_MS, clientId = firstClientId } = {},
  ) => {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = await control.notification(vaultingRequestId, clientId);
      const reached = state === undefined ? found?.state !== "PENDING" || attempts > 0 : found?.state === state;
      if (found && reached && found.attempts.length >= attempts) return found;
      if (performance.now() > deadline) {
        throw new AntomVaultError("TIMEOUT", describeNotification(vaultingRequestId, found, timeoutMs));
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  };
}
