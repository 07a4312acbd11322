/** A running sandbox. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ControlSchemas } from "../control-api/control-schemas.ts";
import {
  CREDENTIALS_FILE,
  type Credentials,
  GATEWAY_KEY_FILE,
  type GatewayKeys,
  listen,
  openCredentials,
  type RefusedSignature,
  rotateCredentials,
  throwAwayCredentials,
  writeCredentials,
} from "../gateway/index.ts";
import { makeFolder } from "../machine/create-private-directory.ts";
import { AntomVaultError, missingPart } from "../protocol/errors.ts";
import { isLoopback } from "../protocol/loopback.ts";
import type { Control } from "./control/sandbox-control.ts";
import type { Reach } from "./notifier/address-guard.ts";
import { openSandbox } from "./sandbox.ts";
import type { Engine } from "./store/database-engine.ts";
import { openPostgres } from "./store/postgres.ts";
import { openSqlite, requireSqlite } from "./store/sqlite.ts";
import type { ChallengeResult, Lifetimes } from "./vaulting/state-machine.ts";

type Schemas = ControlSchemas;

export interface StartSandboxOptions {
  /** A folder for keys, credentials and the database. Left out: in memory, with keys that nobody keeps. */
  readonly data?: string;
  /** `postgres://…`: keeps the vaultings there, so that several sandboxes share them. They also share the keys: give each a copy of the same `data`. A key that one of them rotates to is its own: the others go on with theirs until they are started with a copy of its folder. */
  readonly database?: string;
  /** Default `127.0.0.1`. On anything but loopback the control API asks for a token, and notifications go to public addresses only. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** The address at which buyers reach the pages, where that is not where it listens. */
  readonly publicUrl?: string;
  /**
   * Where notifications may go: `loopback` (this machine), `network` (whatever can be reached, but for metadata and link-local addresses),
   * `public` (public addresses only). Default `loopback`, and `public` on another host than loopback.
   */
  readonly reach?: Reach;
  /** Whether this process sends notifications. Default true. */
  readonly deliver?: boolean;
  /** What comes of other content under a known ID. Default `first-result`. */
  readonly differingRepeat?: "first-result" | "REPEAT_REQ_INCONSISTENT";
  /** How long a challenge (15 minutes) and a session (1 hour) wait, in milliseconds on the sandbox's clock. */
  readonly lifetimes?: Partial<Lifetimes>;
  readonly controlToken?: string;
  readonly onSignatureRefused?: (refused: RefusedSignature) => void;
  readonly onError?: (error: unknown) => void;
  /** Told when the disk can no longer be trusted. Default: the process ends with exit code 70, so that nothing more is answered. */
  readonly onFatal?: (error: Error) => void;
}

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
    readonly start: (scenario: Schemas["ScenarioRequest"]) => void;
    readonly end: () => void;
  };
  readonly faults: {
    readonly inject: (fault: Schemas["FaultRequest"]) => void;
    readonly clear: () => void;
  };
  readonly vaultings: {
    readonly list: Control["vaultings"];
    readonly find: Control["vaulting"];
    /** Ends a challenge as a buyer would on its page. */
    readonly endChallenge: (vaultingRequestId: string, result: ChallengeResult, clientId?: string) => Promise<void>;
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
    readonly settled: (
      vaultingRequestId: string,
      options?: {
        readonly state?: Schemas["NotificationState"];
        /** With at least so many attempts. */
        readonly attempts?: number;
        readonly timeoutMs?: number;
        readonly clientId?: string;
      },
    ) => Promise<Schemas["Notification"]>;
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
    readonly list: () => readonly Schemas["GatewayKey"][];
    /**
     * Makes the next key: from then on answers and notifications, repeated attempts at older ones too, are signed with it and carry its
     * version. With `data` it outlives a restart. Of several sandboxes on one database, the others keep signing with their own key.
     *
     * @throws AntomVaultError `CONFIGURATION_INVALID` where the folder cannot keep it; the key that there is goes on signing
     */
    readonly rotate: () => Promise<Schemas["GatewayKey"]>;
  };
  readonly journal: Control["journal"];
  readonly health: Control["health"];
  /** A second merchant. */
  readonly addClient: (clientId?: string) => Promise<Credentials>;
  readonly reset: () => Promise<void>;
  /** Stops accepting, ends what is under way within `graceMs` milliseconds (default 10,000), and closes the store. */
  readonly close: (graceMs?: number) => Promise<void>;
}

const DATABASE_FILE = "vault.db";

/**
 * Starts a sandbox: the Vault API with state, on this machine.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where the folder, the database or the port cannot be used; `DEPENDENCY_MISSING`
 * @example
 * ```ts
 * await using sandbox = await startSandbox();
 * const vault = createVaultClient(sandbox.credentials);
 * const outcome = await vault.vaultPaymentMethod(request);
 * await sandbox.notifications.settled(request.vaultingRequestId);
 * ```
 */
