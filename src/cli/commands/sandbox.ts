import { randomBytes } from "node:crypto";
import { link, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { isExposed, TLS_AUTHORITY_FILE } from "../../gateway/index.ts";
import { createPrivateDirectory } from "../../machine/create-private-directory.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { backUpSandbox, type RunningSandbox, type StartSandboxOptions, startSandbox } from "../../sandbox/index.ts";
import { getTokenSource, readControlToken, SANDBOX_DATA, TOKEN_FILE } from "../calling/find-sandbox.ts";
import { commandPrefix, type ExitCode, type Output, writeJson, writePairs, writeText } from "../console/output.ts";
import {
  createErrorLogger,
  createSignatureExplainer,
  formatTlsHint,
  parsePort,
  printQuickStart,
  waitForStopSignal,
} from "../console/serve-helpers.ts";
import { getWidth } from "../console/terminal-capabilities.ts";
import { rethrowFileError } from "../console/usage-error.ts";
import { wrapText } from "../console/wrap-text.ts";
import { requireValue } from "../inputs/read-input.ts";

interface Options {
  readonly data: string;
  readonly port: string;
  readonly host: string;
  readonly database?: string;
  readonly publicUrl?: string;
  readonly tls?: true;
  readonly tlsHost?: string;
  readonly notificationScope?: keyof typeof SCOPE_TEXT;
  readonly notifications: boolean;
  readonly idReuse: NonNullable<StartSandboxOptions["idReuse"]>;
  readonly json?: true;
}

/** Runs the sandbox until it is stopped. */
export async function sandbox(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const { data, host, idReuse, database = process.env["ANTOM_DATABASE"], publicUrl, notifications, json } = options;
  const print = (message: string) => writeText(stderr, message);
  const exposed = isExposed({ host, publicUrl });
  const token = exposed ? await openControlToken(data) : undefined;
  const { notificationScope = exposed ? "public" : "network" } = options;
  const running = await startSandbox({
    data,
    host,
    port: parsePort(options.port),
    notificationScope,
    sendNotifications: notifications,
    idReuse,
    ...(database ? { database } : {}),
    ...(publicUrl ? { publicUrl: publicUrl.replace(/\/+$/, "") } : {}),
    ...(options.tls ? { tls: true } : {}),
    ...(options.tlsHost === undefined ? {} : { tlsHost: options.tlsHost }),
    ...(token === undefined ? {} : { controlToken: token }),
    onSignatureRejected: createSignatureExplainer(
      "sandbox",
      print,
      () => ` Details: ${running.credentials.baseUrl}/calls?kind=signature`,
    ),
    onError: createErrorLogger("sandbox", print),
  });
  const stopped = waitForStopSignal();
  const { baseUrl, clientId, antomPublicKey } = running.credentials;
  if (json) {
    writeJson(stdout, { baseUrl, clientId, antomPublicKey });
  } else {
    const file = join(data, "credentials.json");
    const dataOption = data === SANDBOX_DATA ? "" : ` --data ${shellQuote(data)}`;
    const authorityFile = running.tlsAuthority && join(data, TLS_AUTHORITY_FILE);
    writeText(stdout, `${style.bold("Vault API sandbox")} at ${style.bold(baseUrl)}`, `${style.green("●")} `);
    writePairs(stdout, [
      ["Dashboard", `${baseUrl}/`],
      ["API reference", `${baseUrl}/reference`],
      ["Client ID", clientId],
      ["Credentials", file],
      ...formatTlsHint(authorityFile),
      ["Vaultings", `stored in ${database ? "PostgreSQL" : join(data, "vault.db")}`],
      ["Notifications", notifications ? `sent ${SCOPE_TEXT[notificationScope]}` : "not sent by this process"],
      ["Test cards", `${commandPrefix} cards`],
      ["Control API", `${baseUrl}/_sandbox/health${token ? `, token in ${getTokenSource(data)}` : ""}`],
    ]);
    printQuickStart(output, data, file, authorityFile, `${commandPrefix} vault --test-card visa${dataOption}`);
  }
  if (stdout.isTTY && !publicUrl) preloadDashboard(baseUrl);
  limitGarbageCollection();
  await stopped;
  const unfinished = await describeUnfinished(running, options);
  await running.close();
  stdout.write(unfinished);
  return 0;
}

/** Describes what is in progress when the sandbox stops, and how to continue. */
async function describeUnfinished({ vaultings, health }: RunningSandbox, { data, json }: Options): Promise<string> {
  if (json) return "";
  const [{ length }, { delivery }] = await Promise.all([
    vaultings.list({ status: "PROCESSING", limit: MAX_COUNTED }),
    health(),
  ]);
  const count = (number: number, noun: string) =>
    number > 0 ? [`${number === MAX_COUNTED ? "at least " : ""}${number} ${noun}${number === 1 ? "" : "s"}`] : [];
  const open = [...count(length, "vaulting"), ...count(delivery.pending, "notification")];
  const command = `${commandPrefix} sandbox${data === SANDBOX_DATA ? "" : ` --data ${shellQuote(data)}`}`;
  const text =
    open.length === 0
      ? "Stopped. Nothing is in progress."
      : `Stopped. Still in progress: ${open.join(" and ")}. To continue, start the sandbox again with this command and any other options that you used: ${command}`;
  return `${wrapText(text, getWidth(process.stdout))}\n`;
}

const MAX_COUNTED = 1000;

interface BackupOptions extends Pick<Options, "data" | "json"> {
  readonly backup: string;
}

/** Copies the database of a stopped sandbox. */
export async function backUp({ stdout }: Output, { data, backup: file, json }: BackupOptions): Promise<ExitCode> {
  await backUpSandbox(data, file);
  if (json) writeJson(stdout, { backup: file });
  else writeText(stdout, `The backup is in ${file}. It works only with the keys in ${data}, so back them up too.`);
  return 0;
}

/** Loads the dashboard for a user at a terminal, who is likely to open it next. A program that starts a sandbox does not need it in memory. */
function preloadDashboard(baseUrl: string): void {
  fetch(baseUrl).then(
    (page) => page.text(),
    () => {},
  );
}

/**
 * Saves CPU time. The objects of an API call are short-lived, but on a computer with a lot of memory, V8 lets the young generation grow to 128 MB and
 * then collects it on several threads, which costs more CPU time than it saves. Only V8 flags can change this in a running process.
 */
function limitGarbageCollection(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--no-parallel-scavenge");
}

const SCOPE_TEXT = {
  loopback: "to this computer only",
  network: "to loopback, private, and public addresses",
  public: "to public addresses only",
} as const;

/**
 * Returns the token that the control API of an exposed sandbox requires. If neither the environment nor the token file contains a
 * token, creates the file, which only its owner can read.
 */
async function openControlToken(data: string): Promise<string> {
  const file = join(data, TOKEN_FILE);
  const temporary = `${file}.${process.pid}`;
  try {
    await createPrivateDirectory(data);
    const stored = await readControlToken(data);
    if (stored !== undefined) return stored;
    await writeFile(temporary, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx", flush: true });
    // A second process might have just created the token. In that case, both processes use that token.
    await link(temporary, file).catch(ignoreExisting);
  } catch (error) {
    if (error instanceof AntomVaultError) throw error;
    rethrowFileError(file, "write")(error as NodeJS.ErrnoException);
  } finally {
    await rm(temporary, { force: true });
  }
  return requireValue(await readControlToken(data), `Cannot read ${file}: the file does not exist.`);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
