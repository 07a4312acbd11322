/** The sandbox put together: everything but the socket. */

import { isDashboards } from "../control-api/sandbox-paths.ts";
import {
  type Answering,
  type CuttableAnswer,
  createGateway,
  type GatewayKeys,
  type RefusedSignature,
  withNextKey,
} from "../gateway/index.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { operationIn } from "../protocol/operations.ts";
import { importPublicKey, sameKey } from "../signature/index.ts";
import { createForgeryGuard } from "./access/csrf-guard.ts";
import { CARD_PATH, CHALLENGE_PATH } from "./buyer-pages/paths.ts";
import { createJournal } from "./call-log/call-log.ts";
import { createEvents, eventOf } from "./call-log/events.ts";
import { createExplainer } from "./call-log/explain-signature.ts";
import { type Control, createControl } from "./control/sandbox-control.ts";
import { type Clients, openClients } from "./identities/clients.ts";
import { openSigningKeys } from "./identities/signing-keys.ts";
import type { Reach } from "./notifier/address-guard.ts";
import { createNotify } from "./notifier/deliver-notification.ts";
import { type Dispatcher, startDispatcher } from "./notifier/dispatcher.ts";
import { createPoster } from "./notifier/http-post.ts";
import { createOperations } from "./operation-handlers.ts";
import type { Engine } from "./store/database-engine.ts";
import type { VaultingId } from "./store/rows.ts";
import { openStore, type Store } from "./store/store.ts";
import { ANSWER_FAULTS, answerWithFault, createFaults } from "./switches/faults.ts";
import { createScenarios } from "./switches/scenarios.ts";
import { type Loop, startLoop } from "./time/background-loop.ts";
import { createClock } from "./time/clock.ts";
import { createFresh, deriveKey } from "./vaulting/random-values.ts";
import { after, type Facts, LIFETIMES, type Lifetimes, originOf } from "./vaulting/state-machine.ts";

export interface SandboxOptions {
  readonly engine: Engine;
  readonly keys: GatewayKeys;
  /** Makes the gateway's next key, wherever the keys are kept. Default: one that nobody keeps. */
  readonly nextKey?: (keys: GatewayKeys) => Promise<GatewayKeys>;
  /** Where notifications may be sent. */
  readonly reach: Reach;
  /** Whether this process sends them. */
  readonly deliver: boolean;
  readonly refuseDifferingRepeats: boolean;
  readonly lifetimes?: Partial<Lifetimes>;
  /** What the control API asks for where it is not open. */
  readonly controlToken?: string | undefined;
  /** The address at which the sandbox is reached; known once it listens. */
  readonly baseUrl: () => string;
  /** The port on which it listens itself, to which no notification goes. Default: that of `baseUrl`. */
  readonly ownPort?: () => number;
  /** Where the keys of the first client are kept, for its developer to read. */
  readonly credentialsFile?: string | undefined;
  readonly onSignatureRefused?: (refused: RefusedSignature) => void;
  readonly onError?: (error: unknown) => void;
}

export interface Sandbox {
  readonly answer: Answering;
  readonly beside: {
    readonly owns: (path: string, method: string) => boolean;
    readonly fetch: (request: Request) => Promise<Response>;
  };
  readonly control: Control;
  /** PEM: with which answers and notifications are verified now. */
  readonly antomPublicKey: () => string;
  /** Ends the streams of events, which have no end of their own. Call it before the socket is closed. */
  readonly endStreams: () => void;
  /** Resolves once the delivery loop has ended and the store is closed. Call it after the socket is closed. */
  readonly close: (graceMs?: number) => Promise<void>;
}

const CONTROL_PATH = "/_sandbox";
const OWN_PATHS = [CHALLENGE_PATH, CARD_PATH, `${CONTROL_PATH}/`];

const owns = (path: string, method: string): boolean =>
  OWN_PATHS.some((own) => path.startsWith(own)) || isDashboards(path, method);

