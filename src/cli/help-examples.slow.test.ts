import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVaultClient } from "../client/index.ts";
import { submitForm } from "../contract/index.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../signature/index.ts";
import {
  createBareEnvironment,
  createTemporaryDirectory,
  readFirstLine,
  runCommand,
  runCommandIn,
  shellCommand,
  startCommandIn,
  stopProcess,
  waitForExit,
} from "../testing/processes/command.ts";
import type { CommandTree } from "./completion/command-tree.ts";

const tree: CommandTree = JSON.parse((await runCommand("completion", "--json")).stdout);
const COMMANDS = tree.commands.map(({ name }) => name).filter((name) => name !== "help");
const EXAMPLES: string[] = [];
for (const name of COMMANDS) {
  const { stdout } = await runCommand(name, "--help");
  const lines = [...stdout.matchAll(/^ {2}\$ (.+)$/gm)].map(([, line = ""]) => line);
  // This example takes longer than all others, and `npm start` runs it, too.
  EXAMPLES.push(...lines.filter((line) => line !== "antom-vault demo"));
}

/** Commands that run until they are stopped. */
const LONG_RUNNING = /^antom-vault (?:sandbox|mock|record|listen|events)\b(?!.*--no-follow)/;
/** Examples of this form run in this process. All other examples run in a shell. */
const PLAIN = /^antom-vault ([^<]*?)(?: > (\S+))?$/;

const directory = createTemporaryDirectory();
const other = createTemporaryDirectory();
const data = join(directory.path, ".antom-vault/sandbox");
const TIME = "2026-11-23T08:04:01Z";
let sandbox: ChildProcess;
let baseUrl = "";
let env: Readonly<Record<"PATH" | "SIGNATURE", string>>;

/** Prepares a directory with a running sandbox, its credentials, a card, a request, a response, and a recording. */
beforeAll(async () => {
  const write = (name: string, content: string) => writeFileSync(join(directory.path, name), content);
  sandbox = startCommandIn(directory.path, ["sandbox", "--port", "0", "--notification-scope", "loopback", "--json"]);
  baseUrl = JSON.parse(await readFirstLine(sandbox)).baseUrl;
  const keys = JSON.parse(readFileSync(join(data, "credentials.json"), "utf8"));
  write("credentials.json", JSON.stringify(keys));
  write("card.json", '{"cardNo":"4054695723100768","expiryYear":"30","expiryMonth":"12","cvv":"123"}');
  write("request.json", (await runCommand("spec", "--example", "Sample")).stdout);
  write("traffic.har", JSON.stringify({ log: { version: "1.2", entries: [await recordCall(keys, write)] } }));
  const record = "record --port 0 --out traffic.jsonl --credentials credentials.json --json";
  const recorder = startCommandIn(directory.path, record.split(" "));
  const proxyUrl = JSON.parse(await readFirstLine(recorder)).baseUrl;
  const vault = (...args: readonly string[]) => runCommandIn(directory.path, ["vault", ...args]);
  await vault("--test-card", "visa", "--target", proxyUrl, "--credentials", "credentials.json");
  await stopProcess(recorder);
  await vault("--test-card", "visa", "--id", "order-17");
  await vault("--test-card", "challenge", "--id", "order-18", "--no-wait");

  const bin = join(directory.path, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "antom-vault"), `#!/bin/sh\nexec ${shellCommand} "$@"\n`);
  chmodSync(join(bin, "antom-vault"), 0o755);
  const body = readFileSync(join(directory.path, "response.json"));
  env = { PATH: `${bin}:${process.env["PATH"]}`, SIGNATURE: await signResponse(keys.clientId, body) };
}, 60_000);
afterAll(async () => {
  await stopProcess(sandbox);
  directory[Symbol.dispose]();
  other[Symbol.dispose]();
});

type Write = (name: string, content: string) => void;

/** Calls the API once and returns the call as a HAR entry. Writes the response to files for `verify`. */
async function recordCall(keys: Parameters<typeof createVaultClient>[0], write: Write): Promise<object> {
  let entry = {};
  const toPairs = (headers: Headers) => [...headers].map(([name, value]) => ({ name, value }));
  const vault = createVaultClient({
    ...keys,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      const text = await response.clone().text();
      write("response.json", text);
      write("headers.txt", [...response.headers].map((pair) => pair.join(": ")).join("\r\n"));
      entry = {
        startedDateTime: new Date().toISOString(),
        time: 1,
        request: {
          method: "POST",
          url,
          headers: toPairs(new Headers(init.headers)),
          postData: { mimeType: "application/json", text: new TextDecoder().decode(init.body as Uint8Array) },
        },
        response: { status: response.status, headers: toPairs(response.headers), content: { text } },
      };
      return response;
    },
  });
  await vault.vaultPaymentMethod(JSON.parse(readFileSync(join(directory.path, "request.json"), "utf8")));
  return entry;
}

