import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/index.ts";
import {
  createTemporaryDirectory,
  readFirstLine,
  runCommand,
  runCommandIn,
  startCommandIn,
  stopProcess,
  waitForExit,
} from "../../testing/processes/command.ts";

const CARD = { cardNo: "4054695723100768", expiryYear: "37", expiryMonth: "11", cvv: "9174" };
const SECRETS = [CARD.cardNo, CARD.cvv, '"37"', '"11"', "11/37"];

const directory = createTemporaryDirectory();
const data = join(directory.path, "sandbox");
const credentials = join(data, "credentials.json");
const cardFile = join(directory.path, "card.json");
writeFileSync(cardFile, JSON.stringify(CARD));
const sandbox = await startSandbox({ data, notificationScope: "loopback" });
const { baseUrl } = sandbox.credentials;
afterAll(async () => {
  await sandbox.close();
  directory[Symbol.dispose]();
});

const runOnSandbox = (...args: readonly string[]) => runCommand(...args, "--data", data);

async function passChallenge(sandboxUrl: string, id: string): Promise<void> {
  const response = await fetch(`${sandboxUrl}/_sandbox/vaultings/${id}/challenge`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"result":"passed"}',
  });
  expect(response.status).toBe(200);
}

describe("antom-vault vault", () => {
  test("prints the outcome, the meaning, the next step, and the notification for a card from a file", async () => {
    const { exitCode, stdout, stderr } = await runOnSandbox("vault", "--card", cardFile, "--id", "from-file");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    for (const part of ["✓ vaulted", "from-file", "VISA ************0768", "ALIPAY", "Meaning", "Next", "✓ verified"])
      expect(stdout).toContain(part);
    expect(stdout).toContain("acknowledged");
    for (const secret of SECRETS) expect(stdout).not.toContain(secret);
    const again = await runOnSandbox("vault", "--card", cardFile, "--id", "from-file", "--json");
    expect(again.stderr).toMatch(
      /^A vaulting with this ID was already created on \S+ \S+ UTC, so the sandbox returned the result of that/,
    );
    expect(JSON.parse(again.stdout)).toMatchObject({ outcome: "vaulted", vaultingRequestId: "from-file" });
  });

  test("reads the card from standard input and never prints or stores it", async () => {
    using other = createTemporaryDirectory();
    const child = startCommandIn(other.path, ["vault", "--card", "-", "--data", data, "--json"]);
    const { exitCode, stdout, stderr } = await waitForExit(child, JSON.stringify(CARD));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "vaulted",
      notification: { verified: true, responseStatus: 200 },
    });
    for (const secret of SECRETS) expect(stdout).not.toContain(secret);
    expect(readdirSync(other.path)).toEqual([]);
    for (const file of readdirSync(data)) {
      const path = join(data, file);
      if (statSync(path).isFile()) expect(readFileSync(path, "latin1")).not.toContain(CARD.cardNo);
    }
  });

  test.each([
    ["visa", 0, { outcome: "vaulted" }],
    ["5162774114974622", 0, { outcome: "vaulted" }],
    ["declined", 1, { outcome: "failed", code: "DO_NOT_HONOR", action: "inform_buyer" }],
    ["CARD_EXPIRED", 1, { outcome: "failed", code: "CARD_EXPIRED", next: expect.stringMatching(/^Inform the buyer/) }],
  ])("accepts --test-card %s and exits with %i", async (name, code, expected) => {
    const { exitCode, stdout } = await runOnSandbox("vault", "--test-card", name, "--json");
    expect(exitCode).toBe(code);
    expect(JSON.parse(stdout)).toMatchObject(expected);
  });

  test("prints the URL of the challenge page, waits for the buyer, and prints the result", async () => {
    using other = createTemporaryDirectory();
    const args = ["vault", "--test-card", "visa", "--3ds", "--id", "followed", "--data", data];
    const pageShown = Promise.withResolvers<string>();
    const ended = runCommandIn(other.path, args, { NO_COLOR: "1" }, (output) => {
      if (/Page +http:\/\/127\.0\.0\.1:\d+\/3ds\/\S+/.test(output)) pageShown.resolve(output);
    });
    expect(await pageShown.promise).toContain("… verification_required");
    await passChallenge(baseUrl, "followed");
    const { exitCode, stdout, stderr } = await ended;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/✓ vaulted[\s\S]*Notification {2}✓ verified/);
    expect(stderr).toBe("Waiting for the buyer…\n");
  });

  test("prints the URL of the challenge page and exits if --no-wait is set, and inquire --wait waits for the result", async () => {
    const first = await runOnSandbox("vault", "--test-card", "challenge", "--id", "later", "--no-wait", "--json");
    expect(first.exitCode).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ outcome: "verification_required", normalUrl: expect.any(String) });
    const open = await runOnSandbox("inquire", "later");
    expect(open.exitCode).toBe(0);
    expect(open.stdout).toContain("… verification_required");
    const waiting = runOnSandbox("inquire", "later", "--wait", "--json");
    await passChallenge(baseUrl, "later");
    const { exitCode, stdout } = await waiting;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "vaulted", cardToken: expect.stringMatching(/^ALIPAY/) });
  });

  test("says how to continue if it is interrupted", async () => {
    const child = startCommandIn(directory.path, [
      "vault",
      "--test-card",
      "challenge",
      "--id",
      "open/1",
      "--data",
      data,
    ]);
    const ended = waitForExit(child);
    child.stdout?.on("data", (text) => /Next/.test(String(text)) && child.kill("SIGINT"));
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(130);
    const [, page = "", command = ""] =
      /Interrupted\. The vaulting open\/1 is still in progress\. The buyer's page: (\S+) To wait for the result, run: (.+)\n$/.exec(
        stderr.replace(/\n(?!$)/g, " "),
      ) ?? [];
    expect((await fetch(page)).status).toBe(200);
    expect(command).toContain(`inquire open/1 --wait --data ${data}`);
  });

  test("names the scenarios and faults that explain an unexpected result, including faults that are no longer active", async () => {
    sandbox.faults.inject({ fault: "response-unsigned" });
    const unsigned = await runOnSandbox("vault", "--test-card", "visa", "--id", "faulty-1");
    expect(unsigned).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("SIGNATURE_MISSING") });
    expect(unsigned.stderr).toMatch(/^The sandbox applied: fault response-unsigned\./);
    sandbox.scenarios.start({ operation: "inquireVaulting", resultCode: "SYSTEM_ERROR" });
    const inquired = await runOnSandbox("inquire", "faulty-1");
    sandbox.scenarios.end();
    expect(inquired.stderr).toContain("Active in this sandbox: scenario inquireVaulting SYSTEM_ERROR.");
  });

  test("exits with 1 if there is no result within --timeout", async () => {
    const args = ["vault", "--test-card", "challenge", "--timeout", "0.2"];
    const { exitCode, stdout, stderr } = await runOnSandbox(...args);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("verification_required");
    expect(stderr).toContain("No result within 0.2 s.");
  });

  test("reads the target and the credentials from a file or from the environment", async () => {
    using other = createTemporaryDirectory();
    const { clientId, merchantPrivateKey, antomPublicKey } = JSON.parse(readFileSync(credentials, "utf8"));
    const vault = (args: readonly string[], env = {}) =>
      runCommandIn(other.path, ["vault", "--test-card", "visa", ...args], env);
    expect(await vault(["--json", "--credentials", credentials])).toMatchObject({ exitCode: 0, stderr: "" });
    const env = { ANTOM_CLIENT_ID: clientId, ANTOM_PRIVATE_KEY: merchantPrivateKey, ANTOM_PUBLIC_KEY: antomPublicKey };
    expect(await vault(["--json", "--target", baseUrl], env)).toMatchObject({ exitCode: 0, stderr: "" });
    const noTarget = await vault([], env);
    expect(noTarget).toMatchObject({ exitCode: 2, stdout: "" });
    expect(noTarget.stderr).toContain("Missing target: specify sandbox, antom, north-america");
    const remote = { ...env, ANTOM_BASE_URL: "https://gateway.example" };
    const noUrl = await vault([], remote);
    expect(noUrl.stderr).toContain("Missing --notification-url URL: the target sends the result there.");
    expect(noUrl.exitCode).toBe(2);
  });

  test("prints the response of a mock even if the mock's inquiry contradicts the response", async () => {
    using other = createTemporaryDirectory();
    const mock = startCommandIn(other.path, ["mock", "--port", "0", "--json"]);
    await readFirstLine(mock);
    const options = ["--credentials", join(other.path, ".antom-vault/mock/credentials.json"), "--no-wait"];
    const failed = await runCommand("vault", "--test-card", "visa", "--id", "mock:PROCESS_FAIL", ...options, "--json");
    expect(JSON.parse(failed.stdout)).toMatchObject({ outcome: "failed", code: "PROCESS_FAIL" });
    expect(failed.exitCode).toBe(1);
    expect(await stopProcess(mock)).toBe(0);
  });

  test("starts a temporary sandbox if none is running, and prints a note", async () => {
    using other = createTemporaryDirectory();
    const { exitCode, stdout, stderr } = await runCommandIn(other.path, ["vault", "--test-card", "visa", "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "vaulted", notification: { verified: true } });
    expect(stderr).toContain("Using a temporary in-memory sandbox.");
    expect(readdirSync(other.path)).toEqual([]);
  });

  test("finds the sandbox in the current directory", async () => {
    using other = createTemporaryDirectory();
    const running = await startSandbox({
      data: join(other.path, ".antom-vault/sandbox"),
      notificationScope: "loopback",
    });
    const vaulted = await runCommandIn(other.path, ["vault", "--test-card", "visa", "--id", "kept"]);
    expect(vaulted).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await runCommandIn(other.path, ["inquire", "kept"])).toMatchObject({ exitCode: 0 });
    await running.close();
    // The sandbox has stopped, but its credentials still exist.
    const gone = await runCommandIn(other.path, ["inquire", "kept"]);
    expect(gone).toMatchObject({ exitCode: 2, stdout: "" });
    expect(gone.stderr).toContain("No sandbox is running with the data directory .antom-vault/sandbox");
  });

  test.each<[string, readonly string[], string]>([
    ["a missing card without a terminal", [], "Missing card"],
    ["two cards", ["--card", "x.json", "--test-card", "visa"], "Use either --card or --test-card, not both."],
    ["an unknown test card", ["--test-card", "challange"], "Did you mean challenge?"],
    ["a missing file", ["--card", "/nowhere.json"], "Cannot read /nowhere.json: no such file or directory."],
    ["an invalid timeout", ["--test-card", "visa", "--timeout", "soon"], "--timeout must be a number of seconds"],
    ["an invalid URL", ["--test-card", "visa", "--notification-url", "ftp://x"], "/vaultingNotificationUrl must be"],
    ["an ID that is too long", ["--test-card", "visa", "--id", "x".repeat(65)], "/vaultingRequestId must"],
    ["two targets", ["--test-card", "visa", "--target", "http://127.0.0.1:1"], "--data selects a local sandbox"],
  ])("exits with 2 and says what to do for %s", async (_, args, expected) => {
    const { exitCode, stdout, stderr } = await runOnSandbox("vault", ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/\([A-Z_]+\)\n$/);
    const json = await runOnSandbox("vault", ...args, "--json");
    expect(JSON.parse(json.stderr).error.message).toContain(expected);
  });

  test.each([
    ["invalid JSON", JSON.stringify(CARD).slice(0, -1)],
    ["a letter in the number", JSON.stringify({ ...CARD, cardNo: `${CARD.cardNo}x` })],
    ["an invalid month", JSON.stringify({ ...CARD, expiryMonth: "13" })],
    ["a number instead of a string", JSON.stringify({ ...CARD, cvv: 9174 })],
    ["a duplicate field name", `{"cardNo":"5162774114974622",${JSON.stringify(CARD).slice(1)}`],
    ["an array instead of an object", JSON.stringify([CARD])],
  ])("rejects a card file with %s, without quoting the file", async (_, content) => {
    const file = join(directory.path, "invalid.json");
    writeFileSync(file, content);
    const { exitCode, stdout, stderr } = await runOnSandbox("vault", "--card", file);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/is not JSON|contains a duplicate name|is invalid: /);
    for (const secret of [...SECRETS, "0768"]) expect(stderr).not.toContain(secret);
  });

  test("exits with 2 if the target cannot be reached, without printing the card", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const target = ["--target", `http://127.0.0.1:${port}`, "--credentials", credentials];
    const { exitCode, stdout, stderr } = await runCommand("vault", "--card", cardFile, ...target);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("CONNECTION_FAILED");
    for (const secret of SECRETS) expect(stderr).not.toContain(secret);
  });
});

