/** Starts a sandbox with its keys, database, and HTTP server. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  CREDENTIALS_FILE,
  type Credentials,
  type DirectoryLock,
  GATEWAY_KEY_FILE,
  type GatewayKeys,
  generateCredentials,
  isExposed,
  lockDirectory,
  openCredentials,
  openTlsCertificates,
  type RejectedSignature,
  requireDependencies,
  rotateCredentials,
  startHttpServer,
  writeCredentials,
} from "../gateway/index.ts";
import { AntomVaultError, type OptionalFeature } from "../protocol/errors.ts";
import { requireKnownOptions } from "../protocol/options.ts";
import { DATABASE_FILE } from "./back-up-sandbox.ts";
import type { NetworkScope } from "./notifier/address-guard.ts";
import { createRunningSandbox, type RunningSandbox } from "./running-sandbox.ts";
import { openSandbox } from "./sandbox.ts";
import type { Engine } from "./store/database-engine.ts";
import { openPostgres } from "./store/postgres.ts";
import { openSqlite } from "./store/sqlite.ts";
import type { Lifetimes } from "./vaulting/state-machine.ts";

export type { RunningSandbox } from "./running-sandbox.ts";

/**
 * The options of {@link startSandbox}.
 *
 * @example
 * ```ts
 * const options: StartSandboxOptions = { data: ".antom-vault/sandbox", port: 4020, lifetimes: { challengeMs: 60_000 } };
 * ```
 */
export interface StartSandboxOptions {
  /** The directory of the keys, credentials, and database. Default: everything is in memory. */
  readonly data?: string;
  /**
   * A `postgres://…` URL of a database that several sandboxes can share. They must also share keys, so give each sandbox a copy of the same `data`
   * directory. After a rotation, the other sandboxes keep their old key until you restart them with a copy of the changed directory.
   */
  readonly database?: string;
  /** The address to listen on. Default: `127.0.0.1`. If it is not a loopback address, the sandbox is exposed: you must set `controlToken`. */
  readonly host?: string;
  /** The port to listen on. Default: 0, any free port. */
  readonly port?: number;
  /**
   * Whether to accept only HTTPS. The certificate is for 127.0.0.1, ::1, and localhost. Clients must trust the authority that issued it. The
   * authority's certificate is in `tlsAuthority` of the sandbox, and in the file `tls-authority.pem` in `data`. Default: false.
   */
  readonly tls?: boolean;
  /** An additional host name or IP address for the certificate, if clients call the sandbox at a different address. Implies `tls`. */
  readonly tlsHost?: string;
  /**
   * The base URL at which clients and buyers reach the sandbox, for example behind a proxy. If it is set, the sandbox is exposed: you must set
   * `controlToken`. Default: the address and port that the sandbox listens on.
   */
  readonly publicUrl?: string;
  /**
   * The addresses that notifications may be sent to. Default: `loopback` (this computer), or `public` (public addresses only) if the sandbox is
   * exposed by `host` or `publicUrl`.
   */
  readonly notificationScope?: NetworkScope;
  /** Whether this process sends notifications. Default: true. */
  readonly sendNotifications?: boolean;
  /**
   * The response to a request with a known `vaultingRequestId` but different content: `first-result` returns the first result again, `reject`
   * returns REPEAT_REQ_INCONSISTENT. Default: `first-result`.
   */
  readonly idReuse?: "first-result" | "reject";
  /** The lifetimes of challenges and sessions. Default: 15 minutes for a challenge, 1 hour for a session. */
  readonly lifetimes?: Partial<Lifetimes>;
  /** The bearer token that the control API and the dashboard require. Default: none, which is allowed only if the sandbox is not exposed. */
  readonly controlToken?: string;
  /** Called for each request whose signature is rejected. */
  readonly onSignatureRejected?: (rejected: RejectedSignature) => void;
  /** Called for each unexpected error in a request or a background task. Default: errors are ignored. */
  readonly onError?: (error: unknown) => void;
  /** Called if the database in `data` reports a disk error or corruption. Default: the process exits with code 70. */
  readonly onFatal?: (error: Error) => void;
}

