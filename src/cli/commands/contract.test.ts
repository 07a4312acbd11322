import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ContractReport } from "../../contract/index.ts";
import {
  createGateway,
  generateCredentials,
  type HttpServer,
  importSigningKey,
  startHttpServer,
} from "../../gateway/index.ts";
import { startSandbox } from "../../sandbox/index.ts";
import { derivePublicKey, importKeyring } from "../../signature/index.ts";
import {
  createTemporaryDirectory,
  runCommand,
  runCommandIn,
  startCommandIn,
  waitForExit,
} from "../../testing/processes/command.ts";

const [keys, otherKeys] = await Promise.all([generateCredentials(), generateCredentials()]);
const directory = createTemporaryDirectory();
let faulty: HttpServer;
let credentials = "";
let onCall = () => {};

/** Starts a gateway that returns an undocumented result code for every request. */
beforeAll(async () => {
  const publicKeys = await importKeyring(await derivePublicKey(keys.merchantPrivateKey), "merchant");
  const gateway = createGateway({
    findMerchant: (clientId) => {
      onCall();
      return clientId === keys.clientId ? { clientId, publicKeys } : undefined;
    },
    privateKey: await importSigningKey(keys.gatewayPrivateKey, "gateway"),
    keyVersion: "1",
    handle: async ({ vaultingRequestId }) => ({
      result: { resultCode: "DUNNO", resultStatus: "F", resultMessage: "<no> \u0001" },
      vaultingRequestId,
    }),
  });
  faulty = await startHttpServer(gateway);
  credentials = join(directory.path, "credentials.json");
  const { clientId, merchantPrivateKey, antomPublicKey } = keys;
  await writeFile(
    credentials,
    JSON.stringify({ baseUrl: faulty.baseUrl, clientId, merchantPrivateKey, antomPublicKey }),
  );
});
afterAll(async () => {
  await faulty.close();
  directory[Symbol.dispose]();
});

