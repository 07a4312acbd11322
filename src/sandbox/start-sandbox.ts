/** Starts a sandbox on a socket, with its keys and its database, and stops it. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  CREDENTIALS_FILE,
  type Credentials,
  GATEWAY_KEY_FILE,
  type GatewayKeys,
  generateCredentials,
  openCredentials,
  type RejectedSignature,
  rotateCredentials,
  startHttpServer,
  writeCredentials,
} from "../gateway/index.ts";
import { createPrivateDirectory } from "../machine/create-private-directory.ts";
import { AntomVaultError, missingDependency } from "../protocol/errors.ts";
import { isLoopback } from "../protocol/require-tls.ts";
import type { NetworkScope } from "./notifier/address-guard.ts";
import { createRunningSandbox, type RunningSandbox } from "./running-sandbox.ts";
import { openSandbox } from "./sandbox.ts";
import type { Engine } from "./store/database-engine.ts";
import { openPostgres } from "./store/postgres.ts";
import { openSqlite, requireSqlite } from "./store/sqlite.ts";
import type { Lifetimes } from "./vaulting/state-machine.ts";

export type { RunningSandbox } from "./running-sandbox.ts";

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
  readonly notificationScope?: NetworkScope;
  /** Whether this process sends notifications. Default true. */
  readonly sendNotifications?: boolean;
  /** What comes of other content under a known ID. Default `first-result`. */
  readonly idReuse?: "first-result" | "reject";
  /** How long a challenge (15 minutes) and a session (1 hour) wait, in milliseconds on the sandbox's clock. */
  readonly lifetimes?: Partial<Lifetimes>;
  readonly controlToken?: string;
  readonly onSignatureRejected?: (refused: RejectedSignature) => void;
  readonly onError?: (error: unknown) => void;
  /** Told when the disk can no longer be trusted. Default: the process ends with exit code 70, so that nothing more is answered. */
  readonly onFatal?: (error: Error) => void;
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
  requireDependencies();
  const { data, host = "127.0.0.1", port = 0, controlToken } = options;
  const exposed = !isLoopback(host);
  if (exposed && controlToken === undefined) {
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      `On ${host} others can reach the control API, so it needs a controlToken.`,
    );
  }
  const keys = data === undefined ? await generateCredentials() : await openKeys(data, options.database === undefined);
  const engine = await openEngine(options);
  let baseUrl = "http://127.0.0.1:0";
  let ownPort = 0;
  /** That the credentials are written. Whoever knows the port can ask for the next key before. */
  let told: Promise<unknown> = Promise.resolve();
  const sandbox = await openSandbox({
    engine,
    keys,
    nextKey: data === undefined ? undefined : () => told.then(() => rotateCredentials(data)),
    credentialsFile: data === undefined ? undefined : resolve(data, CREDENTIALS_FILE),
    notificationScope: options.notificationScope ?? (exposed ? "public" : "loopback"),
    sendNotifications: options.sendNotifications ?? true,
    rejectIdReuse: options.idReuse === "reject",
    lifetimes: options.lifetimes,
    controlToken,
    baseUrl: () => baseUrl,
    ownPort: () => ownPort,
    onSignatureRejected: options.onSignatureRejected,
    onError: options.onError,
  }).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  const listening = await startHttpServer(sandbox, { host, port }).catch(async (error: unknown) => {
    await sandbox.close(0);
    throw error;
  });
  ownPort = Number(new URL(listening.baseUrl).port);
  baseUrl = options.publicUrl ?? toReachableUrl(listening.baseUrl);
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
  return createRunningSandbox(sandbox.control, credentials, close);
}

/** The parts that its pages need are loaded with the first page; that they are there is known before. */
function requireDependencies(): void {
  try {
    for (const part of ["hono", "@hono/node-server"]) import.meta.resolve(part);
  } catch (error) {
    throw missingDependency("sandbox", error);
  }
}

/** Where it listens on every address, one by which this machine reaches it. */
const toReachableUrl = (baseUrl: string): string =>
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

async function openEngine({ data, database, onFatal = exitOnDiskFailure }: StartSandboxOptions): Promise<Engine> {
  if (database !== undefined) return openPostgres({ url: database });
  if (data === undefined) return openSqlite({});
  await createPrivateDirectory(data);
  return openSqlite({ file: join(data, DATABASE_FILE), onFatal });
}

/** What the disk has kept is known to nobody, so nothing more may be answered. EX_SOFTWARE of sysexits. */
function exitOnDiskFailure(): never {
  process.stderr.write(
    "antom-vault: The disk failed in the middle of a write. The sandbox stops: what it answered is safe, nothing more can be.\n",
  );
  process.exit(70);
}
