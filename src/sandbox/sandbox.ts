/** The sandbox put together: everything but the socket. */
import { CARD_PATH, CHALLENGE_PATH } from "../control-api/sandbox-paths.ts";
import { type GatewayKeys, type RejectedSignature, withNextKey } from "../gateway/index.ts";
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
import { readClockOffset, requireMatchingKey, storeClockOffset } from "./stored-settings.ts";
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
  /** Makes the gateway's next key, wherever the keys are kept. Default: one that nobody keeps. */
  readonly nextKey?: ((keys: GatewayKeys) => Promise<GatewayKeys>) | undefined;
  /** Where notifications may be sent. */
  readonly notificationScope: NetworkScope;
  /** Whether this process sends them. */
  readonly sendNotifications: boolean;
  readonly rejectIdReuse: boolean;
  readonly lifetimes?: Partial<Lifetimes> | undefined;
  /** What the control API asks for where it is not open. */
  readonly controlToken?: string | undefined;
  /** The address at which the sandbox is reached; known once it listens. */
  readonly baseUrl: () => string;
  /** The port on which it listens itself, to which no notification goes. Default: that of `baseUrl`. */
  readonly ownPort?: () => number;
  /** Where the keys of the first client are kept, for its developer to read. */
  readonly credentialsFile?: string | undefined;
  readonly onSignatureRejected?: ((refused: RejectedSignature) => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

const SWEEP_MS = 500;

/**
 * Opens a sandbox over an engine.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where the database belongs to other keys, or a later version made it
 */
export async function openSandbox(options: SandboxOptions) {
  const { engine, keys, baseUrl, onError = () => {} } = options;
  const lifetimes = { ...LIFETIMES, ...options.lifetimes };
  // Of the first key, so that what is derived of it outlives every rotation.
  const [{ privateKey: rootKey }] = keys.versions;
  const fresh = createRandomValues(rootKey);
  const signingKeys = await openSigningKeys(keys, options.nextKey ?? withNextKey);
  const { signer } = signingKeys;

  const events = createEvents();
  const store = await openStore(engine, {
    onFinal: () => dispatcher.wake(),
    onVaulting: (vaulting) => events.emit(() => createEvent("vaulting", vaulting)),
    onNotification: (notification) => events.emit(() => createEvent("notification", notification, notification.seq)),
    now: () => clock.now(),
  });
  await requireMatchingKey(store, signingKeys.list()[0].antomPublicKey);
  const clock = createClock(await readClockOffset(store), {
    store: (offsetMs) => storeClockOffset(store, offsetMs),
    onMove: () => {
      events.emit(() => ({ kind: "clock" }));
      dispatcher.wake();
      sweeper.wake();
    },
  });
  const clients = await openClients(store, keys);

  const facts = (): Facts => ({ now: clock.now(), random: fresh, lifetimes });
  const links = {
    challenge: (id: string) => baseUrl() + CHALLENGE_PATH + id,
    card: (id: string) => baseUrl() + CARD_PATH + id,
  };
  const scenarios = createScenarios(clock.now);
  const faults = createFaults();
  const callLog = createCallLog();
  const { vaultings, outbox } = store;
  const parts = { store, clock, clients, scenarios, faults, callLog, events, links, facts };

  const answer = createCallHandler({
    ...parts,
    vaultings,
    signer,
    rejectIdReuse: options.rejectIdReuse,
    onSignatureRejected: options.onSignatureRejected,
    onError,
  });

  // With one process alone, what is leased was leased by one that is gone.
  if (engine.name === "sqlite") await outbox.releaseAll();
  const { ownPort = () => Number(new URL(baseUrl()).port) } = options;
  const dispatcher = startDispatcher({
    outbox,
    notify: createNotificationDelivery(createPoster({ scope: options.notificationScope, ownPort }), signer),
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
    /** PEM: with which answers and notifications are verified now. */
    antomPublicKey: signingKeys.antomPublicKey(),
    firstClientId: keys.clientId,
    file: options.credentialsFile,
  });
  const control = createControl({ ...parts, signingKeys, dispatcher, credentials });

  return {
    respond: answer,
    webRoutes: createWebOnDemand({ keys, control, token: options.controlToken, vaultings, links, facts, baseUrl }),
    control,
    /** PEM: with which answers and notifications are verified now. */
    antomPublicKey: signingKeys.antomPublicKey,
    /** Ends the streams of events, which have no end of their own. Call it before the socket is closed. */
    endStreams: events.end,
    /** Resolves once the delivery loop has ended and the store is closed. Call it after the socket is closed. */
    close: async (graceMs = 10_000): Promise<void> => {
      await sweeper.stop();
      await dispatcher.close(graceMs);
      await store.close();
    },
  };
}
