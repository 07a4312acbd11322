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

const folder = createTemporaryDirectory();
const data = join(folder.path, "sandbox");
const credentials = join(data, "credentials.json");
const cardFile = join(folder.path, "card.json");
writeFileSync(cardFile, JSON.stringify(CARD));
const sandbox = await startSandbox({ data, notificationScope: "loopback" });
const { baseUrl } = sandbox.credentials;
afterAll(async () => {
  await sandbox.close();
  folder[Symbol.dispose]();
});

const onData = (...args: readonly string[]) => runCommand(...args, "--data", data);

/** Ends the challenge of a vaulting as the buyer would. */
async function passChallenge(at: string, id: string): Promise<void> {
  const answer = await fetch(`${at}/_sandbox/vaultings/${id}/challenge`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"result":"passed"}',
  });
  expect(answer.status).toBe(200);
}

describe("antom-vault vault", () => {
  test("vaults a card of a file: outcome, meaning, what next, and the notification", async () => {
    const { exitCode, stdout, stderr } = await onData("vault", "--card", cardFile, "--id", "from-file");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    for (const told of ["✓ vaulted", "from-file", "VISA ************0768", "ALIPAY", "Meaning", "Next", "✓ verified"])
      expect(stdout).toContain(told);
    expect(stdout).toContain("acknowledged");
    for (const secret of SECRETS) expect(stdout).not.toContain(secret);
    const again = await onData("vault", "--card", cardFile, "--id", "from-file", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ outcome: "vaulted", vaultingRequestId: "from-file" });
  });

  test("takes the card from standard input, and leaves it in no output and no file", async () => {
    using place = createTemporaryDirectory();
    const child = startCommandIn(place.path, ["vault", "--card", "-", "--data", data, "--json"]);
    const { exitCode, stdout, stderr } = await waitForExit(child, JSON.stringify(CARD));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "vaulted", notification: { verified: true, answered: 200 } });
    for (const secret of SECRETS) expect(stdout).not.toContain(secret);
    expect(readdirSync(place.path)).toEqual([]);
    for (const file of readdirSync(data)) {
      const path = join(data, file);
      if (statSync(path).isFile()) expect(readFileSync(path, "latin1")).not.toContain(CARD.cardNo);
    }
  });

  test.each([
    ["visa", 0, { outcome: "vaulted" }],
    ["5162774114974622", 0, { outcome: "vaulted" }],
    ["declined", 1, { outcome: "failed", code: "DO_NOT_HONOR", action: "inform_buyer" }],
    ["CARD_EXPIRED", 1, { outcome: "failed", code: "CARD_EXPIRED", next: expect.stringMatching(/^Tell the buyer/) }],
  ])("--test-card %s: exit %i", async (name, code, told) => {
    const { exitCode, stdout } = await onData("vault", "--test-card", name, "--json");
    expect(exitCode).toBe(code);
    expect(JSON.parse(stdout)).toMatchObject(told);
  });

  test("follows a challenge: prints the page, waits, tells the result", async () => {
    using place = createTemporaryDirectory();
    const args = ["vault", "--test-card", "visa", "--3ds", "--id", "followed", "--data", data];
    const paged = Promise.withResolvers<string>();
    const ended = runCommandIn(place.path, args, { NO_COLOR: "1" }, (shown) => {
      if (/Page +http:\/\/127\.0\.0\.1:\d+\/3ds\/\S+/.test(shown)) paged.resolve(shown);
    });
    expect(await paged.promise).toContain("… verification_required");
    await passChallenge(baseUrl, "followed");
    const { exitCode, stdout, stderr } = await ended;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/✓ vaulted[\s\S]*Notification {2}✓ verified/);
    expect(stderr).toBe("Waiting for the buyer…\n");
  });

  test("--no-wait gives the page and ends; inquire --wait takes it up", async () => {
    const first = await onData("vault", "--test-card", "challenge", "--id", "later", "--no-wait", "--json");
    expect(first.exitCode).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ outcome: "verification_required", normalUrl: expect.any(String) });
    const open = await onData("inquire", "later");
    expect(open.exitCode).toBe(0);
    expect(open.stdout).toContain("… verification_required");
    const waiting = onData("inquire", "later", "--wait", "--json");
    await passChallenge(baseUrl, "later");
    const { exitCode, stdout } = await waiting;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "vaulted", cardToken: expect.stringMatching(/^ALIPAY/) });
  });

  test("who waited in vain is told so, and ends with 1", async () => {
    const args = ["vault", "--test-card", "challenge", "--timeout", "0.2"];
    const { exitCode, stdout, stderr } = await onData(...args);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("verification_required");
    expect(stderr).toContain("No result came within 0.2 seconds.");
  });

  test("goes to any target by credentials, from a file or the environment, which the sandbox here cannot take", async () => {
    using place = createTemporaryDirectory();
    const { clientId, merchantPrivateKey, antomPublicKey } = JSON.parse(readFileSync(credentials, "utf8"));
    const vault = (args: readonly string[], env = {}) =>
      runCommandIn(place.path, ["vault", "--test-card", "visa", ...args], env);
    expect(await vault(["--json", "--credentials", credentials])).toMatchObject({ exitCode: 0, stderr: "" });
    const env = { ANTOM_CLIENT_ID: clientId, ANTOM_PRIVATE_KEY: merchantPrivateKey, ANTOM_PUBLIC_KEY: antomPublicKey };
    expect(await vault(["--json", "--target", baseUrl], env)).toMatchObject({ exitCode: 0, stderr: "" });
    const noTarget = await vault([], env);
    expect(noTarget).toMatchObject({ exitCode: 2, stdout: "" });
    expect(noTarget.stderr).toContain("A target: sandbox, antom, north-america");
    const foreign = { ...env, ANTOM_BASE_URL: "https://gateway.example" };
    const noAddress = await vault([], foreign);
    expect(noAddress.stderr).toContain("--notification-url URL, where the gateway sends the result, is needed");
    expect(noAddress.exitCode).toBe(2);
  });

  test("what a mock answers stands, though an inquiry at it says otherwise", async () => {
    using place = createTemporaryDirectory();
    const mock = startCommandIn(place.path, ["mock", "--port", "0", "--json"]);
    await readFirstLine(mock);
    const to = ["--credentials", join(place.path, ".antom-vault/mock/credentials.json"), "--no-wait"];
    const failed = await runCommand("vault", "--test-card", "visa", "--id", "mock:PROCESS_FAIL", ...to, "--json");
    expect(JSON.parse(failed.stdout)).toMatchObject({ outcome: "failed", code: "PROCESS_FAIL" });
    expect(failed.exitCode).toBe(1);
    expect(await stopProcess(mock)).toBe(0);
  });

  test("with no sandbox at all starts one for the call, and says so", async () => {
    using place = createTemporaryDirectory();
    const { exitCode, stdout, stderr } = await runCommandIn(place.path, ["vault", "--test-card", "visa", "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "vaulted", notification: { verified: true } });
    expect(stderr).toContain("one was started for this call, in memory");
    expect(readdirSync(place.path)).toEqual([]);
  });

  test("finds the sandbox of the folder by itself", async () => {
    using place = createTemporaryDirectory();
    const running = await startSandbox({
      data: join(place.path, ".antom-vault/sandbox"),
      notificationScope: "loopback",
    });
    const vaulted = await runCommandIn(place.path, ["vault", "--test-card", "visa", "--id", "kept"]);
    expect(vaulted).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await runCommandIn(place.path, ["inquire", "kept"])).toMatchObject({ exitCode: 0 });
    await running.close();
    // Its credentials are still there, and it is not.
    const gone = await runCommandIn(place.path, ["inquire", "kept"]);
    expect(gone).toMatchObject({ exitCode: 2, stdout: "" });
    expect(gone.stderr).toContain("No sandbox runs on .antom-vault/sandbox");
  });

  test.each<[string, readonly string[], string]>([
    ["no card and nobody to ask", [], "A card is needed"],
    ["two cards", ["--card", "x.json", "--test-card", "visa"], "Give either --card or --test-card."],
    ["a name that is none", ["--test-card", "challange"], "Did you mean challenge?"],
    ["a file that is not there", ["--card", "/nowhere.json"], "There is no file /nowhere.json."],
    ["a time that is none", ["--test-card", "visa", "--timeout", "soon"], "--timeout must be a number of seconds"],
    [
      "an address that is none",
      ["--test-card", "visa", "--notification-url", "ftp://x"],
      "/vaultingNotificationUrl must be",
    ],
    ["an ID that is too long", ["--test-card", "visa", "--id", "x".repeat(65)], "/vaultingRequestId must"],
    [
      "two targets",
      ["--test-card", "visa", "--target", "http://127.0.0.1:1"],
      "--data names a sandbox of this machine",
    ],
  ])("%s: exit 2 and what to do", async (_, args, told) => {
    const { exitCode, stdout, stderr } = await onData("vault", ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(told);
    const json = await onData("vault", ...args, "--json");
    expect(JSON.parse(json.stderr).error.message).toContain(told);
  });

  test.each([
    ["no JSON", JSON.stringify(CARD).slice(0, -1)],
    ["a letter in the number", JSON.stringify({ ...CARD, cardNo: `${CARD.cardNo}x` })],
    ["no month", JSON.stringify({ ...CARD, expiryMonth: "13" })],
    ["a number in the place of a text", JSON.stringify({ ...CARD, cvv: 9174 })],
    ["a name twice", `{"cardNo":"5162774114974622",${JSON.stringify(CARD).slice(1)}`],
    ["a list", JSON.stringify([CARD])],
  ])("a card file with a mistake (%s) is told by place and rule alone", async (_, content) => {
    const file = join(folder.path, "wrong.json");
    writeFileSync(file, content);
    const { exitCode, stdout, stderr } = await onData("vault", "--card", file);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/is not JSON|contains a duplicate name|breaks the document/);
    for (const secret of [...SECRETS, "0768"]) expect(stderr).not.toContain(secret);
  });

  test("a target that cannot be reached: exit 2, and nothing of the card", async () => {
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
  test("creates a session and prints its page, without waiting", async () => {
    const { exitCode, stdout } = await onData("session", "--id", "typed");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/✓ created[\s\S]*Page +http:\/\/127\.0\.0\.1:\d+\/card\/\S+/);
    const json = JSON.parse((await onData("session", "--id", "typed-2", "--json")).stdout);
    // Whoever typed the card comes back to where the sandbox shows what became of it.
    const asked = await (await fetch(`${baseUrl}/_sandbox/calls?limit=1`)).text();
    const [, back = ""] = /redirectUrl\W+(http[^"\\]+)/.exec(asked) ?? [];
    expect(back).toMatch(/\/vaultings\/SANDBOX_\w+\/typed-2$/);
    expect(await (await fetch(back)).text()).toContain("<title>typed-2 ");
    expect(json).toMatchObject({
      outcome: "created",
      vaultingSessionData: expect.any(String),
      next: expect.any(String),
    });
  });

  test("--wait waits for the buyer, as long as it may", async () => {
    const { exitCode, stdout, stderr } = await onData("session", "--wait", "--timeout", "0.2", "--json");
    expect(exitCode).toBe(1);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((each) => JSON.parse(each).outcome),
    ).toEqual(["created", "verification_required"]);
    expect(stderr).toContain("No result came within 0.2 seconds.");
  });
});

describe("antom-vault inquire", () => {
  test("a vaulting that there is not: exit 1", async () => {
    const { exitCode, stdout } = await onData("inquire", "nowhere");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("✗ inquiry_failed: VAULTING_NOT_EXIST");
  });

  test("without an ID: exit 2", async () => {
    expect(await onData("inquire")).toMatchObject({ exitCode: 2, stdout: "" });
  });
});
