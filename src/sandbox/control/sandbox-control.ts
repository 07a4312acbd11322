/** The operations that inspect and control a sandbox. The control API, the dashboard, and `startSandbox` share them. */
import type { OperationId } from "../../../generated/operations.ts";
import { ONE_TIME_CODE, TEST_CARDS } from "../../cards/test-cards.ts";
import type { ControlSchemas as Schemas } from "../../control-api/control-schemas.ts";
import { getKeyFingerprint } from "../../gateway/index.ts";
import { readPackageVersion } from "../../machine/package-version.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import type { CallListOptions, CallLog, LoggedCall } from "../call-log/call-log.ts";
import type { Events } from "../call-log/events.ts";
import type { Clients } from "../identities/clients.ts";
import type { SigningKeys } from "../identities/signing-keys.ts";
import type { Dispatcher } from "../notifier/dispatcher.ts";
import type { NotificationListOptions } from "../store/outbox.ts";
import type { ClientRow, NotificationRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import type { VaultingListOptions } from "../store/vaulting-search.ts";
import type { Faults } from "../switches/faults.ts";
import type { Scenarios } from "../switches/scenarios.ts";
import type { SandboxClock } from "../time/clock.ts";
import { getMaxBlockedMs, watchEventLoop } from "../time/event-loop.ts";
import type { Links } from "../vaulting/responses.ts";
import { type ChallengeResult, type Facts, isFinal, transition } from "../vaulting/state-machine.ts";
import { createDashboardQueries } from "./dashboard-queries.ts";
import { openEventStream } from "./event-stream.ts";
import {
  omitNullish,
  serializeCall,
  serializeClock,
  serializeKey,
  serializeNotification,
  serializeVaulting,
  toIsoTime,
} from "./serializers.ts";

export interface ControlDependencies {
  readonly store: Store;
  readonly clock: SandboxClock;
  readonly clients: Clients;
  readonly signingKeys: SigningKeys;
  readonly scenarios: Scenarios;
  readonly faults: Faults;
  readonly callLog: CallLog;
  readonly dispatcher: Dispatcher;
  readonly links: Links;
  readonly facts: () => Facts;
  /** The configuration of the first client, without its private key. */
  readonly credentials: () => {
    readonly baseUrl: string;
    readonly antomPublicKey: string;
    readonly firstClientId: string;
    /** The path of the credentials file, or `undefined` if keys are kept only in memory. */
    readonly credentialsFile?: string | undefined;
  };
  readonly events: Events;
  /** Signs a call on behalf of its client, and handles the call as if it had arrived over the network. */
  readonly send: (call: SentCall) => Promise<LoggedCall>;
}

/** A call that a user sends from the dashboard. */
export interface SentCall {
  readonly clientId: string;
  readonly operation: OperationId;
  readonly body: string;
}

export type Control = Readonly<ReturnType<typeof createControl>>;

export function createControl(dependencies: ControlDependencies) {
  const vaultingControls = createVaultingControls(dependencies);
  return {
    ...createDashboardQueries(dependencies, vaultingControls.notification),
    ...createMerchantControls(dependencies),
    ...createStatusControls(dependencies),
    ...createSimulationControls(dependencies),
    ...vaultingControls,
  };
}

/** Creates the operations on test cards, clients, and the gateway's keys. */
function createMerchantControls({ clients, signingKeys, credentials }: ControlDependencies) {
  return {
    cards: (): Schemas["CardList"] => ({
      oneTimeCode: ONE_TIME_CODE,
      cards: TEST_CARDS.map(({ exempt: _exempt, challenge, ...card }) => ({ ...card, ...omitNullish({ challenge }) })),
    }),
    configuration: credentials,
    clients: async (): Promise<readonly Schemas["Client"][]> => (await clients.list()).map(serializeClient),
    /** Adds a client. Returns `undefined` if a client with this ID already exists. */
    addClient: async (clientId?: string): Promise<Schemas["Credentials"] | undefined> => {
      if (clientId !== undefined && !/^[\x21-\x7E]{1,128}$/.test(clientId)) {
        throw new AntomVaultError(
          "CONFIGURATION_INVALID",
          "clientId is invalid: use 1 to 128 printable ASCII characters without spaces.",
        );
      }
      const added = await clients.add(clientId);
      const { baseUrl, antomPublicKey } = credentials();
      return added && { baseUrl, antomPublicKey, ...added };
    },
    /** Returns the gateway's public keys, newest last. */
    keys: (): readonly Schemas["GatewayKey"][] => signingKeys.list().map(serializeKey),
    /**
     * Rotates the gateway's signing key.
     *
     * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the key cannot be stored. The gateway then keeps its current key.
     */
    rotateKey: async (): Promise<Schemas["GatewayKey"]> => serializeKey(await signingKeys.rotate()),
  };
}

const serializeClient = ({ clientId, createdAt, publicKey }: ClientRow): Schemas["Client"] => ({
  clientId,
  createdAt: toIsoTime(createdAt),
  keyFingerprint: getKeyFingerprint(publicKey),
});

/** Creates the operations on health, notification delivery, calls, and events. */
function createStatusControls({ store, clock, callLog, dispatcher, events, credentials, send }: ControlDependencies) {
  const { engine, vaultings, outbox } = store;
  const startedAt = Date.now();
  watchEventLoop();
  const instanceId = startedAt.toString(36);

  async function delivery(): Promise<Schemas["Delivery"]> {
    const { running, lastRunAt, inFlight } = dispatcher.status();
    const { count: pending, firstDueAt } = await outbox.summarizePending();
    const lateMs = clock.getDelayMs(firstDueAt);
    return {
      running: running && hasRunRecently(lastRunAt),
      lastRunAt: toIsoTime(lastRunAt),
      pending,
      inFlight,
      lateMs,
    };
  }

  return {
    delivery,
    health: async (): Promise<Schemas["Health"]> => {
      const deliveryHealth = await delivery();
      const isLate = dispatcher.status().running && deliveryHealth.lateMs > MAX_LATE_MS;
      const isDegraded = isLate || !hasRunRecently(dispatcher.status().lastRunAt);
      return {
        status: isDegraded ? "degraded" : "ok",
        version: readPackageVersion(),
        startedAt: toIsoTime(startedAt),
        engine: engine.name,
        clock: serializeClock(clock),
        delivery: deliveryHealth,
        maxBlockedMs: getMaxBlockedMs(),
        vaultings: await vaultings.count(),
        baseUrl: credentials().baseUrl,
      };
    },
    /** Sends a call, and returns its sequence number in the call log, or `undefined` if the call log could not store it. */
    sendCall: async (call: SentCall): Promise<number | undefined> => callLog.getNumber(await send(call)),
    calls: async (options: Partial<CallListOptions> = {}): Promise<readonly Schemas["ApiCall"][]> =>
      (await callLog.list({ limit: 100, ...options })).map(serializeCall),
    /** Streams events, starting after `lastEventId`. Returns `undefined` if there are too many subscribers or the sandbox is stopping. */
    events: (lastEventId?: string): ReadableStream<Uint8Array> | undefined =>
      openEventStream({ events, callLog, instanceId }, lastEventId ?? null),
  };
}

/** The delay of a due notification above which the sandbox is degraded. It exceeds the timeout of an attempt, 10 seconds. */
const MAX_LATE_MS = 15_000;

/** Returns whether the delivery loop has run in the last 10 seconds. */
const hasRunRecently = (lastRunAt: number): boolean => Date.now() - lastRunAt < 10_000;

/** Creates the operations on the clock, scenarios, and faults, and the operation that resets the sandbox. */
function createSimulationControls({ store, clock, scenarios, faults, callLog, events }: ControlDependencies) {
  return {
    clock: (): Schemas["Clock"] => serializeClock(clock),
    moveClock: async ({ advanceMs, now, reset }: Schemas["ClockRequest"]): Promise<Schemas["Clock"]> => {
      const active = scenarios.list();
      if (reset) await clock.moveTo(0);
      else if (now !== undefined) await clock.moveTo(Date.parse(now) - Date.now());
      else await clock.moveTo((offsetMs) => offsetMs + (advanceMs ?? 0));
      const ended = active.filter(({ until }) => until <= clock.now());
      return {
        ...serializeClock(clock),
        ...(ended.length > 0 ? { endedScenarios: ended.map(serializeScenario) } : {}),
      };
    },
    scenarios: (): readonly Schemas["Scenario"][] => scenarios.list().map(serializeScenario),
    /** @throws {AntomVaultError} `CONFIGURATION_INVALID` if a scenario cannot force this result code for the operation */
    startScenario: (request: Schemas["ScenarioRequest"]): Schemas["Scenario"] =>
      serializeScenario(scenarios.start(request)),
    endScenarios: scenarios.end,
    faults: faults.list,
    injectFault: faults.inject,
    clearFaults: faults.clear,
    /** Deletes vaultings, notifications, calls, scenarios, and faults, and resets the clock. Keeps clients and keys. */
    reset: async (): Promise<void> => {
      scenarios.end();
      faults.clear();
      await clock.moveTo(0);
      await callLog.dropPending();
      await store.reset();
      events.emit(() => ({ kind: "reset" }));
    },
  };
}

const serializeScenario = ({ until, ...scenario }: ReturnType<Scenarios["start"]>): Schemas["Scenario"] => ({
  ...scenario,
  until: toIsoTime(until),
});

/** Creates the operations on vaultings, challenges, and notifications. `clientId` defaults to the first client. */
function createVaultingControls({ store, clock, dispatcher, links, facts, credentials }: ControlDependencies) {
  const { vaultings, outbox } = store;

  const withAttempts = async (notification: NotificationRow): Promise<Schemas["Notification"]> => {
    const { row, attempts } = await outbox.readWithAttempts(notification);
    return serializeNotification(row, attempts);
  };

  /** Returns the notification of a vaulting, or `undefined` if the vaulting does not exist or is not final. */
  async function notification(
    vaultingRequestId: string,
    clientId = credentials().firstClientId,
  ): Promise<Schemas["Notification"] | undefined> {
    const row = await outbox.findByVaulting({ clientId, vaultingRequestId });
    return row && withAttempts(row);
  }

  /** Returns a vaulting with its notification, or `undefined` if the vaulting does not exist. */
  async function vaulting(
    vaultingRequestId: string,
    clientId = credentials().firstClientId,
  ): Promise<Schemas["Vaulting"] | undefined> {
    const stored = await vaultings.find({ clientId, vaultingRequestId });
    if (!stored) return undefined;
    const sent = await notification(vaultingRequestId, clientId);
    return { ...serializeVaulting(stored, links), notifications: sent ? [sent] : [] };
  }

  return {
    /** Lists vaultings, newest first. */
    vaultings: async (options: Partial<VaultingListOptions> = {}): Promise<readonly Schemas["Vaulting"][]> =>
      (await vaultings.list({ limit: 100, ...options })).map((row) => serializeVaulting(row, links)),
    vaulting,
    /** Completes a challenge without its page. Returns `false` if no challenge is pending, or `undefined` if the vaulting does not exist. */
    completeChallenge: async (
      vaultingRequestId: string,
      result: ChallengeResult,
      clientId = credentials().firstClientId,
    ): Promise<Schemas["Vaulting"] | false | undefined> => {
      const completed = await vaultings.update({ clientId, vaultingRequestId }, (stored) => {
        if (!stored) return { response: undefined };
        const next = transition(stored, { kind: "ended", result }, facts());
        if (next === stored) return { response: false };
        // A challenge that has already expired stays expired, regardless of the requested result.
        return { response: !isFinal(next) || next.endedBy !== "expired" || result === "abandoned", vaulting: next };
      });
      return completed ? vaulting(vaultingRequestId, clientId) : completed;
    },
    /** Lists notifications, newest first. */
    notifications: async (
      options: Partial<NotificationListOptions> = {},
    ): Promise<readonly Schemas["Notification"][]> =>
      Promise.all((await outbox.list({ limit: 100, ...options })).map(withAttempts)),
    notification,
    /** Searches notifications, newest first. To get the next page, pass `next` as `before`. */
    searchNotifications: async (options: NotificationListOptions) => {
      const { found, next } = await outbox.search(options);
      return { notifications: await Promise.all(found.map(withAttempts)), next };
    },
    /** Counts matching notifications by state. */
    countNotifications: outbox.countMatches,
    findNotification: async (sequence: number): Promise<Schemas["Notification"] | undefined> => {
      const row = await outbox.find(sequence);
      return row && withAttempts(row);
    },
    /** Resends a notification and restarts its retry schedule. Returns `undefined` if the notification does not exist. */
    resend: async (sequence: number): Promise<Schemas["Notification"] | undefined> => {
      const row = await outbox.resend(sequence, clock.now());
      if (!row) return undefined;
      dispatcher.wake();
      return withAttempts(row);
    },
  };
}
