import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ContractReport } from "../../contract/index.ts";
import { createTlsCertificates } from "../../gateway/index.ts";
import { startSandbox } from "../../sandbox/index.ts";
import { createNeedles, findNeedles } from "../../testing/attacks/byte-search.ts";
import { NEEDLES, sendCanaries } from "../../testing/attacks/card-canary.ts";
import { createTemporaryDirectory, runCommand, startCommand, stopProcess } from "../../testing/processes/command.ts";

interface Recorder {
  readonly baseUrl: string;
  readonly getOutput: () => string;
  readonly stop: () => Promise<unknown>;
}

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});

async function startRecorder(...args: readonly string[]): Promise<Recorder> {
  const child = startCommand("record", "--port", "0", ...args);
  running.add(child);
  let output = "";
  const listening = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk) => {
        output += String(chunk);
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
        if (url !== undefined && output.includes("\n")) resolve(url);
      });
    child.once("exit", () => reject(new Error(output)));
  });
  const baseUrl = await listening;
  return { baseUrl, getOutput: () => output, stop: () => stopProcess(child) };
}

/** Writes the credentials of a target to a file. */
async function writeCredentialsFile(directory: string, credentials: object): Promise<string> {
  const file = join(directory, "credentials.json");
  await writeFile(file, JSON.stringify(credentials), { mode: 0o600 });
  return file;
}

const listFailed = ({ checks }: ContractReport) =>
  checks.filter(({ status }) => status === "failed").map(({ id }) => id);