export async function startSandbox(options: StartSandboxOptions = {}): Promise<RunningSandbox> {
  // What is missing is told before anything is written.
  if (options.database === undefined) requireSqlite();
  requireParts();
  const { data, host = "127.0.0.1", port = 0, controlToken } = options;
  const exposed = !isLoopback(host);
  if (exposed && controlToken === undefined) {
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      `On ${host} others can reach the control API, so it needs a controlToken.`,
    );
  }
  const keys = data === undefined ? await throwAwayCredentials() : await openKeys(data, options.database === undefined);
  const engine = await openEngine(options);
  let baseUrl = "http://127.0.0.1:0";
  let ownPort = 0;
  /** That the credentials are written. Whoever knows the port can ask for the next key before. */
  let told: Promise<unknown> = Promise.resolve();
  const sandbox = await openSandbox({
    engine,
    keys,
    ...(data === undefined
      ? {}
      : {
          nextKey: () => told.then(() => rotateCredentials(data)),
          credentialsFile: resolve(data, CREDENTIALS_FILE),
        }),
    reach: options.reach ?? (exposed ? "public" : "loopback"),
    deliver: options.deliver ?? true,
    refuseDifferingRepeats: options.differingRepeat === "REPEAT_REQ_INCONSISTENT",
    ...(options.lifetimes ? { lifetimes: options.lifetimes } : {}),
    controlToken,
    baseUrl: () => baseUrl,
    ownPort: () => ownPort,
    ...(options.onSignatureRefused ? { onSignatureRefused: options.onSignatureRefused } : {}),
    ...(options.onError ? { onError: options.onError } : {}),
  }).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  const { control } = sandbox;
  const listening = await listen(sandbox, { host, port }).catch(async (error: unknown) => {
    await sandbox.close(0);
    throw error;
  });
  ownPort = Number(new URL(listening.baseUrl).port);
  baseUrl = options.publicUrl ?? reachable(listening.baseUrl);
  const { clientId, merchantPrivateKey } = keys;
  const credentials = (): Credentials => {
    const antomPublicKey = sandbox.antomPublicKey();
    return { baseUrl, clientId, merchantPrivateKey, antomPublicKey };
  };

  let closing: Promise<void> | undefined;
  const close = (graceMs?: number): Promise<void> => {
    sandbox.endStreams();
    closing ??= listening.close(graceMs).then(() => sandbox.close(graceMs));
    return closing;
  };
  if (data !== undefined) {
    told = writeCredentials(data, credentials());
    await told.catch(async ({ code = "an error" }: NodeJS.ErrnoException) => {
      await close(0);
      throw new AntomVaultError(
        "CONFIGURATION_INVALID",
        `The credentials cannot be written to ${data}: the file system answers ${code}. Mend this, or take another folder.`,
      );
    });
  }
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
      find: control.vaulting,
      endChallenge: async (vaultingRequestId, result, client) => {
        if (await control.endChallenge(vaultingRequestId, result, client)) return;
        throw new AntomVaultError(
          "CONFIGURATION_INVALID",
          "There is no vaulting of this ID that waits for a challenge.",
        );
      },
    },
    notifications: { list: control.notifications, resend: control.resend, settled: settling(control, clientId) },
    keys: { list: control.keys, rotate: control.rotateKey },
    journal: control.journal,
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

/** The parts that its pages need are loaded with the first page; that they are there is known before. */
function requireParts(): void {
  try {
    for (const part of ["hono", "@hono/node-server"]) import.meta.resolve(part);
  } catch (error) {
    throw missingPart("sandbox", error);
  }
}

/** Where it listens on every address, one by which this machine reaches it. */
const reachable = (baseUrl: string): string =>
  baseUrl.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");

/** New keys over old data would be a gateway that nobody knows. */
async function openKeys(data: string, embedded: boolean): Promise<GatewayKeys> {
  const lost = embedded && existsSync(join(data, DATABASE_FILE)) && !existsSync(join(data, GATEWAY_KEY_FILE));
  if (!lost) return openCredentials(data);
  throw new AntomVaultError(
    "CONFIGURATION_INVALID",
    `${data} holds a database and no ${GATEWAY_KEY_FILE}: its keys are lost. Put the file back, or take another folder with --data. Nothing was changed.`,
  );
}

async function openEngine({ data, database, onFatal = die }: StartSandboxOptions): Promise<Engine> {
  if (database !== undefined) return openPostgres({ url: database });
  if (data === undefined) return openSqlite({});
  await makeFolder(data);
  return openSqlite({ file: join(data, DATABASE_FILE), onFatal });
}

/** What the disk has kept is known to nobody, so nothing more may be answered. EX_SOFTWARE of sysexits. */
function die(): never {
  process.stderr.write(
    "antom-vault: The disk failed in the middle of a write. The sandbox stops: what it answered is safe, nothing more can be.\n",
  );
  process.exit(70);
}

const LOOK_MS = 10;
const SETTLED_WITHIN_MS = 4_000;

/** Where a notification stands, and what came of the last attempt. */
function standing(vaultingRequestId: string, found: Schemas["Notification"] | undefined, timeoutMs: number): string {
  const after = `after ${timeoutMs} ms`;
  if (!found) return `${vaultingRequestId} has no notification ${after}: its vaulting is not final, or not known.`;
  const { state, attempts, dueAt } = found;
  const last = attempts.at(-1);
  const tried = last ? ` Attempt ${attempts.length} ended in ${last.outcome}. ${last.detail ?? ""}`.trimEnd() : "";
  const due = dueAt === undefined ? "" : ` It is due at ${dueAt} on the sandbox's clock.`;
  return `The notification of ${vaultingRequestId} is ${state} ${after}.${tried}${due}`;
}

function settling(control: Control, firstClientId: string): RunningSandbox["notifications"]["settled"] {
  return async (
    vaultingRequestId,
    { state, attempts = 0, timeoutMs = SETTLED_WITHIN_MS, clientId = firstClientId } = {},
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
        throw new AntomVaultError("TIMEOUT", standing(vaultingRequestId, found, timeoutMs));
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
}
