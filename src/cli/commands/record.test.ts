import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ContractReport } from "../../contract/index.ts";
import { startSandbox } from "../../sandbox/index.ts";
import { createNeedles, findNeedles } from "../../testing/attacks/byte-search.ts";
import { NEEDLES, sendCanaries } from "../../testing/attacks/card-canary.ts";
import { createTemporaryDirectory, runCommand, startCommand, stopProcess } from "../../testing/processes/command.ts";
import { certificate, key } from "../../testing/servers/certificate.ts";

interface Recorder {
  readonly baseUrl: string;
  /** All that it has printed. */
  readonly printed: () => string;
  readonly stop: () => Promise<unknown>;
}

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});

async function recorder(...args: readonly string[]): Promise<Recorder> {
  const child = startCommand("record", "--port", "0", ...args);
  running.add(child);
  let printed = "";
  const listening = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk) => {
        printed += String(chunk);
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
        if (address !== undefined && printed.includes("\n")) resolve(address);
      });
    child.once("exit", () => reject(new Error(printed)));
  });
  const baseUrl = await listening;
  return { baseUrl, printed: () => printed, stop: () => stopProcess(child) };
}

/** The credentials of a target in a file, with or without its address. */
async function credentialsFile(folder: string, credentials: object): Promise<string> {
  const file = join(folder, "credentials.json");
  await writeFile(file, JSON.stringify(credentials), { mode: 0o600 });
  return file;
}

const failedIn = ({ checks }: ContractReport) => checks.filter(({ status }) => status === "failed").map(({ id }) => id);

