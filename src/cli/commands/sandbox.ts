import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { createPrivateDirectory } from "../../machine/create-private-directory.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { isLoopback } from "../../protocol/require-tls.ts";
import { type StartSandboxOptions, startSandbox } from "../../sandbox/index.ts";
import { SANDBOX_DATA, TOKEN_FILE } from "../calling/find-sandbox.ts";
import { commandPrefix, type ExitCode, type Output, writeLine } from "../console/output.ts";
import {
  createErrorLogger,
  createSignatureExplainer,
  parsePort,
  printQuickStart,
  waitForStopSignal,
} from "../console/serve-helpers.ts";
import { rethrowFileError } from "../console/usage-error.ts";

interface Options {
  readonly data: string;
  readonly port: string;
  readonly host: string;
  readonly database?: string;
  readonly publicUrl?: string;
  readonly notificationScope?: keyof typeof SCOPE_TEXT;
  readonly notifications: boolean;
  readonly idReuse: NonNullable<StartSandboxOptions["idReuse"]>;
  readonly json?: true;
}

/** Serves the sandbox until it is told to stop. */
export async function sandbox(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const { data, host, idReuse, database = process.env["ANTOM_DATABASE"], publicUrl, notifications, json } = options;
  const say = (sentence: string) => writeLine(stderr, sentence);
  const exposed = !isLoopback(host);
  const token = exposed ? await readControlToken(data) : undefined;
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
    ...(token === undefined ? {} : { controlToken: token }),
    onSignatureRejected: createSignatureExplainer(
      "sandbox",
      say,
      () => ` Which: ${running.credentials.baseUrl}/calls?kind=signature`,
    ),
    onError: createErrorLogger("sandbox", say),
  });
  const stopped = waitForStopSignal();
  const { baseUrl, clientId, antomPublicKey } = running.credentials;
  if (json) {
    writeLine(stdout, JSON.stringify({ baseUrl, clientId, antomPublicKey }));
  } else {
    const file = join(data, "credentials.json");
    writeLine(stdout, `${style.green("●")} ${style.bold("Sandbox of the Vault API")} at ${style.bold(baseUrl)}`);
    writeLine(stdout, `  Dashboard      ${baseUrl}/, API reference ${baseUrl}/reference`);
    writeLine(stdout, `  Client ID      ${clientId}`);
    writeLine(stdout, `  Credentials    ${file}`);
    writeLine(stdout, `  Vaultings      ${database ? "PostgreSQL" : join(data, "vault.db")}, kept over restarts`);
    writeLine(stdout, `  Notifications  ${notifications ? SCOPE_TEXT[notificationScope] : "not sent by this process"}`);
    writeLine(
      stdout,
      `  Test cards     ${commandPrefix} cards; ${commandPrefix} vault --test-card visa${data === SANDBOX_DATA ? "" : ` --data ${shellQuote(data)}`}`,
    );
    writeLine(
      stdout,
      `  Control        ${baseUrl}/_sandbox/health${token ? `, token in ${join(data, TOKEN_FILE)}` : ""}`,
    );
    printQuickStart(output, data, file);
  }
  if (stdout.isTTY && !publicUrl) preloadDashboard(baseUrl);
  limitGarbageCollection();
  await stopped;
  await running.close();
  return 0;
}

/** Loads the dashboard for whoever sits at the terminal and will open it next. A program that starts a sandbox is spared its memory. */
function preloadDashboard(baseUrl: string): void {
  fetch(baseUrl).then(
    (page) => page.text(),
    () => {},
  );
}

/**
 * What a call leaves behind is garbage at once. On a machine with much memory V8 lets the young generation grow to 128 MB before it cleans
 * up, and then wakes other threads to help, which costs more processor time than they save. The size that it has reached by now and one
 * thread do as well. There is no other way to say so to a process that runs already.
 */
function limitGarbageCollection(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--no-parallel-scavenge");
}

const SCOPE_TEXT = {
  loopback: "to this machine only",
  network: "to every address but link-local and metadata ones",
  public: "to public addresses only",
} as const;

/** The token that the control API asks for where others can reach it; made once, readable by its owner only. */
async function readControlToken(data: string): Promise<string> {
  const file = join(data, TOKEN_FILE);
  try {
    await createPrivateDirectory(data);
    await writeFile(file, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code !== "EEXIST") rethrowFileError(file, "written")(failure);
  }
  return readFile(file, "utf8");
}