describe("antom-vault contract", () => {
  test("lists the checks with their locations in the OpenAPI document", async () => {
    const { exitCode, stdout } = await runCommand("contract", "--list", "--json");
    const listed = JSON.parse(stdout) as readonly { readonly id: string; readonly source: string }[];
    expect(exitCode).toBe(0);
    expect(listed.length).toBeGreaterThan(400);
    expect(listed.every(({ id, source }) => id !== "" && source.startsWith("/"))).toBe(true);
    const shown = await runCommand("contract", "--list", "--only", "vaultPaymentMethod.response.*");
    expect(shown.stdout).toContain(
      "vaultPaymentMethod.response.signed\n    signs the raw bytes of each response together with the client ID, except for errors with neither signature nor response-time",
    );
  });

  test.each(["mock", "sandbox"])("passes against the %s", async (target) => {
    const { exitCode, stdout } = await runCommand("contract", target, "--only", "*.response.*", "--json");
    const report = JSON.parse(stdout) as ContractReport;
    expect({ exitCode, target: report.target, failed: report.totals.failed }).toEqual({
      exitCode: 0,
      target,
      failed: 0,
    });
    expect(report.totals.passed).toBeGreaterThan(12);
    expect(Object.keys(report.checks[0] ?? {}).sort()).toEqual(["id", "message", "operation", "status", "title"]);
  });

  test("reads the target from the credentials, prints one line for each kind of failure, and writes the reports", async () => {
    const junitFile = join(directory.path, "report.xml");
    const htmlFile = join(directory.path, "report.html");
    const only = ["--only", "vaultPaymentMethod.request.env.*", "--junit", junitFile, "--html", htmlFile];
    const { exitCode, stdout } = await runCommand("contract", "--credentials", credentials, ...only);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`    ${faulty.baseUrl}\n    ✗ vaultPaymentMethod`);
    const failures = stdout.match(/^ {4}✗ (?!vaultPaymentMethod ).*$/gm) ?? [];
    expect(failures).toContainEqual(
      expect.stringMatching(/ Target rejected a valid request: F \/ DUNNO\. \(vaultPaymentMethod\.\S+ and \d+ more\)$/),
    );
    expect(new Set(failures).size).toBe(failures.length);
    expect(stdout).toMatch(
      /add --verbose.*\n {6}.*contract http.* --only vaultPaymentMethod\.request\.env\.\S+ --verbose\n/,
    );
    expect(stdout).not.toContain("curl -sS");
    const xml = await readFile(junitFile, "utf8");
    expect(xml).toMatch(/<testsuite name="Vault API .*" tests="\d+" failures="\d+" errors="0" skipped="0" time="/);
    expect(xml).toContain("&lt;no&gt; \\u0001");
    const page = await readFile(htmlFile, "utf8");
    expect(page).toContain("Target rejected a valid request: F / DUNNO.");
    expect(page).toContain("contract http://127.0.0.1:");
    expect(stdout).toContain(`    JUnit report: ${junitFile}\n    HTML report: ${htmlFile}\n`);
  });

  test("finds the credentials of the running sandbox that serves the base URL", async () => {
    using project = createTemporaryDirectory();
    await using sandbox = await startSandbox({ data: join(project.path, ".antom-vault/sandbox") });
    const { baseUrl } = sandbox.credentials;
    const runOn = (url: string) => runCommandIn(project.path, ["contract", url, "--only", "*.response.echo"]);
    for (const url of [baseUrl, baseUrl.replace("127.0.0.1", "localhost")])
      expect(await runOn(url)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/[1-9]\d* passed, 0 failed/),
      });
    expect(await runOn(faulty.baseUrl)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Missing clientId"),
    });
  });

  test("prints a summary of the finished checks and writes no report file if it is interrupted", async () => {
    using project = createTemporaryDirectory();
    const only = ["--only", "vaultPaymentMethod.request.*", "--rate", "50"];
    const args = ["contract", "--credentials", credentials, ...only, "--junit", "report.xml"];
    const child = startCommandIn(project.path, args);
    let calls = 0;
    onCall = () => {
      calls += 1;
      if (calls === 40) child.kill("SIGINT");
    };
    const { exitCode, stdout, stderr } = await waitForExit(child);
    onCall = () => {};
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^ {4}\d+ passed, [1-9]\d* failed, \d+ skipped in /m);
    expect(stderr).toMatch(
      /The run was interrupted: [1-9]\d* of \d+ checks did not run\. No report file was written\./,
    );
    expect(await readdir(project.path)).toEqual([]);
  });

  test("appends a summary to the file in GITHUB_STEP_SUMMARY, and only warns if it cannot", async () => {
    const file = join(directory.path, "summary.md");
    const run = (summaryFile: string) =>
      runCommandIn(
        directory.path,
        ["contract", "--credentials", credentials, "--only", "vaultPaymentMethod.request.env.*", "--json"],
        { GITHUB_STEP_SUMMARY: summaryFile },
      );
    await writeFile(file, "Earlier.\n");
    expect((await run(file)).exitCode).toBe(1);
    expect(await readFile(file, "utf8")).toMatch(
      /^Earlier\.\n<h3>.+\n\n\| passed \|[\s\S]+<li>Target rejected a valid request: F \/ DUNNO\. \(<code>vaultPaymentMethod\.[\s\S]+<\/ul>\n\n$/,
    );
    expect(await run(join(directory.path, "none", "summary.md"))).toMatchObject({
      exitCode: 1,
      stderr: "! Cannot write the job summary to the file in GITHUB_STEP_SUMMARY: ENOENT.\n",
    });
  });

  test("prints the request, the response, and a curl command with --verbose", async () => {
    const args = ["--credentials", credentials, "--only", "vaultPaymentMethod.request.env.*", "--verbose"];
    const { exitCode, stdout } = await runCommand("contract", ...args);
    expect(exitCode).toBe(1);
    expect(stdout.match(/^ {4}✗ Target rejected a valid request: F \/ DUNNO\.$/gm)).toHaveLength(1);
    expect(stdout).toMatch(/^ {6}Request: \{.*\n {6}Response: 200 .*\n {6}Reproduce:\n {8}curl -sS /m);
    expect(stdout).toMatch(
      /Run this check:\n {8}.*contract http.* --only vaultPaymentMethod\.request\.env\.\S+\n {6}Same failure in /,
    );
  });

  test.each([
    [
      "the key of a different merchant",
      { merchantPrivateKey: otherKeys.merchantPrivateKey },
      /^! Target rejected a correctly signed request \(INVALID_SIGNATURE\): check that it has the public key/,
    ],
    [
      "the key of a different gateway",
      { antomPublicKey: otherKeys.antomPublicKey },
      /^! Response signature is invalid\. .+ Check that antomPublicKey matches the key/,
    ],
    [
      "a server that is not the Vault API",
      { baseUrl: "web" },
      /^! Response from http:\S+ is not from the Vault API \(HTTP 404\): check the base URL/,
    ],
  ])("reports %s and still runs the checks", async (_, change, expected) => {
    const web = createServer((_request, response) => response.writeHead(404).end("<h1>Not found</h1>"));
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const { port } = web.address() as AddressInfo;
    const { clientId, merchantPrivateKey, antomPublicKey } = keys;
    const file = join(directory.path, "changed.json");
    const mixed = { baseUrl: faulty.baseUrl, clientId, merchantPrivateKey, antomPublicKey, ...change };
    if (mixed.baseUrl === "web") mixed.baseUrl = `http://127.0.0.1:${port}`;
    await writeFile(file, JSON.stringify(mixed));
    const args = ["--credentials", file, "--only", "inquireVaulting.response.*"];
    const { exitCode, stdout, stderr } = await runCommand("contract", ...args);
    web.close();
    expect(stderr).toMatch(expected);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(` --credentials ${file} --only `);
    expect(stdout).not.toContain("vaultings on the target");
  });

  test("accepts unsigned errors, and includes their number in its output and reports", async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.inject({ fault: "error-unsigned", times: 1000 });
    const file = join(directory.path, "credentials-of-unsigned.json");
    const htmlFile = join(directory.path, "unsigned.html");
    await writeFile(file, JSON.stringify(sandbox.credentials));
    const args = ["contract", "--credentials", file, "--only", "protocol.method.rejected.*"];
    const { exitCode, stdout, stderr } = await runCommand(...args, "--html", htmlFile);
    const expected = "4 errors were unsigned (F or U without signature and response-time)";
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`! ${expected}`);
    expect(await readFile(htmlFile, "utf8")).toContain(expected);
    const { stdout: json } = await runCommand(...args, "--json");
    expect(JSON.parse(json)).toMatchObject({ totals: { passed: 4, failed: 0, skipped: 0 }, unsignedErrors: 4 });
  });

  test("explains how to delete the vaultings on a target that keeps running", async () => {
    const hint = "The run might have created vaultings on the target.";
    await using sandbox = await startSandbox();
    const file = join(directory.path, "credentials-of-sandbox.json");
    await writeFile(file, JSON.stringify(sandbox.credentials));
    const args = ["contract", "--credentials", file, "--only", "vaultPaymentMethod.response.*"];
    expect((await runCommand(...args)).stdout).toContain(hint);
    expect((await runCommand("contract", "sandbox", "--only", "vaultPaymentMethod.response.*")).stdout).not.toContain(
      hint,
    );
  });

  test("uses only local and example hosts in notification URLs, never the host in Antom's samples", async () => {
    await using sandbox = await startSandbox();
    const file = join(directory.path, "credentials-of-sandbox.json");
    await writeFile(file, JSON.stringify(sandbox.credentials));
    await runCommand("contract", "--credentials", file, "--only", "vaultPaymentMethod.response.*");
    const hosts = (await sandbox.notifications.list({ limit: 1000 })).map(({ url }) => url);
    expect(hosts.length).toBeGreaterThan(0);
    expect(hosts.filter((url) => !/^(?:https?:\/\/)?(?:127\.0\.0\.1|[^/]*\.example)(?:[:/]|$)/.test(url))).toEqual([]);
  });

  test("prints an annotation for each kind of failure in GitHub Actions", async () => {
    process.env["GITHUB_ACTIONS"] = "true";
    try {
      const args = ["--credentials", credentials, "--only", "vaultPaymentMethod.request.env.*"];
      const { stdout } = await runCommand("contract", ...args);
      const lines = stdout.split("\n").filter((text) => text.startsWith("::error "));
      expect(lines.length).toBeGreaterThan(0);
      expect(lines[0]).toMatch(
        /^::error title=Vault API contract tests of http%3A\/\/127\.0\.0\.1%3A\d+::Target rejected .*%0A.* and \d+ more%0A/,
      );
    } finally {
      delete process.env["GITHUB_ACTIONS"];
    }
  });

  test.each([
    ["a missing target", [], /Missing target: specify mock, sandbox, antom, or a base URL\./],
    [
      "missing credentials",
      ["http://127.0.0.1:1"],
      /Missing clientId: use a --credentials file that contains it, or set the environment variable ANTOM_CLIENT_ID\./,
    ],
    ["an invalid base URL", ["ftp://x"], /The target must be mock, sandbox, antom, or a base URL/],
    ["an invalid rate", ["http://127.0.0.1:1", "--rate", "many"], /--rate must be a number of calls per second/],
    ["an unknown check", ["sandbox", "--only", "nothing"], /No check ID matches --only/],
  ])("exits with 2 and says what to do for %s", async (_, args, expected) => {
    const { exitCode, stderr } = await runCommand("contract", ...args);
    expect(stderr).toMatch(expected);
    expect(exitCode).toBe(2);
  });

  test("skips the run against Antom's sandbox if there are no credentials", async () => {
    const { exitCode, stdout } = await runCommand("contract", "antom");
    expect(stdout).toContain("Skipped: no credentials for Antom's sandbox. Use --credentials FILE, or set ");
    expect(exitCode).toBe(0);
    const { stdout: json } = await runCommand("contract", "antom", "--json");
    expect(JSON.parse(json)).toMatchObject({ target: "antom", checks: [], totals: { passed: 0 } });
  });

  test("rejects a client ID for production with the target antom", async () => {
    const file = join(directory.path, "production.json");
    const { merchantPrivateKey, antomPublicKey } = keys;
    await writeFile(file, JSON.stringify({ clientId: "5X00000000000000", merchantPrivateKey, antomPublicKey }));
    const { exitCode, stderr } = await runCommand("contract", "antom", "--credentials", file);
    expect(stderr).toContain("Use a client ID that starts with SANDBOX_.");
    expect(exitCode).toBe(2);
  });

  test("sends a custom card, and prints only the last 4 digits of its number", async () => {
    const file = join(directory.path, "card.json");
    // One of Antom's test cards, with a CVV that differs from that of the sample card.
    const card = { cardNo: "4006055482525268", expiryYear: "31", expiryMonth: "02", cvv: "987" };
    await writeFile(file, JSON.stringify(card));
    const only = ["--only", "vaultPaymentMethod.request.env.*", "--card", file];
    const { stdout } = await runCommand("contract", "--credentials", credentials, "--verbose", ...only);
    expect(stdout).toContain('"cardNo":"************5268"');
    expect(stdout).not.toMatch(/4006055482525268|"987"|Reproduce:|curl -sS/);
    await writeFile(file, JSON.stringify({ ...card, cardNo: "1234567890123456x" }));
    const rejected = await runCommand("contract", "sandbox", ...only);
    expect(rejected.exitCode).toBe(2);
    expect(rejected.stderr).toContain("is invalid: /paymentMethodDetail/card/cardNo must be");
    expect(rejected.stderr).not.toContain("1234567890123456");
  });

  test("exits with 2 if the target cannot be reached", async () => {
    const { exitCode, stderr } = await runCommand("contract", "http://127.0.0.1:1", "--credentials", credentials);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("No response from http://127.0.0.1:1: check the URL");
  });
});
