import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { makeFolder } from "../../machine/create-private-directory.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { isLoopback } from "../../protocol/require-tls.ts";
import { type StartSandboxOptions, startSandbox } from "../../sandbox/index.ts";
import { SANDBOX_DATA, TOKEN_FILE } from "../calling/find-sandbox.ts";
import { type ExitCode, line, type Output, self } from "../console/output.ts";
import { explainer, readPort, sayError, sayTryIt, untilStopped } from "../console/serve-helpers.ts";
import { fileFailure } from "../console/usage-error.ts";

interface Options {
  readonly data: string;
  readonly port: string;
  readonly host: string;
  readonly database?: string;
  readonly publicUrl?: string;
  readonly notify?: keyof typeof TOLD;
  readonly deliver: boolean;
  readonly differingRepeat: NonNullable<StartSandboxOptions["differingRepeat"]>;
  readonly json?: true;
}

/** Serves the sandbox until it is told to stop. */
export async function sandbox(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const { data, host, differingRepeat, database = process.env["ANTOM_DATABASE"], publicUrl, deliver, json } = options;
  const say = (sentence: string) => line(stderr, sentence);
  const exposed = !isLoopback(host);
  const token = exposed ? await controlToken(data) : undefined;
  const { notify: reach = exposed ? "public" : "network" } = options;
  const running = await startSandbox({
    data,
    host,
    port: readPort(options.port),
    reach,
    deliver,
    differingRepeat,
    ...(database ? { database } : {}),
    ...(publicUrl ? { publicUrl: publicUrl.replace(/\/+$/, "") } : {}),
    ...(token === undefined ? {} : { controlToken: token }),
    onSignatureRefused: explainer(
      "sandbox",
      say,
      () => ` Which: ${running.credentials.baseUrl}/exchanges?kind=signature`,
    ),
    onError: sayError("sandbox", say),
  });
  const stopped = untilStopped();
  const { baseUrl, clientId, antomPublicKey } = running.credentials;
  if (json) {
    line(stdout, JSON.stringify({ baseUrl, clientId, antomPublicKey }));
  } else {
    const file = join(data, "credentials.json");
    line(stdout, `${style.green("●")} ${style.bold("Sandbox of the Vault API")} at ${style.bold(baseUrl)}`);
    line(stdout, `  Dashboard      ${baseUrl}/, API reference ${baseUrl}/reference`);
    line(stdout, `  Client ID      ${clientId}`);
    line(stdout, `  Credentials    ${file}`);
    line(stdout, `  Vaultings      ${database ? "PostgreSQL" : join(data, "vault.db")}, kept over restarts`);
    line(stdout, `  Notifications  ${deliver ? TOLD[reach] : "not sent by this process"}`);
    line(
      stdout,
      `  Test cards     ${self} cards; ${self} vault --test-card visa${data === SANDBOX_DATA ? "" : ` --data ${shellQuote(data)}`}`,
    );
    line(stdout, `  Control        ${baseUrl}/_sandbox/health${token ? `, token in ${join(data, TOKEN_FILE)}` : ""}`);
    sayTryIt(output, data, file);
  }
  if (stdout.isTTY && !publicUrl) openDashboard(baseUrl);
  collectGarbageCheaply();
  await stopped;
  await running.close();
  return 0;
}

/** Loads the dashboard for whoever sits at the terminal and will open it next. A program that starts a sandbox is spared its memory. */
function openDashboard(baseUrl: string): void {
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
function collectGarbageCheaply(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--no-parallel-scavenge");
}

const TOLD = {
  loopback: "to this machine only",
  network: "to every address but link-local and metadata ones",
  public: "to public addresses only",
} as const;

/** The token that the control API asks for where others can reach it; made once, readable by its owner only. */
async function controlToken(data: string): Promise<string> {
  const file = join(data, TOKEN_FILE);
  try {
    await makeFolder(data);
    await writeFile(file, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code !== "EEXIST") fileFailure(file, "written")(failure);
  }
  return readFile(file, "utf8");
}