const OPTION_NAMES: Readonly<Record<keyof StartSandboxOptions, true>> = {
  data: true,
  database: true,
  host: true,
  port: true,
  tls: true,
  tlsHost: true,
  publicUrl: true,
  notificationScope: true,
  sendNotifications: true,
  idReuse: true,
  lifetimes: true,
  controlToken: true,
  onSignatureRejected: true,
  onError: true,
  onFatal: true,
};

/**
 * Starts a sandbox, a local Vault API server that keeps its state.
 *
 * @param options the address, storage, and behavior of the sandbox; every option has a default
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if an option is invalid, if the sandbox is exposed but `controlToken` is missing, or if the
 * directory, database, or port cannot be used.
 * @throws {AntomVaultError} `DEPENDENCY_MISSING` if a required package is not installed, or if this Node.js has an unsafe version of SQLite.
 * @example
 * ```ts
 * await using sandbox = await startSandbox();
 * const vault = createVaultClient(sandbox.credentials);
 * const outcome = await vault.vaultPaymentMethod(request);
 * await sandbox.notifications.waitFor(request.vaultingRequestId);
 * ```
 */
export async function startSandbox(options: StartSandboxOptions = {}): Promise<RunningSandbox> {
  requireKnownOptions("startSandbox", options, OPTION_NAMES);
  // Checks options and dependencies before anything is written.
  requireUrls(options);
  const { data, host = "127.0.0.1", controlToken, publicUrl, tlsHost, tls = tlsHost !== undefined } = options;
  const features: OptionalFeature[] = ["sandbox"];
  if (options.database !== undefined) features.push("--database");
  if (tls) features.push("--tls");
  requireDependencies(features, { sqlite: options.database === undefined });
  const exposed = isExposed({ host, publicUrl });
  if (controlToken?.trim() === "")
    throw new AntomVaultError("CONFIGURATION_INVALID", "controlToken must not be empty.");
  if (exposed && controlToken === undefined) {
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      `The sandbox cannot ${publicUrl === undefined ? `listen on ${host}` : "have a publicUrl"} without a control token, because other computers could use its control API. Set controlToken.`,
    );
  }
  // Lock the directory before anything in it is read or created.
  const lock = data === undefined ? undefined : await lockDirectory(data, "sandbox");
  return startLocked({ ...options, host, tls }, exposed, lock).catch((error: unknown) => {
    lock?.[Symbol.dispose]();
    throw error;
  });
}

