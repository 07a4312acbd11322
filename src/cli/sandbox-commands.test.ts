import type { ChildProcess } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, test } from "vitest";
import { createNotificationReceiver } from "../notification/index.ts";
import { toNodeHandler } from "../notification/node.ts";
import { startSandbox } from "../sandbox/index.ts";
import {
  createBareEnvironment,
  createTemporaryDirectory,
  runCommand,
  runCommandIn,
  startCommandIn,
  stopProcess,
  waitForOutput,
} from "../testing/processes/command.ts";
import { startNodeServer } from "../testing/servers/node-server.ts";
import { findBrowserOpener, openInBrowser } from "./console/open-browser.ts";

const directory = createTemporaryDirectory();
const data = join(directory.path, "sandbox");
const sandbox = await startSandbox({ data, notificationScope: "loopback" });
const { baseUrl } = sandbox.credentials;
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await sandbox.close();
  directory[Symbol.dispose]();
});

const runOnSandbox = (...args: readonly string[]) => runCommand(...args, "--data", data);
const startChild = (...args: readonly string[]) => {
  const child = startCommandIn(directory.path, [...args, "--data", data]);
  children.push(child);
  return child;
};

/** Returns a function that reads the next line of a process. */
function readLines(child: ChildProcess): () => Promise<string> {
  const lines = createInterface(child.stdout ?? process.stdin)[Symbol.asyncIterator]();
  return async () => String((await lines.next()).value);
}

async function interrupt(child: ChildProcess): Promise<unknown> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  return exited;
}

