/** What can be done to a sandbox from outside the API, and seen of it. The same for a test in the process and for the control API. */

import type { OperationId } from "../../../generated/operations.ts";
import { ONE_TIME_CODE, TEST_CARDS } from "../../cards/test-cards.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { packageVersion } from "../../machine/package-version.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import type { Journal } from "../call-log/call-log.ts";
import type { Events } from "../call-log/events.ts";
import type { Clients } from "../identities/clients.ts";
import type { SigningKeys } from "../identities/signing-keys.ts";
import type { Dispatcher } from "../notifier/dispatcher.ts";
import type { NotificationRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import type { Faults } from "../switches/faults.ts";
import type { Scenarios } from "../switches/scenarios.ts";
import type { SandboxClock } from "../time/clock.ts";
import type { Links } from "../vaulting/responses.ts";
import { after, type ChallengeResult, type Facts, isFinal } from "../vaulting/state-machine.ts";
import { createLooks, type Looks } from "./dashboard-queries.ts";
import { openEventStream } from "./event-stream.ts";
import { clockView, exchangeView, keyView, notificationView, time, vaultingView } from "./serializers.ts";

type Schemas = ControlSchemas;

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
  readonly credentials: () => {
    readonly baseUrl: string;
    readonly antomPublicKey: string;
    readonly firstClientId: string;
    /** The file that a client reads; `undefined` where the keys are kept nowhere. */
    readonly file?: string | undefined;
  };
  readonly events: Events;
}

interface Limited {
  /** How many at the most. Default 100. */
  readonly limit?: number | undefined;
  readonly clientId?: string | undefined;
}

export interface Control extends Looks {
  /** The events from now on, for whoever saw `lastEventId` last. `undefined` where too many follow them. */
  readonly events: (lastEventId?: string) => ReadableStream<Uint8Array> | undefined;
  readonly health: () => Promise<Schemas["Health"]>;
  readonly delivery: () => Promise<Schemas["Delivery"]>;
  readonly journal: (options?: {
    readonly limit?: number | undefined;
    readonly after?: number | undefined;
  }) => readonly Schemas["Exchange"][];
  readonly vaultings: (
    options?: Limited & {
      readonly status?: Schemas["VaultingStatus"] | undefined;
      readonly before?: number | undefined;
    },
  ) => Promise<readonly Schemas["Vaulting"][]>;
  /** One vaulting with its notifications. `clientId`: default the first client. */
  readonly vaulting: (vaultingRequestId: string, clientId?: string) => Promise<Schemas["Vaulting"] | undefined>;
  /** Ends a challenge without its page. `false` where none is pending, `undefined` where there is no such vaulting. */
  readonly endChallenge: (
    vaultingRequestId: string,
    result: ChallengeResult,
    clientId?: string,
  ) => Promise<Schemas["Vaulting"] | false | undefined>;
  /** Newest first. */
  readonly notifications: (
    options?: Limited & {
      readonly state?: Schemas["NotificationState"] | undefined;
      readonly vaultingRequestId?: string | undefined;
    },
  ) => Promise<readonly Schemas["Notification"][]>;
  /** The one notification of a vaulting, once it is final. `clientId`: default the first client. */
  readonly notification: (vaultingRequestId: string, clientId?: string) => Promise<Schemas["Notification"] | undefined>;
  /** Begins the schedule anew. `undefined` where there is no such notification. */
  readonly resend: (sequence: number) => Promise<Schemas["Notification"] | undefined>;
  readonly clock: () => Schemas["Clock"];
  readonly moveClock: (request: Schemas["ClockRequest"]) => Promise<Schemas["Clock"]>;
  readonly scenarios: () => readonly Schemas["Scenario"][];
  /** @throws AntomVaultError `CONFIGURATION_INVALID` where the operation has no such code */
  readonly startScenario: (request: Schemas["ScenarioRequest"]) => Schemas["Scenario"];
  readonly endScenarios: (operation?: OperationId) => void;
  readonly faults: () => readonly Schemas["Fault"][];
  readonly injectFault: (request: Schemas["FaultRequest"]) => Schemas["Fault"];
  readonly clearFaults: () => void;
  /** Forgets vaultings, notifications, journal, scenarios, faults and the clock's offset. Clients and keys stay. */
  readonly reset: () => Promise<void>;
  readonly cards: () => Schemas["CardList"];
  /** What a client is configured with, but for its private key; `file` is where that is. */
  readonly configuration: () => {
    readonly baseUrl: string;
    readonly antomPublicKey: string;
    readonly firstClientId: string;
    readonly file?: string | undefined;
  };
  readonly clients: () => Promise<readonly Schemas["Client"][]>;
  /** A second merchant. `undefined` where there is one of that ID. */
  readonly addClient: (clientId?: string) => Promise<Schemas["Credentials"] | undefined>;
  /** The gateway's public keys, the newest last. */
  readonly keys: () => readonly Schemas["GatewayKey"][];
  /**
   * Gives the gateway its next key.
   *
   * @throws AntomVaultError `CONFIGURATION_INVALID` where it cannot be kept; the gateway then goes on with the key that it has
   */
  readonly rotateKey: () => Promise<Schemas["GatewayKey"]>;
}

/** Whether the delivery loop has looked for what is due not long ago. */
const isAlive = (lastTurnAt: number): boolean => Date.now() - lastTurnAt < 10_000;