describe("antom-vault session", () => {
  test("creates a session and prints the URL of its page, without waiting", async () => {
    const { exitCode, stdout } = await runOnSandbox("session", "--id", "typed");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/✓ created[\s\S]*Page +http:\/\/127\.0\.0\.1:\d+\/card\/\S+/);
    const json = JSON.parse((await runOnSandbox("session", "--id", "typed-2", "--json")).stdout);
    // The buyer returns to a page of the sandbox that shows the result.
    const calls = await (await fetch(`${baseUrl}/_sandbox/calls?limit=1`)).text();
    const [, redirectUrl = ""] = /redirectUrl\W+(http[^"\\]+)/.exec(calls) ?? [];
    expect(redirectUrl).toMatch(/\/vaultings\/SANDBOX_\w+\/typed-2$/);
    expect(await (await fetch(redirectUrl)).text()).toContain("<title>typed-2 ");
    expect(json).toMatchObject({
      outcome: "created",
      vaultingSessionData: expect.any(String),
      next: expect.any(String),
    });
  });

  test("waits for the buyer with --wait, up to --timeout", async () => {
    const { exitCode, stdout, stderr } = await runOnSandbox("session", "--wait", "--timeout", "0.2", "--json");
    expect(exitCode).toBe(1);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).outcome),
    ).toEqual(["created", "verification_required"]);
    expect(stderr).toContain("No result within 0.2 s.");
  });
});

describe("antom-vault inquire", () => {
  test("exits with 1 for an unknown vaulting", async () => {
    const { exitCode, stdout } = await runOnSandbox("inquire", "nowhere");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("✗ inquiry_failed: VAULTING_NOT_EXIST");
  });

  test("exits with 2 without an ID", async () => {
    expect(await runOnSandbox("inquire")).toMatchObject({ exitCode: 2, stdout: "" });
  });
});