/**
 * Opens a sandbox over an engine.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where the database belongs to other keys, or a later version made it
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { engine, keys, baseUrl, onError = () => {} } = options;
  const lifetimes = { ...LIFETIMES, ...options.lifetimes };
  // Of the first key, so that what is derived of it outlives every rotation.
  const [{ privateKey: rootKey }] = keys.versions;
  const fresh = createFresh(rootKey);
  const signingKeys = await openSigningKeys(keys, options.nextKey ?? withNextKey);
  const { signer } = signingKeys;

  let dispatcher: Dispatcher | undefined;
  let sweeper: Loop | undefined;
  const wake = () => dispatcher?.wake();
  const events = createEvents();
  const store: Store = await openStore(engine, {
    onFinal: wake,
    onVaulting: (vaulting) => events.tell(() => eventOf("vaulting", vaulting)),
    onNotification: (notification) => events.tell(() => eventOf("notification", notification, notification.seq)),
    now: () => clock.now(),
  });
  await refuseForeignKeys(store, signingKeys.list()[0].antomPublicKey);
  const clock = createClock(Number((await store.settings.get(CLOCK)) ?? 0), {
    keep: (offsetMs) => store.settings.set(CLOCK, String(offsetMs)),
    moved: () => {
      events.tell(() => ({ kind: "clock" }));
      wake();
      sweeper?.wake();
    },
  });
  const clients: Clients = await openClients(store, keys);

  const facts = (): Facts => ({ now: clock.now(), fresh, lifetimes });
  const links = {
    challenge: (id: string) => baseUrl() + CHALLENGE_PATH + id,
    card: (id: string) => baseUrl() + CARD_PATH + id,
  };
  const scenarios = createScenarios(clock.now);
  const faults = createFaults();
  const journal = createJournal();
  const tellExchange = (sequence: number) =>
    events.tell(() => eventOf("exchange", journal.find(sequence) ?? {}, sequence));
  const explain = createExplainer((sequence, sentence) => {
    journal.explain(sequence, sentence);
    tellExchange(sequence);
  });
  const { vaultings, outbox } = store;

  const gateway = createGateway({
    merchant: clients.merchant,
    get privateKey() {
      return signer.privateKey;
    },
    get keyVersion() {
      return signer.keyVersion;
    },
    handle: createOperations({
      vaultings,
      scenarios,
      links,
      facts,
      refuseDifferingRepeats: options.refuseDifferingRepeats,
    }),
    ...(options.onSignatureRefused ? { onSignatureRefused: options.onSignatureRefused } : {}),
    onError,
  });

  const answer: Answering = async (message) => {
    const at = clock.now();
    const started = performance.now();
    const fault = faults.take(ANSWER_FAULTS, message.headers.get("client-id") ?? "", operationIn(message.target));
    const answered: CuttableAnswer = fault
      ? await answerWithFault(fault, gateway.answer, message)
      : await gateway.answer(message);
    const durationMs = performance.now() - started;
    const { refused } = answered.about;
    const requestTime = message.headers.get("request-time");
    const told = { path: message.target, at, requestTime, durationMs, answer: answered, fault: fault?.fault };
    const sequence = journal.add(told);
    tellExchange(sequence);
    if (refused) explain(sequence, refused);
    return answered;
  };

  /** Other processes on the same database move the clock and add clients too; and time alone ends what nobody asks for. */
  async function sweep(): Promise<void> {
    if (engine.name === "postgresql") {
      clock.follow(Number((await store.settings.get(CLOCK)) ?? 0));
      await clients.refresh();
    }
    await Promise.all((await vaultings.expired(clock.now())).map(writeDown));
  }

  /** What has become of a vaulting by itself. */
  const writeDown = ({ clientId, vaultingRequestId }: VaultingId): Promise<void> =>
    vaultings.change({ clientId, vaultingRequestId }, (stored) => {
      const current = stored && after(stored, { kind: "nothing" }, facts());
      return current === stored || !current ? { answer: undefined } : { answer: undefined, vaulting: current };
    });

  // With one process alone, what is leased was leased by one that is gone.
  if (engine.name === "sqlite") await outbox.releaseAll();
  const { ownPort = () => Number(new URL(baseUrl()).port) } = options;
  dispatcher = startDispatcher({
    outbox,
    notify: createNotify({ post: createPoster({ reach: options.reach, ownPort }), signer }),
    faults,
    originOf: async (notification) => {
      const vaulting = await vaultings.find(notification);
      return vaulting && originOf(vaulting);
    },
    now: clock.now,
    onError,
    idle: !options.deliver,
  });
  sweeper = startLoop(sweep, { everyMs: SWEEP_MS, onError });

  const control = createControl({
    store,
    clock,
    clients,
    signingKeys,
    scenarios,
    faults,
    journal,
    dispatcher,
    links,
    facts,
    events,
    credentials: () => ({
      baseUrl: baseUrl(),
      antomPublicKey: signingKeys.antomPublicKey(),
      firstClientId: keys.clientId,
      file: options.credentialsFile,
    }),
  });
  let web: Promise<{ readonly fetch: (request: Request) => Response | Promise<Response> }> | undefined;
  /** Most sandboxes are never asked for a page, and what serves them takes as long to load as all the rest. */
  const loadWeb = async () => {
    const { createWeb } = await import("./web-routes.ts");
    const guard = createForgeryGuard(deriveKey(rootKey, "forms"));
    const pages = { vaultings, links, facts, guard, secure: () => baseUrl().startsWith("https:") };
    const secret = deriveKey(rootKey, "dashboard");
    const dashboard = { control, token: options.controlToken, secret, baseUrl, merchant: keys };
    return createWeb({ controlPath: CONTROL_PATH, control, dashboard, pages });
  };

  return {
    answer,
    beside: {
      owns,
      fetch: async (request) => {
        web ??= loadWeb();
        return (await web).fetch(request);
      },
    },
    control,
    antomPublicKey: signingKeys.antomPublicKey,
    endStreams: events.end,
    close: async (graceMs = 10_000) => {
      await sweeper.stop();
      await dispatcher.close(graceMs);
      await store.close();
    },
  };
}

const SWEEP_MS = 500;
const CLOCK = "clockOffsetMs";
const GATEWAY_KEY = "gatewayKey";

/** A gateway whose first key is another one is one that nobody knows: its answers to old IDs would no longer verify. */
async function refuseForeignKeys(store: Store, firstPublicKey: string): Promise<void> {
  const known = await store.settings.get(GATEWAY_KEY);
  if (known === undefined) return store.settings.set(GATEWAY_KEY, firstPublicKey);
  // The same key may have been kept in another form, as credentials.json had it.
  if (
    known === firstPublicKey ||
    (await sameKey(await importPublicKey(known), await importPublicKey(firstPublicKey)))
  ) {
    return;
  }
  throw new AntomVaultError(
    "CONFIGURATION_INVALID",
    "The database belongs to a gateway with another key. Give --data the folder whose gateway-private-key.pem it was made with, or another database.",
  );
}