export function createControl(parts: ControlParts): Control {
  const { store, clock, clients, signingKeys, scenarios, faults, journal } = parts;
  const { dispatcher, links, facts, credentials, events } = parts;
  const { vaultings, outbox } = store;
  const started = Date.now();
  const mark = started.toString(36);

  const withAttempts = async (row: NotificationRow): Promise<Schemas["Notification"]> =>
    notificationView(row, await outbox.attemptsOf([row.seq]));

  async function notification(vaultingRequestId: string, clientId = credentials().firstClientId) {
    const row = await outbox.ofVaulting({ clientId, vaultingRequestId });
    return row && withAttempts(row);
  }

  async function vaulting(vaultingRequestId: string, client?: string): Promise<Schemas["Vaulting"] | undefined> {
    const clientId = client ?? credentials().firstClientId;
    const stored = await vaultings.find({ clientId, vaultingRequestId });
    if (!stored) return undefined;
    const own = await notification(vaultingRequestId, clientId);
    return { ...vaultingView(stored, links), notifications: own ? [own] : [] };
  }

  async function delivery(): Promise<Schemas["Delivery"]> {
    const { running, lastTurnAt, underWay } = dispatcher.status();
    const pending = await outbox.pending();
    return { running: running && isAlive(lastTurnAt), lastTurnAt: time(lastTurnAt), pending, underWay };
  }

  const clockNow = () => clockView(clock);
  const scenarioView = ({ until, ...scenario }: ReturnType<Scenarios["start"]>) => ({
    ...scenario,
    until: time(until),
  });
  const faultView = ({
    fault,
    operation,
    times = 1,
    ms,
    clientId,
    remaining,
  }: ReturnType<Faults["inject"]>): Schemas["Fault"] => ({
    fault,
    ...(operation === undefined ? {} : { operation }),
    times,
    ...(ms === undefined ? {} : { ms }),
    ...(clientId === undefined ? {} : { clientId }),
    remaining,
  });

  return {
    ...createLooks({ store, journal, links, notification }),
    events: (lastEventId) => openEventStream({ events, journal, mark }, lastEventId ?? null),
    configuration: credentials,
    delivery,
    health: async () => {
      const { lastTurnAt } = dispatcher.status();
      return {
        status: isAlive(lastTurnAt) ? "ok" : "degraded",
        version: packageVersion(),
        startedAt: time(started),
        engine: store.engine.name,
        clock: clockNow(),
        delivery: await delivery(),
        vaultings: await vaultings.count(),
        baseUrl: credentials().baseUrl,
      };
    },
    journal: ({ limit = 100, after: sequence } = {}) => journal.list({ limit, after: sequence }).map(exchangeView),
    vaultings: async ({ limit = 100, ...options } = {}) =>
      (await vaultings.list({ limit, ...options })).map((each) => vaultingView(each, links)),
    vaulting,
    endChallenge: async (vaultingRequestId, result, client) => {
      const clientId = client ?? credentials().firstClientId;
      const ended = await vaultings.change({ clientId, vaultingRequestId }, (stored) => {
        if (!stored) return { answer: undefined };
        const next = after(stored, { kind: "ended", result }, facts());
        if (next === stored) return { answer: false };
        // One that has expired unseen ends as it would have, and not as it is told to.
        return { answer: !isFinal(next) || next.endedBy !== "expired" || result === "abandoned", vaulting: next };
      });
      return ended ? vaulting(vaultingRequestId, clientId) : ended;
    },
    notifications: async ({ limit = 100, ...options } = {}) =>
      Promise.all((await outbox.list({ limit, ...options })).map(withAttempts)),
    notification,
    resend: async (sequence) => {
      const row = await outbox.resend(sequence, clock.now());
      if (!row) return undefined;
      dispatcher.wake();
      return withAttempts(row);
    },
    clock: clockNow,
    moveClock: async ({ advanceMs, now, reset }) => {
      // 23:60:00 with an offset of a minute is a date-time by its format, and no time.
      const at = now === undefined ? 0 : Date.parse(now);
      if (Number.isNaN(at)) throw new AntomVaultError("CONFIGURATION_INVALID", "now must be a time that there is.");
      if (reset) await clock.moveTo(0);
      else if (now !== undefined) await clock.moveTo(at - Date.now());
      else await clock.moveTo((offsetMs) => offsetMs + (advanceMs ?? 0));
      return clockNow();
    },
    scenarios: () => scenarios.list().map(scenarioView),
    startScenario: (request) => scenarioView(scenarios.start(request)),
    endScenarios: scenarios.end,
    faults: () => faults.list().map(faultView),
    injectFault: (request) => faultView(faults.inject(request)),
    clearFaults: faults.clear,
    reset: async () => {
      scenarios.end();
      faults.clear();
      await clock.moveTo(0);
      await store.forget();
      journal.clear();
      events.tell(() => ({ kind: "reset" }));
    },
    cards: () => ({
      oneTimeCode: ONE_TIME_CODE,
      cards: TEST_CARDS.map(({ number, brand, purpose, publishedBy, verdict, challenge, country }) => ({
        number,
        brand,
        purpose,
        publishedBy,
        verdict,
        ...(challenge === undefined ? {} : { challenge }),
        ...(country === undefined ? {} : { country }),
      })),
    }),
    clients: async () =>
      (await clients.list()).map(({ clientId, createdAt }) => ({ clientId, createdAt: time(createdAt) })),
    addClient: async (clientId) => {
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
    keys: () => signingKeys.list().map(keyView),
    rotateKey: async () => keyView(await signingKeys.rotate()),
  };
}