describe("antom-vault record", () => {
  test("records a run of the contract tests, and a replay passes until a response is changed", async () => {
    using directory = createTemporaryDirectory();
    await using sandbox = await startSandbox();
    const credentials = await writeCredentialsFile(directory.path, sandbox.credentials);
    const file = join(directory.path, "new", "recording.jsonl");
    const { baseUrl, getOutput, stop } = await startRecorder("--credentials", credentials, "--out", file);
    const only = ["--only", "*.response.documented", "--credentials", credentials, "--json"];
    const run = await runCommand("contract", baseUrl, ...only);
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await stop()).toBe(0);
    expect(getOutput().replace(/\s+/g, " ")).toMatch(
      /Stopped\. Added \d+ API calls to \S+ To check them, run: .+ contract --replay \S+ --credentials \S+ $/,
    );

    expect(getOutput()).toMatch(/\n\d\d:\d\d:\d\d\.\d{3} {2}vaultPaymentMethod {5}200 {2}SUCCESS +\d+ ms {2}✓\n/);
    expect(getOutput()).not.toContain("✗");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    const recorded = lines.map((line) => JSON.parse(line));
    expect(recorded.length).toBeGreaterThan(10);
    for (const { request, response } of recorded) {
      expect(request).toMatchObject({ signature: "verified", issues: [] });
      expect(response).toMatchObject({ signature: "verified", broken: [], body: { form: "raw" } });
      expect(JSON.stringify(request.headers)).not.toMatch(/signature/i);
    }

    const replay = ["contract", "--replay", file, "--credentials", credentials, "--json"];
    const passed = await runCommand(...replay);
    const report = JSON.parse(passed.stdout) as ContractReport;
    expect({ exitCode: passed.exitCode, target: report.target, failed: listFailed(report) }).toEqual({
      exitCode: 0,
      target: file,
      failed: [],
    });
    expect(report.totals.passed).toBeGreaterThan(20);

    const index = recorded.findIndex(({ operation, response }) => operation === "vaultPaymentMethod" && response);
    const changeToken = (line = "") =>
      line.replace(/(ALIPAY)(.)/, (_, start, next) => start + (next === "Q" ? "R" : "Q"));
    await writeFile(file, lines.with(index, changeToken(lines[index])).join("\n"));
    const junit = join(directory.path, "junit.xml");
    const changed = await runCommand(...replay, "--junit", junit);
    const { checks } = JSON.parse(changed.stdout) as ContractReport;
    const failures = checks.filter(({ status }) => status === "failed");
    expect({ exitCode: changed.exitCode, ids: failures.map(({ id }) => id) }).toEqual({
      exitCode: 1,
      ids: ["replay.vaultPaymentMethod.response.signed"],
    });
    expect(failures[0]?.message).toMatch(
      new RegExp(
        `^Response signature is invalid: .*\nFails in line ${index + 1}\\.(?: Passes for \\d+ other calls?\\.)?\nRequest: .*\nResponse: 200 `,
      ),
    );
    expect(failures[0]?.message).not.toContain("Reproduce:");
    expect(await readFile(junit, "utf8")).toContain("replay.vaultPaymentMethod.response.signed");
    const printed = await runCommand("contract", "--replay", file, "--credentials", credentials, "--only", "*.signed");
    expect(printed.stdout).toContain(
      `contract --replay ${file} --credentials ${credentials} --only replay.vaultPaymentMethod.response.signed`,
    );
  });

  test("keeps card data and request signatures out of the recording, the output, and a replay", async () => {
    using directory = createTemporaryDirectory();
    await using sandbox = await startSandbox();
    const credentials = await writeCredentialsFile(directory.path, sandbox.credentials);
    const file = join(directory.path, "recording.jsonl");
    const { baseUrl, getOutput, stop } = await startRecorder("--credentials", credentials, "--out", file);
    const notificationUrl = "http://127.0.0.1:9/notified";
    const { signatures } = await sendCanaries({ ...sandbox.credentials, baseUrl }, { count: 90, notificationUrl });
    expect(await stop()).toBe(0);
    const replayed = await runCommand("contract", "--replay", file, "--credentials", credentials);
    const asJson = await runCommand("contract", "--replay", file, "--json");
    const recording = await readFile(file);
    const all = Buffer.concat([
      recording,
      ...[getOutput(), replayed.stdout, replayed.stderr, asJson.stdout].map((text) => Buffer.from(text)),
    ]);
    expect(recording.toString().trimEnd().split("\n").length).toBeGreaterThan(200);
    const secrets = [...NEEDLES, ...signatures.flatMap((signature) => createNeedles("request signature", signature))];
    expect(findNeedles(all, secrets)).toEqual([]);
    // The last 4 digits show that cards were recorded.
    expect(recording.toString()).toMatch(/"\*{12}\d{4}\\?"/);
    expect(replayed.exitCode).toBe(1);
  });

  test("prints the violations in requests and responses, as text and as JSON", async () => {
    using directory = createTemporaryDirectory();
    const target = createHttpServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"result":{"resultCode":"\\u001b[2J","resultStatus":"F","resultMessage":"m"}}');
    });
    target.listen(0, "127.0.0.1");
    await once(target, "listening");
    const targetUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
    const options = ["--target", targetUrl, "--out", join(directory.path, "r.jsonl")];
    for (const json of [[], ["--json"]]) {
      const { baseUrl, getOutput, stop } = await startRecorder(...options, ...json);
      await fetch(`${baseUrl}/ams/api/v1/vaults/inquireVaulting`, { method: "POST", body: "{}" });
      expect(await stop()).toBe(0);
      expect(getOutput()).toMatch(/Request does not match the OpenAPI document: .*; Client-Id must have/);
      expect(getOutput()).toContain("/vaultingRequestId is required");
      expect(getOutput()).toContain("The Signature header is missing");
      expect(getOutput()).toContain("(response.documented)");
      expect(getOutput()).not.toContain("\u001b");
    }
    target.close();
  });

  test("rejects an untrusted certificate, and records why there is no response", async () => {
    using directory = createTemporaryDirectory();
    const { server: certificate } = await createTlsCertificates(["127.0.0.1"]);
    const target = createServer({ cert: certificate, key: certificate }, (_, response) => response.end("{}"));
    target.listen(0, "127.0.0.1");
    await once(target, "listening");
    const file = join(directory.path, "r.jsonl");
    const targetUrl = `https://127.0.0.1:${(target.address() as AddressInfo).port}`;
    const { baseUrl, stop } = await startRecorder("--target", targetUrl, "--out", file);
    const response = await fetch(`${baseUrl}/ams/api/v1/vaults/inquireVaulting`, { method: "POST", body: "{}" });
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    expect(await stop()).toBe(0);
    const recorded = JSON.parse(await readFile(file, "utf8"));
    expect({ noResponse: recorded.noResponse, response: recorded.response }).toEqual({
      noResponse: { by: "target", why: "Connection failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE)." },
      response: undefined,
    });
    target.close();
  });

  test.each([
    ["a missing target", [], "Missing --target URL, or --credentials FILE with a baseUrl."],
    ["an invalid URL", ["--target", "gateway"], "--target must be a base URL such as https://gateway.example."],
    [
      "a base path",
      ["--target", "http://127.0.0.1:1/ams"],
      "the path of each request is signed and forwarded unchanged.",
    ],
    ["an invalid port", ["--target", "http://127.0.0.1:1", "--port", "x"], "--port must be a number from 0 to 65535."],
    [
      "a recording file that cannot be created",
      ["--target", "http://127.0.0.1:1", "--out", "/dev/null/x"],
      "Cannot write /dev/null/x: ",
    ],
  ])("exits with 2 for %s", async (_, args, expected) => {
    using directory = createTemporaryDirectory();
    const { exitCode, stderr } = await runCommand("record", "--out", join(directory.path, "r.jsonl"), ...args);
    expect(stderr).toContain(expected);
    expect(exitCode).toBe(2);
  });
});