async function startLocked(
  options: StartSandboxOptions & { readonly host: string; readonly tls: boolean },
  exposed: boolean,
  lock: DirectoryLock | undefined,
): Promise<RunningSandbox> {
  const { data, host, port = 0, controlToken, tls, tlsHost } = options;
  const keys = data === undefined ? await generateCredentials() : await openKeys(data, options.database === undefined);
  const engine = await openEngine(options);
  let baseUrl = "http://127.0.0.1:0";
  let ownPort = 0;
  // A rotation must wait until the first credentials are written.
  let credentialsWritten: Promise<unknown> = Promise.resolve();
  const sandbox = await openSandbox({
    engine,
    keys,
    createNextKey: data === undefined ? undefined : () => credentialsWritten.then(() => rotateCredentials(data)),
    credentialsFile: data === undefined ? undefined : resolve(data, CREDENTIALS_FILE),
    notificationScope: options.notificationScope ?? (exposed ? "public" : "loopback"),
    sendNotifications: options.sendNotifications ?? true,
    rejectIdReuse: options.idReuse === "reject",
    lifetimes: options.lifetimes,
    controlToken,
    baseUrl: () => baseUrl,
    names: [host, tlsHost].filter(() => exposed),
    ownPort: () => ownPort,
    onSignatureRejected: options.onSignatureRejected,
    onError: options.onError,
  }).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  // Web requests wait for the credentials file, because a program can read it as soon as the health check succeeds.
  const ready = Promise.withResolvers<void>();
  const webRoutes = {
    matches: sandbox.webRoutes.matches,
    fetch: (request: Request) => ready.promise.then(() => sandbox.webRoutes.fetch(request)),
  };
  const start = async () => {
    const certificates = tls ? await openTlsCertificates(data, tlsHost) : undefined;
    const handler = { respond: sandbox.respond, webRoutes };
    const running = await startHttpServer(handler, { host, port, certificate: certificates?.server });
    return { server: running, tlsAuthority: certificates?.authority };
  };
  const { server, tlsAuthority } = await start().catch(async (error: unknown) => {
    await sandbox.close(0);
    throw error;
  });
  ownPort = server.port;
  baseUrl = options.publicUrl ?? toReachableUrl(server.baseUrl);
  const { clientId, merchantPrivateKey } = keys;
  const credentials = (): Credentials => {
    const antomPublicKey = sandbox.antomPublicKey();
    return { baseUrl, clientId, merchantPrivateKey, antomPublicKey };
  };

  let closing: Promise<void> | undefined;
  const close = (graceMs?: number): Promise<void> => {
    sandbox.endStreams();
    closing ??= server
      .close(graceMs)
      .then(() => sandbox.close(graceMs))
      .finally(() => lock?.[Symbol.dispose]());
    return closing;
  };
  if (data !== undefined) {
    credentialsWritten = Promise.resolve(lock?.setPort(server.port)).then(() => writeCredentials(data, credentials()));
    await credentialsWritten.catch(async ({ code = "unknown error" }: NodeJS.ErrnoException) => {
      await close(0);
      throw new AntomVaultError(
        "CONFIGURATION_INVALID",
        `Cannot write credentials to ${data}: ${code}. Fix this problem, or use a different --data directory.`,
      );
    });
  }
  ready.resolve();
  return createRunningSandbox(sandbox.control, credentials, tlsAuthority, close);
}

/** Checks the URLs. An error must not quote them, because they might contain a password. */
function requireUrls({ publicUrl, database }: StartSandboxOptions): void {
  const url = publicUrl === undefined || !URL.canParse(publicUrl) ? undefined : new URL(publicUrl);
  if (publicUrl !== undefined && !(url && /^https?:$/.test(url.protocol) && url.origin + url.pathname === url.href))
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      "publicUrl (--public-url) must be an http or https URL without a user name, query, or fragment, for example https://sandbox.example.",
    );
  if (database !== undefined && !/^postgres(?:ql)?:\/\//i.test(database))
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      "database (--database) must be a URL that starts with postgres://.",
    );
}

/** Replaces a wildcard address with a loopback address. */
const toReachableUrl = (baseUrl: string): string =>
  baseUrl.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");

/** Opens the keys. Never creates new keys for existing data, because clients could not verify the gateway's responses. */
async function openKeys(data: string, embedded: boolean): Promise<GatewayKeys> {
  const isKeyMissing = embedded && existsSync(join(data, DATABASE_FILE)) && !existsSync(join(data, GATEWAY_KEY_FILE));
  if (!isKeyMissing) return openCredentials(data);
  throw new AntomVaultError(
    "CONFIGURATION_INVALID",
    `${data} contains a database but no ${GATEWAY_KEY_FILE}. Restore the file, or use a different --data directory. Nothing was changed.`,
  );
}

async function openEngine({ data, database, onFatal = exitOnDiskFailure }: StartSandboxOptions): Promise<Engine> {
  if (database !== undefined) return openPostgres({ url: database });
  if (data === undefined) return openSqlite({});
  return openSqlite({ file: join(data, DATABASE_FILE), onFatal });
}

/** Exits with EX_SOFTWARE, because the contents of the disk are unknown. */
function exitOnDiskFailure(): never {
  process.stderr.write("antom-vault: A disk write failed, so the sandbox stopped. All confirmed results are stored.\n");
  process.exit(70);
}
