import type { ChildProcess } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, test } from "vitest";
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
  test("prints each notification, rejects the first --fail-first notifications with status 500, and stops on Ctrl-C", async () => {
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

  test("prints its URL and a command to try it", async () => {
    const child = startChild("listen", "--port", "0", "--fail-first", "2");
    const shown = await waitForOutput(child, /Stop with Ctrl-C/);
    for (const part of ["● Listening", "/antom/notifications", "Client ID", "the first 2", "vault --test-card visa"])
      expect(shown).toContain(part);
    expect(await stopProcess(child)).toBe(0);
  });

  test.each<[string, readonly string[], string]>([
    ["the path", ["--path", "n"], "--path must start with /"],
    ["the number of failures", ["--fail-first", "all"], "--fail-first must be a whole number"],
    ["the port", ["--port", "x"], "--port must be a number"],
  ])("exits with 2 if %s is invalid", async (_, args, expected) => {
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
  test("prints earlier and new API calls with masked cards, and stops on Ctrl-C", async () => {
    await runOnSandbox("vault", "--test-card", "visa", "--id", "seen-1");
    const child = startChild("events", "--limit", "1", "--json");
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
    const { exitCode, stdout } = await runOnSandbox("events", "--limit", "1", "--no-follow");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}vaultPaymentMethod {5}SUCCESS +\d+\.\d ms {2}seen-3\n$/);
    expect((await runOnSandbox("events", "--limit", "0", "--no-follow")).stdout).toBe("");
    expect(await runOnSandbox("events", "--limit", "many")).toMatchObject({ exitCode: 2, stdout: "" });
  });

  test("continues after the sandbox restarts", async () => {
    using other = createTemporaryDirectory();
    const startOther = () =>
      startSandbox({ data: join(other.path, ".antom-vault/sandbox"), notificationScope: "loopback" });
    const vault = (id: string) => runCommandIn(other.path, ["vault", "--test-card", "visa", "--id", id]);
    const first = await startOther();
    await vault("before-1");
    const follower = startCommandIn(other.path, ["events", "--json"]);
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

  test("exits with 2 for an unknown vaulting, the buyer's page of a final vaulting, or a missing ID", async () => {
    const none = await runOnSandbox("open", "nowhere");
    expect(none).toMatchObject({ exitCode: 2, stdout: "" });
    expect(none.stderr).toContain("No such vaulting.");
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

  test("createBareEnvironment omits variables that change the behavior of the command", () => {
    expect(Object.keys(createBareEnvironment()).filter((name) => /^(?:ANTOM_|CI$|DISPLAY$)/.test(name))).toEqual([]);
  });
});