describe("antom-vault listen", () => {
  test("prints each notification, responds with status 500 to the first --fail-first notifications, and stops on Ctrl-C", async () => {
    const child = startChild("listen", "--port", "0", "--path", "/n", "--fail-first", "1", "--json");
    const readLine = readLines(child);
    const { url, clientId } = JSON.parse(await readLine());
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/n$/);
    expect(clientId).toMatch(/^SANDBOX_/);
    const options = ["--notification-url", url, "--no-wait"];
    expect(await runOnSandbox("vault", "--test-card", "visa", "--id", "listen-1", ...options)).toMatchObject({
      exitCode: 0,
    });
    expect(JSON.parse(await readLine())).toMatchObject({
      verified: true,
      vaultingRequestId: "listen-1",
      responseStatus: 500,
    });
    expect(await runOnSandbox("vault", "--test-card", "lost-card", "--id", "listen-2", ...options)).toMatchObject({
      exitCode: 1,
    });
    expect(JSON.parse(await readLine())).toMatchObject({
      code: "LOST_CARD",
      vaultingRequestId: "listen-2",
      responseStatus: 200,
    });
    expect(await interrupt(child)).toBe(0);
  });

  test("forwards verified notifications to an endpoint, and returns its response", async () => {
    const paths: (string | undefined)[] = [];
    let status = 500;
    const { clientId, antomPublicKey } = sandbox.credentials;
    const handle = toNodeHandler(createNotificationReceiver({ clientId, antomPublicKey, onVaulting: () => {} }));
    await using server = await startNodeServer((request, response) => {
      paths.push(request.url);
      if (status === 200) void handle(request, response);
      else response.writeHead(status).end();
    });
    const child = startChild("listen", "--port", "0", "--forward-to", `${server.baseUrl}/hook`, "--json");
    const readLine = readLines(child);
    const { url, forwardTo } = JSON.parse(await readLine());
    expect({ path: new URL(url).pathname, forwardTo }).toEqual({ path: "/hook", forwardTo: `${server.baseUrl}/hook` });
    const trigger = (name: string, id: string) =>
      runOnSandbox("trigger", name, "--notification-url", url, "--id", id, "--json");
    const first = JSON.parse((await trigger("success", "forward-1")).stdout);
    expect(JSON.parse(await readLine())).toMatchObject({
      verified: true,
      vaultingRequestId: "forward-1",
      responseStatus: 500,
      forwarded: { status: 500, acknowledged: false },
    });
    expect(first.delivery).toMatchObject({ state: "PENDING", attempts: [{ outcome: "UNEXPECTED_HTTP_STATUS" }] });
    status = 200;
    const resent = await runOnSandbox("notifications", String(first.delivery.sequence), "--resend");
    expect(resent).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Attempt 2  ACKNOWLEDGED") });
    expect(JSON.parse(await readLine())).toMatchObject({ responseStatus: 200, forwarded: { acknowledged: true } });
    await trigger("notification-invalid-signature", "forward-2");
    const rejected = JSON.parse(await readLine());
    expect(rejected).toMatchObject({ verified: false, responseStatus: 401 });
    expect(rejected).not.toHaveProperty("forwarded");
    expect(JSON.parse(await readLine())).toMatchObject({ verified: true, forwarded: { acknowledged: true } });
    expect(paths).toEqual(["/hook", "/hook", "/hook"]);
    expect(await interrupt(child)).toBe(0);
  });

  test("says where it forwards notifications, and which path is signed if the two paths differ", async () => {
    const options = ["--path", "/n", "--forward-to", "http://127.0.0.1:1/hook"];
    const child = startChild("listen", "--port", "0", ...options);
    const shown = await waitForOutput(child, /Stop with Ctrl-C/);
    for (const part of ["Forwards to  http://127.0.0.1:1/hook", "Signed path  /n. Set your receiver's `path` option"])
      expect(shown).toContain(part);
    const { url = "" } = /(?<url>http:\S+\/n)$/m.exec(shown)?.groups ?? {};
    await runOnSandbox("trigger", "success", "--notification-url", url);
    const row = await waitForOutput(child, /not acknowledged/);
    expect(row).toMatch(
      /✓ verified {2}vaulted ALIPAY\S+ {2}trigger-success-\w+ {2}→ http:\/\/127\.0\.0\.1:1\/hook {2}no response, not acknowledged\. No server is listening/,
    );
    expect(await stopProcess(child)).toBe(0);
  });

  test("prints its URL and a command that causes a notification", async () => {
    const child = startChild("listen", "--port", "0", "--fail-first", "2");
    const shown = await waitForOutput(child, /Stop with Ctrl-C/);
    for (const part of ["● Listening", "/antom/notifications", "Client ID", "the first 2", "vault --test-card visa"])
      expect(shown).toContain(part);
    expect(await stopProcess(child)).toBe(0);
  });

  test.each<[string, readonly string[], string]>([
    ["an invalid path", ["--path", "n"], "--path must start with /"],
    ["an invalid number of failures", ["--fail-first", "all"], "--fail-first must be a whole number"],
    ["an invalid port", ["--port", "x"], "--port must be a number"],
    ["an invalid endpoint", ["--forward-to", "localhost"], "--forward-to must be a URL such as"],
    [
      "its own address as the endpoint",
      ["--forward-to", "http://localhost:4040/x"],
      "--forward-to is the address of this",
    ],
  ])("exits with 2 for %s", async (_, args, expected) => {
    const { exitCode, stderr } = await runOnSandbox("listen", ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(expected);
  });

  test("says where to get credentials if there are none", async () => {
    using other = createTemporaryDirectory();
    const { exitCode, stderr } = await runCommandIn(other.path, ["listen"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("No credentials in .antom-vault/sandbox. Start a sandbox");
  });
});

describe("antom-vault events", () => {
  test("prints earlier and new API calls with card data masked, and stops on Ctrl-C", async () => {
    await runOnSandbox("vault", "--test-card", "visa", "--id", "seen-1");
    const child = startChild("events", "--filter", "kind=call", "--limit", "1", "--json");
    const readLine = readLines(child);
    expect(JSON.parse(await readLine())).toMatchObject({ vaultingRequestId: "seen-1" });
    await runOnSandbox("vault", "--test-card", "visa", "--id", "seen-2");
    const next = JSON.parse(await readLine());
    expect(next).toMatchObject({ vaultingRequestId: "seen-2", resultCode: "SUCCESS", operation: "vaultPaymentMethod" });
    expect(next.request).toContain("************0768");
    expect(await interrupt(child)).toBe(0);
  });

  test("prints one line per API call", async () => {
    await runOnSandbox("vault", "--test-card", "visa", "--id", "seen-3");
    const { exitCode, stdout } = await runOnSandbox("events", "--filter", "kind=call", "--limit", "1", "--no-follow");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}vaultPaymentMethod {5}SUCCESS +\d+\.\d ms {2}seen-3\n$/);
    expect((await runOnSandbox("events", "--limit", "0", "--no-follow")).stdout).toBe("");
    expect(await runOnSandbox("events", "--limit", "many")).toMatchObject({ exitCode: 2, stdout: "" });
  });

  test("prints the attempts of notifications, and only the events that match the filter", async () => {
    await runOnSandbox("vault", "--test-card", "lost-card", "--id", "filtered-1");
    const read = async (filter: string, ...options: readonly string[]) =>
      (await runOnSandbox("events", "--filter", filter, "--no-follow", ...options)).stdout;
    expect(await read("code=LOST_CARD,kind=notification,id=filtered-1")).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {2}notifyVaulting {9}ACKNOWLEDGED +\d+\.\d ms {2}filtered-1 {2}\(LOST_CARD, notification \d+, attempt 1\)\n$/,
    );
    const events = (await read("id=filtered-1,status=F|U", "--json")).trim().split("\n");
    expect(events.map((line) => JSON.parse(line))).toMatchObject([
      { kind: "call", operation: "vaultPaymentMethod", resultCode: "PROCESS_FAIL" },
      { kind: "notification", resultCode: "LOST_CARD", outcome: "ACKNOWLEDGED", number: 1 },
    ]);
    const unknown = await runOnSandbox("events", "--filter", "cod=X");
    expect(unknown).toMatchObject({ exitCode: 2, stdout: "" });
    expect(unknown.stderr).toContain(
      "The keys are kind, operation, code, status, client, id, fault. Did you mean code?",
    );
  });

  test("prints the time of the sandbox clock if it differs from the time of this computer", async () => {
    await sandbox.clock.advance(3_600_000);
    const { stderr } = await runOnSandbox("events", "--limit", "0", "--no-follow");
    expect(stderr).toMatch(
      /sandbox clock, which now shows [\d-]+ [\d:]+ UTC\. On this computer, it is [\d-]+ [\d:]+ UTC\./,
    );
  });

  test("continues after the sandbox restarts", async () => {
    using other = createTemporaryDirectory();
    const startOther = () =>
      startSandbox({ data: join(other.path, ".antom-vault/sandbox"), notificationScope: "loopback" });
    const vault = (id: string) => runCommandIn(other.path, ["vault", "--test-card", "visa", "--id", id]);
    const first = await startOther();
    await vault("before-1");
    const follower = startCommandIn(other.path, ["events", "--filter", "kind=call", "--json"]);
    children.push(follower);
    const readLine = readLines(follower);
    expect(JSON.parse(await readLine())).toMatchObject({ vaultingRequestId: "before-1" });
    await first.close();
    const second = await startOther();
    await vault("after-1");
    expect(JSON.parse(await readLine())).toMatchObject({ vaultingRequestId: "after-1", sequence: 2 });
    expect(await interrupt(follower)).toBe(0);
    await second.close();
  });
});

