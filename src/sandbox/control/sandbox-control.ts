/** What can be done to a sandbox from outside the API, and seen of it. The same for a test in the process and for the control API. */
import { ONE_TIME_CODE, TEST_CARDS } from "../../cards/test-cards.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { readPackageVersion } from "../../machine/package-version.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import type { CallListOptions, CallLog } from "../call-log/call-log.ts";
import type { Events } from "../call-log/events.ts";
import type { Clients } from "../identities/clients.ts";
import type { SigningKeys } from "../identities/signing-keys.ts";
import type { Dispatcher } from "../notifier/dispatcher.ts";
import type { OutboxListOptions } from "../store/outbox.ts";
import type { NotificationRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import type { ListOptions } from "../store/vaultings.ts";
import type { Faults } from "../switches/faults.ts";
import type { Scenarios } from "../switches/scenarios.ts";
import type { SandboxClock } from "../time/clock.ts";
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

export type Control = Readonly<ReturnType<typeof createControl>>;

export function createControl(parts: ControlDependencies) {
  const vaultingControls = createVaultingControls(parts);
  return {
    ...createDashboardQueries(parts, vaultingControls.notification),
    ...createMerchantControls(parts),
    ...createStatusControls(parts),
    ...createSwitchControls(parts),
    ...vaultingControls,
  };
}

/** What a merchant needs to call: test cards, credentials, and the gateway's keys. */
function createMerchantControls({ clients, signingKeys, credentials }: ControlDependencies) {
  return {
    cards: (): ControlSchemas["CardList"] => ({
      oneTimeCode: ONE_TIME_CODE,
      cards: TEST_CARDS.map(({ exempt: _exempt, challenge, ...card }) => ({ ...card, ...omitNullish({ challenge }) })),
    }),
    configuration: credentials,
    clients: async (): Promise<readonly ControlSchemas["Client"][]> =>
      (await clients.list()).map(({ clientId, createdAt }) => ({ clientId, createdAt: toIsoTime(createdAt) })),
    /** A second merchant. `undefined` where there is one of that ID. */
    addClient: async (clientId?: string): Promise<ControlSchemas["Credentials"] | undefined> => {
      if (clientId !== undefined && !/^[\x21-\x7E]{1,128}$/.test(clientId)) {
        throw new AntomVaultError(
          "CONFIGURATION_INVALID",
          "A client ID is 1 to 128 printable ASCII characters without blanks.",
        );
      }
      const added = await clients.add(clientId);
      const { baseUrl, antomPublicKey } = credentials();
      return added && { baseUrl, antomPublicKey, ...added };
    },
    /** The gateway's public keys, the newest last. */
    keys: (): readonly ControlSchemas["GatewayKey"][] => signingKeys.list().map(serializeKey),
    /**
     * Gives the gateway its next key.
     *
     * @throws AntomVaultError `CONFIGURATION_INVALID` where it cannot be kept; the gateway then goes on with the key that it has
     */
    rotateKey: async (): Promise<ControlSchemas["GatewayKey"]> => serializeKey(await signingKeys.rotate()),
  };
}

/** How the sandbox is: its health, its deliveries, its call log and its events. */
function createStatusControls({ store, clock, callLog, dispatcher, events, credentials }: ControlDependencies) {
  const { engine, vaultings, outbox } = store;
  const started = Date.now();
  const mark = started.toString(36);

  async function delivery(): Promise<ControlSchemas["Delivery"]> {
    const { running, lastRunAt, inFlight } = dispatcher.status();
    const pending = await outbox.countPending();
    return { running: running && hasRunRecently(lastRunAt), lastRunAt: toIsoTime(lastRunAt), pending, inFlight };
  }

  return {
    delivery,
    health: async (): Promise<ControlSchemas["Health"]> => ({
      status: hasRunRecently(dispatcher.status().lastRunAt) ? "ok" : "degraded",
      version: readPackageVersion(),
      startedAt: toIsoTime(started),
      engine: engine.name,
      clock: serializeClock(clock),
      delivery: await delivery(),
      vaultings: await vaultings.count(),
      baseUrl: credentials().baseUrl,
    }),
    calls: (options: Partial<CallListOptions> = {}): readonly ControlSchemas["ApiCall"][] =>
      callLog.list({ limit: 100, ...options }).map(serializeCall),
    /** The events from now on, for whoever saw `lastEventId` last. `undefined` where too many follow them. */
    events: (lastEventId?: string): ReadableStream<Uint8Array> | undefined =>
      openEventStream({ events, callLog, instanceId: mark }, lastEventId ?? null),
  };
}

/** Whether the delivery loop has looked for what is due not long ago. */
const hasRunRecently = (lastRunAt: number): boolean => Date.now() - lastRunAt < 10_000;

/** What the sandbox does next: its clock, scenarios, faults, and forgetting everything. */
function createSwitchControls({ store, clock, scenarios, faults, callLog, events }: ControlDependencies) {
  return {
    clock: (): ControlSchemas["Clock"] => serializeClock(clock),
    moveClock: async ({ advanceMs, now, reset }: ControlSchemas["ClockRequest"]): Promise<ControlSchemas["Clock"]> => {
      // 23:60:00 with an offset of a minute is a date-time by its format, and no time.
      const at = now === undefined ? 0 : Date.parse(now);
      if (Number.isNaN(at)) throw new AntomVaultError("CONFIGURATION_INVALID", "now must be a time that there is.");
      if (reset) await clock.moveTo(0);
      else if (now !== undefined) await clock.moveTo(at - Date.now());
      else await clock.moveTo((offsetMs) => offsetMs + (advanceMs ?? 0));
      return serializeClock(clock);
    },
    scenarios: (): readonly ControlSchemas["Scenario"][] => scenarios.list().map(serializeScenario),
    /** @throws AntomVaultError `CONFIGURATION_INVALID` where the operation has no such code */
    startScenario: (request: ControlSchemas["ScenarioRequest"]): ControlSchemas["Scenario"] =>
      serializeScenario(scenarios.start(request)),
    endScenarios: scenarios.end,
    faults: faults.list,
    injectFault: faults.inject,
    clearFaults: faults.clear,
    /** Forgets vaultings, notifications, journal, scenarios, faults and the clock's offset. Clients and keys stay. */
    reset: async (): Promise<void> => {
      scenarios.end();
      faults.clear();
      await clock.moveTo(0);
      await store.reset();
      callLog.clear();
      events.emit(() => ({ kind: "reset" }));
    },
  };
}

const serializeScenario = ({ until, ...scenario }: ReturnType<Scenarios["start"]>): ControlSchemas["Scenario"] => ({
  ...scenario,
  until: toIsoTime(until),
});

/** Vaultings, their challenges, and their notifications. `clientId` is by default the first client's. */
function createVaultingControls({ store, clock, dispatcher, links, facts, credentials }: ControlDependencies) {
  const { vaultings, outbox } = store;

  const withAttempts = async (row: NotificationRow): Promise<ControlSchemas["Notification"]> =>
    serializeNotification(row, await outbox.listAttempts(row.seq));

  /** The one notification of a vaulting, once it is final. */
  async function notification(
    vaultingRequestId: string,
    clientId = credentials().firstClientId,
  ): Promise<ControlSchemas["Notification"] | undefined> {
    const row = await outbox.findByVaulting({ clientId, vaultingRequestId });
    return row && withAttempts(row);
  }

  /** One vaulting with its notifications. */
  async function vaulting(
    vaultingRequestId: string,
    clientId = credentials().firstClientId,
  ): Promise<ControlSchemas["Vaulting"] | undefined> {
    const stored = await vaultings.find({ clientId, vaultingRequestId });
    if (!stored) return undefined;
    const own = await notification(vaultingRequestId, clientId);
    return { ...serializeVaulting(stored, links), notifications: own ? [own] : [] };
  }

  return {
    /** Newest first. */
    vaultings: async (options: Partial<ListOptions> = {}): Promise<readonly ControlSchemas["Vaulting"][]> =>
      (await vaultings.list({ limit: 100, ...options })).map((each) => serializeVaulting(each, links)),
    vaulting,
    /** Ends a challenge without its page. `false` where none is pending, `undefined` where there is no such vaulting. */
    completeChallenge: async (
      vaultingRequestId: string,
      result: ChallengeResult,
      clientId = credentials().firstClientId,
    ): Promise<ControlSchemas["Vaulting"] | false | undefined> => {
      const ended = await vaultings.update({ clientId, vaultingRequestId }, (stored) => {
        if (!stored) return { response: undefined };
        const next = transition(stored, { kind: "ended", result }, facts());
        if (next === stored) return { response: false };
        // One that has expired unseen ends as it would have, and not as it is told to.
        return { response: !isFinal(next) || next.endedBy !== "expired" || result === "abandoned", vaulting: next };
      });
      return ended ? vaulting(vaultingRequestId, clientId) : ended;
    },
    /** Newest first. */
    notifications: async (
      options: Partial<OutboxListOptions> = {},
    ): Promise<readonly ControlSchemas["Notification"][]> =>
      Promise.all((await outbox.list({ limit: 100, ...options })).map(withAttempts)),
    notification,
    /** Begins the schedule anew. `undefined` where there is no such notification. */
    resend: async (sequence: number): Promise<ControlSchemas["Notification"] | undefined> => {
      const row = await outbox.resend(sequence, clock.now());
      if (!row) return undefined;
      dispatcher.wake();
      return withAttempts(row);
    },
  };
}