describe("antom-vault contract --replay", () => {
  test.each([
    ["does not exist", undefined, /Cannot read .*: no such file or directory\./],
    [
      "is not a recording",
      "4054695723100768 is not JSON\n",
      /as a recording: line 1 is not JSON\. Use a file from antom-vault record/,
    ],
    ["is a HAR file without a readable request", '{"log":{"entries":[{}]}}', /entry 1 has no readable request/],
    [
      "is a HAR file that is cut off",
      '{"log":{"entries":[{"4054695723100768',
      /: it is a HAR file that is cut off\. Export/,
    ],
    ["is a zip archive", "PK\u0003\u0004", /: it is a zip archive\. Extract it, and use the \.har file in it\./],
  ])("exits with 2 for a file that %s, and never quotes the file", async (_, text, expected) => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "x.har");
    if (text !== undefined) await writeFile(file, text);
    const { exitCode, stdout, stderr } = await runCommand("contract", "--replay", file);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain("4054");
  });

  test("reads a response body from a file next to a HAR file", async () => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "x.har");
    const url = "https://gateway.example/ams/api/v1/vaults/inquireVaulting";
    const response = { status: 200, headers: [], content: { size: -1, _file: "body.json" } };
    await writeFile(file, JSON.stringify({ log: { entries: [{ request: { method: "POST", url }, response }] } }));
    await writeFile(join(directory.path, "body.json"), '{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}');
    const { stdout } = await runCommand("contract", "--replay", file, "--json");
    const { checks } = JSON.parse(stdout) as ContractReport;
    const getMessage = (id: string) => checks.find((check) => check.id === id)?.message;
    expect(getMessage("replay.recording.complete")).toBe(
      [
        "entry 1: The recording does not contain the body of the request.",
        "entry 1: The recording does not contain the Signature header of the request.",
        "entry 1: The recording does not contain the Signature header of the response.",
      ].join("\n"),
    );
  });

  test("exits with 1 for an empty recording", async () => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "x.jsonl");
    await writeFile(file, "");
    const { exitCode, stdout } = await runCommand("contract", "--replay", file);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("The recording contains nothing to check: it is empty.");
  });

  test("rejects a target together with a recording", async () => {
    const { exitCode, stderr } = await runCommand("contract", "sandbox", "--replay", "x.jsonl");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Use either --replay FILE or a target");
  });
});