/** Signs the response with the time in the example of `verify`. */
async function signResponse(clientId: string, body: Uint8Array): Promise<string> {
  const key = await importPrivateKey(readFileSync(join(data, "gateway-private-key.pem"), "utf8"), "the gateway's key");
  const path = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";
  const message = { path, clientId, time: TIME, body: new Uint8Array(body) };
  return formatSignatureHeader(await sign(message, key), "1");
}

/** Changes an example so that it uses a free port and a temporary directory. */
function adapt(line: string): string {
  const adapted = line.replaceAll("http://127.0.0.1:4020", baseUrl).replaceAll("/tmp/", `${other.path}/`);
  const acceptsPort = LONG_RUNNING.test(line) && !/antom-vault events|--port/.test(line);
  return acceptsPort ? `${adapted} --port 0` : adapted;
}

async function runUntilStarted(line: string): Promise<{ exitCode: unknown; written: string }> {
  // A second sandbox cannot use the data directory of the first.
  const cwd = line.startsWith("antom-vault sandbox") ? other.path : directory.path;
  const child = spawn("bash", ["-c", adapt(line)], { cwd, env: createBareEnvironment(env), detached: true });
  let written = "";
  const started = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        written += String(chunk);
        // Without --json, the last line of the startup output says how to stop.
        if (/^\{.*\}\n/.test(written) || written.includes("Stop with Ctrl-C.")) resolve();
      });
    child.once("exit", () => resolve());
  });
  const ended = once(child, "exit");
  await started;
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
  return { exitCode: (await ended)[0], written };
}

/** Acts as the buyer, who enters the card on a hosted page and completes the challenge. */
async function actAsBuyer(shown: string): Promise<void> {
  const card = /http:\/\/\S+\/card\/[\w-]+/.exec(shown)?.[0];
  if (card) await submitForm(card, { cardNo: "4054695723100768", expiry: "12/30", cvv: "123" });
  const id = /^ {2}ID +(\S+)$/m.exec(shown)?.[1] ?? "";
  await fetch(`${baseUrl}/_sandbox/vaultings/${id}/challenge`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"result":"passed"}',
  });
}

async function runInShell(line: string): Promise<{ exitCode: unknown; written: string }> {
  const child = spawn("bash", ["-c", adapt(line)], { cwd: directory.path, env: createBareEnvironment(env) });
  const { exitCode, stdout, stderr } = await waitForExit(child);
  return { exitCode, written: stdout + stderr };
}

async function runInProcess(line: string): Promise<{ exitCode: unknown; written: string }> {
  const [, call = "", file] = PLAIN.exec(adapt(line)) ?? [];
  const words = [...call.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, ...forms]) => forms.join(""));
  const args = words.map((word) => word.replace("$SIGNATURE", env.SIGNATURE));
  let buyerActions: Promise<void> | undefined;
  const { exitCode, stdout, stderr } = await runCommandIn(directory.path, args, env, (shown) => {
    if (/^ {2}Next/m.test(shown) && /\/(?:3ds|card)\//.test(shown)) buyerActions ??= actAsBuyer(shown);
  });
  await buyerActions;
  if (file) writeFileSync(join(directory.path, file), stdout);
  return { exitCode, written: (file ? "" : stdout) + stderr };
}

describe("examples in --help", () => {
  test("exist for each command", () => {
    for (const name of COMMANDS)
      expect(EXAMPLES.filter((line) => line.includes(`antom-vault ${name}`)).length).toBeGreaterThan(0);
    expect(EXAMPLES.every((line) => line.includes("antom-vault "))).toBe(true);
  });

  test.each(EXAMPLES)("run successfully: %s", { timeout: 180_000 }, async (line) => {
    const { exitCode, written } = await (LONG_RUNNING.test(line)
      ? runUntilStarted
      : PLAIN.test(line)
        ? runInProcess
        : runInShell)(line);
    expect({ exitCode, written }).toMatchObject({ exitCode: 0 });
    const file = / > (\S+)$/.exec(line)?.[1];
    if (file) expect(readFileSync(join(directory.path, file), "utf8")).not.toBe("");
    else if (!line.startsWith("source ")) expect(written).not.toBe("");
  });
});