describe("antom-vault notifications", () => {
  test("lists notifications, and prints the request and response of each attempt", async () => {
    await using server = await startNodeServer((_request, response) => {
      response
        .writeHead(422, { "content-type": "text/plain", "x-handler": "mine" })
        .end("cannot read 4054695723100768");
    });
    const id = "notified-1";
    await runOnSandbox("trigger", "declined", "--notification-url", `${server.baseUrl}/hook?a=1`, "--id", id);
    const listed = await runOnSandbox("notifications", "--state", "PENDING", "--limit", "1");
    expect(listed.exitCode).toBe(0);
    expect(listed.stdout).toMatch(
      /^ +\d+ {2}PENDING {7}DO_NOT_HONOR {10}notified-1 {2}→ http:\S+\/hook\?a=1 {2}attempt 1: UNEXPECTED_HTTP_STATUS \(status 422\) {2}next attempt in \d+ (?:s|min)\n$/,
    );
    const [{ sequence }] = JSON.parse((await runOnSandbox("notifications", "--limit", "1", "--json")).stdout);
    const { exitCode, stdout } = await runOnSandbox("notifications", String(sequence));
    expect(exitCode).toBe(0);
    expect((await runOnSandbox("notifications", id)).stdout).toContain(`Notification ${sequence}  PENDING`);
    for (const part of [
      `Notification ${sequence}  PENDING`,
      "Result        DO_NOT_HONOR (F)",
      "Attempt 1  UNEXPECTED_HTTP_STATUS (status 422)",
      "Request: POST /hook?a=1",
      "algorithm=RSA256,keyVersion=1,signature=",
      "Signed string\n    POST /hook?a=1\n    SANDBOX_",
      '"vaultingRequestId":"notified-1"',
      "Response: status 422",
      "x-handler: mine",
      "Response body\n    cannot read ************0768",
    ])
      expect(stdout).toContain(part);
    const curl = await runOnSandbox("notifications", String(sequence), "--curl");
    expect(curl.stdout).toMatch(/^curl -sS -i \\\n/);
    expect(curl.stderr).toContain("For a new signature, use --resend.");
    expect(curl.stdout).toContain(`${server.baseUrl}/hook?a=1'\n`);
    expect(await runOnSandbox("notifications", String(sequence), "--resend")).toMatchObject({ exitCode: 1 });
  });

  test.each<[string, readonly string[], string]>([
    ["an unknown notification", ["99999"], "no notification with this number"],
    ["--resend without an ID", ["--resend"], "require the number of a notification"],
    ["an invalid limit", ["--limit", "0"], "--limit must be a number from 1 to 1000"],
    ["an unknown state", ["--state", "PENDING1"], "Did you mean PENDING?"],
  ])("exits with 2 for %s", async (_, args, expected) => {
    const { exitCode, stdout, stderr } = await runOnSandbox("notifications", ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(expected);
  });
});

describe("antom-vault open", () => {
  test("prints the URLs of the dashboard, a vaulting's page, and the buyer's page", async () => {
    await runOnSandbox("vault", "--test-card", "challenge", "--id", "open/1", "--no-wait");
    const print = async (...args: readonly string[]) => (await runOnSandbox("open", ...args, "--print")).stdout.trim();
    expect(await print()).toBe(`${baseUrl}/`);
    expect(await print("open/1")).toMatch(/\/vaultings\/SANDBOX_\w+\/open%2F1$/);
    const page = await print("open/1", "--buyer");
    expect(page).toMatch(/\/3ds\/[\w-]+$/);
    expect((await fetch(page)).status).toBe(200);
  });

  test("exits with 2 for an unknown vaulting, the buyer's page of a vaulting that has ended, or a missing ID", async () => {
    const none = await runOnSandbox("open", "nowhere");
    expect(none).toMatchObject({ exitCode: 2, stdout: "" });
    expect(none.stderr).toContain("no vaulting with this ID. The newest IDs are: open/1, ");
    expect((await runOnSandbox("open", "open/2")).stderr).toContain("Did you mean open/1?");
    await runOnSandbox("vault", "--test-card", "visa", "--id", "final");
    expect((await runOnSandbox("open", "final", "--buyer")).stderr).toContain(
      "The vaulting has ended, so it has no page for the buyer.",
    );
    expect((await runOnSandbox("open", "--buyer")).stderr).toContain("--buyer requires the ID");
  });

  test("opens a browser if there is a display", async () => {
    const browser = join(directory.path, "xdg-open");
    const opened = join(directory.path, "opened");
    writeFileSync(browser, `#!/bin/sh\nprintf '%s' "$1" > ${opened}.part && mv ${opened}.part ${opened}\n`);
    chmodSync(browser, 0o755);
    const PATH = `${directory.path}:${process.env["PATH"]}`;
    const open = (env: Readonly<Record<string, string>>) =>
      runCommandIn(directory.path, ["open", "--data", data, "--json"], { PATH, ...env });
    expect(JSON.parse((await open({})).stdout)).toEqual({ url: `${baseUrl}/`, opened: false });
    expect(JSON.parse((await open({ DISPLAY: ":0", CI: "1" })).stdout)).toMatchObject({ opened: false });
    expect(existsSync(opened)).toBe(false);
    if (process.platform !== "linux") return;
    expect(JSON.parse((await open({ DISPLAY: ":0" })).stdout)).toMatchObject({ opened: true });
    await expect
      .poll(() => existsSync(opened) && readFileSync(opened, "utf8"), { timeout: 10_000 })
      .toBe(`${baseUrl}/`);
  });

  test.each<[NodeJS.Platform, Readonly<Record<string, string>>, readonly string[] | undefined]>([
    ["linux", { DISPLAY: ":0" }, ["xdg-open"]],
    ["linux", { WAYLAND_DISPLAY: "wayland-0" }, ["xdg-open"]],
    ["linux", {}, undefined],
    ["darwin", {}, ["open"]],
    ["win32", {}, ["rundll32", "url.dll,FileProtocolHandler"]],
    ["darwin", { CI: "true" }, undefined],
  ])("findBrowserOpener on %s with %j returns %j", (platform, env, opener) => {
    expect(findBrowserOpener(platform, env)).toEqual(opener);
  });

  test("openInBrowser opens only web URLs, and returns false if the program is missing", async () => {
    const options = { platform: "linux" as const, env: { DISPLAY: ":0" } };
    for (const url of ["file:///etc/passwd", "javascript:alert(1)", "--help", "/x"])
      expect(await openInBrowser(url, options)).toBe(false);
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      expect(await openInBrowser("http://127.0.0.1:1/", options)).toBe(false);
    } finally {
      process.env["PATH"] = path;
    }
  });
});

test("createBareEnvironment omits variables that change the behavior of the command", () => {
  expect(Object.keys(createBareEnvironment()).filter((name) => /^(?:ANTOM_|CI$|DISPLAY$)/.test(name))).toEqual([]);
});
