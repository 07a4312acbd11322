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

const folder = createTemporaryDirectory();
const data = join(folder.path, "sandbox");
const sandbox = await startSandbox({ data, notificationScope: "loopback" });
const { baseUrl } = sandbox.credentials;
afterAll(async () => {
  await sandbox.close();
  folder[Symbol.dispose]();
});

const onData = (...args: readonly string[]) => runCommand(...args, "--data", data);
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});
const serve = (...args: readonly string[]) => {
  const child = startCommandIn(folder.path, [...args, "--data", data]);
  children.push(child);
  return child;
};

/** The lines of a process, one after the other. */
function linesOf(child: ChildProcess): () => Promise<string> {
  const lines = createInterface(child.stdout ?? process.stdin)[Symbol.asyncIterator]();
  return async () => String((await lines.next()).value);
}

async function interrupt(child: ChildProcess): Promise<unknown> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  return ended;
}

describe("antom-vault listen", () => {
  test("shows each notification, fails as many as it is told to, and ends with Ctrl-C", async () => {
    const child = serve("listen", "--port", "0", "--path", "/n", "--fail-first", "1", "--json");
    const line = linesOf(child);
    const { url, clientId } = JSON.parse(await line());
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/n$/);
    expect(clientId).toMatch(/^SANDBOX_/);
    const to = ["--notification-url", url, "--no-wait"];
    expect(await onData("vault", "--test-card", "visa", "--id", "heard-1", ...to)).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(await line())).toMatchObject({ verified: true, vaultingRequestId: "heard-1", answered: 500 });
    expect(await onData("vault", "--test-card", "lost-card", "--id", "heard-2", ...to)).toMatchObject({ exitCode: 1 });
    expect(JSON.parse(await line())).toMatchObject({ code: "LOST_CARD", vaultingRequestId: "heard-2", answered: 200 });
    expect(await interrupt(child)).toBe(0);
  });

  test("says where it listens and how it is tried", async () => {
    const child = serve("listen", "--port", "0", "--fail-first", "2");
    const shown = await waitForOutput(child, /Stop with Ctrl-C/);
    for (const told of ["● Listening", "/antom/notifications", "Client ID", "the first 2", "vault --test-card visa"])
      expect(shown).toContain(told);
    expect(await stopProcess(child)).toBe(0);
  });

  test.each<[string, readonly string[], string]>([
    ["a path", ["--path", "n"], "--path must begin with /"],
    ["a number to fail", ["--fail-first", "all"], "--fail-first must be a whole number"],
    ["a port", ["--port", "x"], "--port must be a number"],
  ])("%s that is none: exit 2", async (_, args, told) => {
    const { exitCode, stderr } = await onData("listen", ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(told);
  });

  test("without credentials says where they come from", async () => {
    using place = createTemporaryDirectory();
    const { exitCode, stderr } = await runCommandIn(place.path, ["listen"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("There are no credentials in .antom-vault/sandbox. Start a sandbox");
  });
});

describe("antom-vault events", () => {
  test("shows what was, follows what comes, masked, and ends with Ctrl-C", async () => {
    await onData("vault", "--test-card", "visa", "--id", "seen-1");
    const child = serve("events", "--limit", "1", "--json");
    const line = linesOf(child);
    expect(JSON.parse(await line())).toMatchObject({ vaultingRequestId: "seen-1" });
    await onData("vault", "--test-card", "visa", "--id", "seen-2");
    const next = JSON.parse(await line());
    expect(next).toMatchObject({ vaultingRequestId: "seen-2", resultCode: "SUCCESS", operation: "vaultPaymentMethod" });
    expect(next.request).toContain("************0768");
    expect(await interrupt(child)).toBe(0);
  });

  test("one line an exchange", async () => {
    await onData("vault", "--test-card", "visa", "--id", "seen-3");
    const { exitCode, stdout } = await onData("events", "--limit", "1", "--no-follow");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}vaultPaymentMethod {5}SUCCESS +\d+\.\d ms {2}seen-3\n$/);
    expect((await onData("events", "--limit", "0", "--no-follow")).stdout).toBe("");
    expect(await onData("events", "--limit", "many")).toMatchObject({ exitCode: 2, stdout: "" });
  });

  test("finds a sandbox again that was started anew", async () => {
    using place = createTemporaryDirectory();
    const serveThere = () =>
      startSandbox({ data: join(place.path, ".antom-vault/sandbox"), notificationScope: "loopback" });
    const vault = (id: string) => runCommandIn(place.path, ["vault", "--test-card", "visa", "--id", id]);
    const first = await serveThere();
    await vault("before-1");
    const follower = startCommandIn(place.path, ["events", "--json"]);
    children.push(follower);
    const line = linesOf(follower);
    expect(JSON.parse(await line())).toMatchObject({ vaultingRequestId: "before-1" });
    await first.close();
    const second = await serveThere();
    await vault("after-1");
    expect(JSON.parse(await line())).toMatchObject({ vaultingRequestId: "after-1", sequence: 1 });
    expect(await interrupt(follower)).toBe(0);
    await second.close();
  });
});

describe("antom-vault open", () => {
  test("prints the address of the dashboard, of a vaulting in it, and of its buyer's page", async () => {
    await onData("vault", "--test-card", "challenge", "--id", "open/1", "--no-wait");
    const print = async (...args: readonly string[]) => (await onData("open", ...args, "--print")).stdout.trim();
    expect(await print()).toBe(`${baseUrl}/`);
    expect(await print("open/1")).toMatch(/\/vaultings\/SANDBOX_\w+\/open%2F1$/);
    const page = await print("open/1", "--buyer");
    expect(page).toMatch(/\/3ds\/[\w-]+$/);
    expect((await fetch(page)).status).toBe(200);
  });

  test("what there is not is told", async () => {
    const none = await onData("open", "nowhere");
    expect(none).toMatchObject({ exitCode: 2, stdout: "" });
    expect(none.stderr).toContain("No such vaulting.");
    await onData("vault", "--test-card", "visa", "--id", "final");
    expect((await onData("open", "final", "--buyer")).stderr).toContain("The vaulting is final");
    expect((await onData("open", "--buyer")).stderr).toContain("--buyer needs the ID");
  });

  test("opens a browser where there is one, and says so where there is none", async () => {
    const browser = join(folder.path, "xdg-open");
    const opened = join(folder.path, "opened");
    writeFileSync(browser, `#!/bin/sh\nprintf '%s' "$1" > ${opened}.part && mv ${opened}.part ${opened}\n`);
    chmodSync(browser, 0o755);
    const PATH = `${folder.path}:${process.env["PATH"]}`;
    const open = (env: Readonly<Record<string, string>>) =>
      runCommandIn(folder.path, ["open", "--data", data, "--json"], { PATH, ...env });
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
  ])("on %s with %j by %j", (platform, env, opener) => {
    expect(findBrowserOpener(platform, env)).toEqual(opener);
  });

  test("only a web address is opened, and a program that is missing is no error", async () => {
    const here = { platform: "linux" as const, env: { DISPLAY: ":0" } };
    for (const address of ["file:///etc/passwd", "javascript:alert(1)", "--help", "/x"])
      expect(await openInBrowser(address, here)).toBe(false);
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      expect(await openInBrowser("http://127.0.0.1:1/", here)).toBe(false);
    } finally {
      process.env["PATH"] = path;
    }
  });

  test("the bare environment of these tests has none of what decides", () => {
    expect(Object.keys(createBareEnvironment()).filter((name) => /^(?:ANTOM_|CI$|DISPLAY$)/.test(name))).toEqual([]);
  });
});