describe("antom-vault record", () => {
  test("a run of the contract tests passes through it, and what it recorded holds; one damaged answer is found", async () => {
    using folder = createTemporaryDirectory();
    await using sandbox = await startSandbox();
    const credentials = await credentialsFile(folder.path, sandbox.credentials);
    const file = join(folder.path, "new", "recording.jsonl");
    const { baseUrl, printed, stop: end } = await recorder("--credentials", credentials, "--out", file);
    const only = ["--only", "*.answer.*", "--credentials", credentials, "--json"];
    const ran = await runCommand("contract", baseUrl, ...only);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await end()).toBe(0);

    expect(printed()).toMatch(/\n\d\d:\d\d:\d\d\.\d{3} {2}vaultPaymentMethod {5}200 {2}SUCCESS +\d+ ms {2}✓\n/);
    expect(printed()).not.toContain("✗");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    const recorded = lines.map((line) => JSON.parse(line));
    expect(recorded.length).toBeGreaterThan(10);
    for (const { request, answer } of recorded) {
      expect(request).toMatchObject({ signature: "verified", issues: [] });
      expect(answer).toMatchObject({ signature: "verified", broken: [], body: { form: "raw" } });
      expect(JSON.stringify(request.headers)).not.toMatch(/signature/i);
    }

    const replay = ["contract", "--replay", file, "--credentials", credentials, "--json"];
    const held = await runCommand(...replay);
    const report = JSON.parse(held.stdout) as ContractReport;
    expect({ exitCode: held.exitCode, target: report.target, failed: failedIn(report) }).toEqual({
      exitCode: 0,
      target: file,
      failed: [],
    });
    expect(report.totals.passed).toBeGreaterThan(20);

    const at = recorded.findIndex(({ operation, answer }) => operation === "vaultPaymentMethod" && answer);
    await writeFile(file, lines.with(at, (lines[at] ?? "").replace(/ALIPAY\w/, "ALIPAYQ")).join("\n"));
    const junit = join(folder.path, "junit.xml");
    const damaged = await runCommand(...replay, "--junit", junit);
    const { checks } = JSON.parse(damaged.stdout) as ContractReport;
    const failures = checks.filter(({ status }) => status === "failed");
    expect({ exitCode: damaged.exitCode, ids: failures.map(({ id }) => id) }).toEqual({
      exitCode: 1,
      ids: ["replay.vaultPaymentMethod.response.signed"],
    });
    expect(failures[0]?.message).toMatch(
      new RegExp(
        `^Response signature is invalid: .*\nFails in line ${at + 1}\\. Passes in \\d+\\.\nRequest: .*\nResponse: 200 `,
      ),
    );
    expect(failures[0]?.message).not.toContain("Reproduce:");
    expect(await readFile(junit, "utf8")).toContain("replay.vaultPaymentMethod.response.signed");
    const shown = await runCommand("contract", "--replay", file, "--credentials", credentials, "--only", "*.signed");
    expect(shown.stdout).toContain(
      `contract --replay ${file} --credentials ${credentials} --only replay.vaultPaymentMethod.response.signed`,
    );
  });

  test("a card that passes through in every form is in no byte of the recording, of the output or of a replay", async () => {
    using folder = createTemporaryDirectory();
    await using sandbox = await startSandbox();
    const credentials = await credentialsFile(folder.path, sandbox.credentials);
    const file = join(folder.path, "recording.jsonl");
    const { baseUrl, printed, stop: end } = await recorder("--credentials", credentials, "--out", file);
    const notificationUrl = "http://127.0.0.1:9/notified";
    const { signatures } = await sendCanaries({ ...sandbox.credentials, baseUrl }, { count: 90, notificationUrl });
    expect(await end()).toBe(0);
    const replayed = await runCommand("contract", "--replay", file, "--credentials", credentials);
    const asJson = await runCommand("contract", "--replay", file, "--json");
    const recording = await readFile(file);
    const all = Buffer.concat([
      recording,
      ...[printed(), replayed.stdout, replayed.stderr, asJson.stdout].map((text) => Buffer.from(text)),
    ]);
    expect(recording.toString().trimEnd().split("\n").length).toBeGreaterThan(200);
    const secrets = [...NEEDLES, ...signatures.flatMap((each) => createNeedles("request signature", each))];
    expect(findNeedles(all, secrets)).toEqual([]);
    // It was there to be found: its last four digits are.
    expect(recording.toString()).toMatch(/"\*{12}\d{4}\\?"/);
    expect(replayed.exitCode).toBe(1);
  });

  test("what is wrong with either side is told at once, in JSON too", async () => {
    using folder = createTemporaryDirectory();
    const target = createHttpServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"result":{"resultCode":"\\u001b[2J","resultStatus":"F","resultMessage":"m"}}');
    });
    target.listen(0, "127.0.0.1");
    await once(target, "listening");
    const address = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
    const out = ["--target", address, "--out", join(folder.path, "r.jsonl")];
    for (const json of [[], ["--json"]]) {
      const { baseUrl, printed, stop: end } = await recorder(...out, ...json);
      await fetch(`${baseUrl}/ams/api/v1/vaults/inquireVaulting`, { method: "POST", body: "{}" });
      expect(await end()).toBe(0);
      expect(printed()).toMatch(/The request breaks the document: .*; Client-Id must have/);
      expect(printed()).toContain("/vaultingRequestId is required");
      expect(printed()).toContain("The Signature header is missing");
      expect(printed()).toContain("(response.documented)");
      expect(printed()).not.toContain("\u001b");
    }
    target.close();
  });

  test("a certificate that nobody vouches for is not trusted, and the target's silence is recorded as such", async () => {
    using folder = createTemporaryDirectory();
    const target = createServer({ cert: certificate, key }, (_, response) => response.end("{}"));
    target.listen(0, "127.0.0.1");
    await once(target, "listening");
    const file = join(folder.path, "r.jsonl");
    const address = `https://127.0.0.1:${(target.address() as AddressInfo).port}`;
    const { baseUrl, stop: end } = await recorder("--target", address, "--out", file);
    const response = await fetch(`${baseUrl}/ams/api/v1/vaults/inquireVaulting`, { method: "POST", body: "{}" });
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
    expect(await end()).toBe(0);
    const recorded = JSON.parse(await readFile(file, "utf8"));
    expect({ noResponse: recorded.noResponse, response: recorded.response }).toEqual({
      noResponse: { by: "target", why: "Connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)." },
      response: undefined,
    });
    target.close();
  });

  test.each([
    ["no target", [], "--target URL, or a credentials file with a baseUrl, is needed."],
    ["no address", ["--target", "gateway"], "--target must be a base URL such as https://gateway.example."],
    ["a path", ["--target", "http://127.0.0.1:1/ams"], "paths are signed, and pass unchanged."],
    ["no port", ["--target", "http://127.0.0.1:1", "--port", "x"], "--port must be a number from 0 to 65535."],
    ["no folder", ["--target", "http://127.0.0.1:1", "--out", "/dev/null/x"], "/dev/null/x cannot be written: "],
  ])("%s is wrong usage", async (_, args, told) => {
    using folder = createTemporaryDirectory();
    const { exitCode, stderr } = await runCommand("record", "--out", join(folder.path, "r.jsonl"), ...args);
    expect({ exitCode, told: stderr.includes(told), stderr }).toMatchObject({ exitCode: 2, told: true });
  });
});

describe("antom-vault contract --replay", () => {
  test.each([
    ["is not there", undefined, /cannot be read: ENOENT/],
    ["is no recording", "4054695723100768 is no line\n", /is no recording: line 1 is not JSON\. It must be/],
    ["is an archive of nothing that can be read", '{"log":{"entries":[{}]}}', /entry 1 has no readable request/],
  ])("a file that %s is wrong usage, and is not quoted", async (_, text, told) => {
    using folder = createTemporaryDirectory();
    const file = join(folder.path, "x.har");
    if (text !== undefined) await writeFile(file, text);
    const { exitCode, stdout, stderr } = await runCommand("contract", "--replay", file);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(told);
    expect(stderr).not.toContain("4054");
  });

  test("an empty recording proves nothing: exit code 1", async () => {
    using folder = createTemporaryDirectory();
    const file = join(folder.path, "x.jsonl");
    await writeFile(file, "");
    const { exitCode, stdout } = await runCommand("contract", "--replay", file);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("The recording has nothing to check: it is empty.");
  });

  test("a target beside it is wrong usage", async () => {
    const { exitCode, stderr } = await runCommand("contract", "sandbox", "--replay", "x.jsonl");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("give either --replay FILE or a target");
  });
});
