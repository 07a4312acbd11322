/** Assembles the sandbox, except for its HTTP server. */
import { CARD_PATH, CHALLENGE_PATH } from "../control-api/sandbox-paths.ts";
import { type GatewayKeys, type RejectedSignature, type ServerAddress, withNextKey } from "../gateway/index.ts";
import { createCallHandler } from "./call-handler.ts";
import { createCallLog } from "./call-log/call-log.ts";
import { createEvent, createEvents } from "./call-log/events.ts";
import { createControl } from "./control/sandbox-control.ts";
import { openClients } from "./identities/clients.ts";
import { openSigningKeys } from "./identities/signing-keys.ts";
import type { NetworkScope } from "./notifier/address-guard.ts";
import { createNotificationDelivery } from "./notifier/deliver-notification.ts";
import { startDispatcher } from "./notifier/dispatcher.ts";
import { createPoster } from "./notifier/http-post.ts";
import type { Engine } from "./store/database-engine.ts";
import { openStore } from "./store/store.ts";
import { bindDatabaseToKey, readClockOffset, storeClockOffset } from "./stored-settings.ts";
import { createSweep } from "./sweep.ts";
import { createFaults } from "./switches/faults.ts";
import { createScenarios } from "./switches/scenarios.ts";
import { startLoop } from "./time/background-loop.ts";
import { createClock } from "./time/clock.ts";
import { createRandomValues } from "./vaulting/random-values.ts";
import { type Facts, getOrigin, LIFETIMES, type Lifetimes } from "./vaulting/state-machine.ts";
import { createWebOnDemand } from "./web-on-demand.ts";

export interface SandboxOptions {
  readonly engine: Engine;
  readonly keys: GatewayKeys;
  /** Creates and stores the next key. By default, the key is kept in memory. */
  readonly createNextKey?: ((keys: GatewayKeys) => Promise<GatewayKeys>) | undefined;
  readonly notificationScope: NetworkScope;
  /** Whether this process sends notifications. */
  readonly sendNotifications: boolean;
  readonly rejectIdReuse: boolean;
  readonly lifetimes?: Partial<Lifetimes> | undefined;
  /** The token that the control API requires. */
  readonly controlToken?: string | undefined;
  /** Returns the URL of the sandbox, which is known only after the server starts. */
  readonly baseUrl: () => string;
  /** Host names of the sandbox in addition to the host name of `baseUrl`. */
  readonly names?: ServerAddress["names"];
  /** Returns the server's port, which is blocked for notifications to this computer. Default: the port of `baseUrl`. */
  readonly ownPort?: () => number;
  /** The path of the first client's credentials file. */
  readonly credentialsFile?: string | undefined;
  readonly onSignatureRejected?: ((rejected: RejectedSignature) => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

const SWEEP_MS = 500;

/**
 * Opens a sandbox on a database engine.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the database belongs to a gateway with a different key, or was migrated by a later version of
 * antom-vault
 */
export async function openSandbox(options: SandboxOptions) {
  const { engine, keys, baseUrl, onError = () => {} } = options;
  const lifetimes = { ...LIFETIMES, ...options.lifetimes };
  // Secrets are derived from the first key, so that they stay valid after a rotation.
  const [{ privateKey: rootKey }] = keys.versions;
  const random = createRandomValues(rootKey);
  const signingKeys = await openSigningKeys(keys, options.createNextKey ?? withNextKey);
  const { signer } = signingKeys;

  const events = createEvents();
  const store = await openStore(engine, {
    onFinal: () => dispatcher.wake(),
    onVaulting: (vaulting) => events.emit(() => createEvent("vaulting", vaulting)),
    onNotification: (notification) => events.emit(() => createEvent("notification", notification, notification.seq)),
    now: () => clock.now(),
  });
  await bindDatabaseToKey(store, signingKeys.list()[0].antomPublicKey);
  const clock = createClock(await readClockOffset(store), {
    store: (offsetMs) => storeClockOffset(store, offsetMs),
    onMove: () => {
      events.emit(() => ({ kind: "clock" }));
      dispatcher.wake();
      sweeper.wake();
    },
  });
  const clients = await openClients(store, keys);

  const facts = (): Facts => ({ now: clock.now(), random, lifetimes });
  const links = {
    challenge: (id: string) => baseUrl() + CHALLENGE_PATH + id,
    card: (id: string) => baseUrl() + CARD_PATH + id,
  };
  const scenarios = createScenarios(clock.now);
  const faults = createFaults();
  const callLog = createCallLog({
    calls: store.calls,
    onStored: (call) => events.emit(() => createEvent("call", call, call.seq)),
    onError,
    isWatched: events.hasSubscribers,
  });
  const { vaultings, outbox } = store;
  const parts = { store, clock, clients, scenarios, faults, callLog, events, links, facts };

  const { respond, send } = createCallHandler({
    ...parts,
    vaultings,
    signer,
    rejectIdReuse: options.rejectIdReuse,
    isLocal: options.controlToken === undefined,
    onSignatureRejected: options.onSignatureRejected,
    onError,
  });

  // Only one process can use a SQLite database, so existing leases belong to a process that no longer runs.
  if (engine.name === "sqlite") await outbox.releaseAll();
  const { ownPort = () => Number(new URL(baseUrl()).port) } = options;
  const dispatcher = startDispatcher({
    outbox,
    deliver: createNotificationDelivery(createPoster({ scope: options.notificationScope, ownPort }), signer),
    faults,
    getOrigin: async (notification) => {
      const vaulting = await vaultings.find(notification);
      return vaulting && getOrigin(vaulting);
    },
    now: clock.now,
    onError,
    idle: !options.sendNotifications,
  });
  const sweeper = startLoop(createSweep(store, clock, clients, facts), { intervalMs: SWEEP_MS, onError });

  const credentials = () => ({
    baseUrl: baseUrl(),
    antomPublicKey: signingKeys.antomPublicKey(),
    firstClientId: keys.clientId,
    credentialsFile: options.credentialsFile,
  });
  const control = createControl({ ...parts, signingKeys, dispatcher, credentials, send });

  const token = options.controlToken;
  const address = () => ({ baseUrl: baseUrl(), isExposed: token !== undefined, names: options.names ?? [] });
  return {
    respond,
    webRoutes: createWebOnDemand({ keys, control, token, vaultings, links, facts, address }),
    control,
    /** Returns the current public key in PEM format. */
    antomPublicKey: signingKeys.antomPublicKey,
    /** Ends the event streams, which otherwise never end. Call it before you close the server. */
    endStreams: events.end,
    /** Stops the background loops and closes the store. Call it after you close the server. */
    close: async (graceMs = 10_000): Promise<void> => {
      await sweeper.stop();
      await dispatcher.close(graceMs);
      await callLog.close();
      await store.close();
    },
  };
}
