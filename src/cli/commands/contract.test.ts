import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
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
import { runCommand } from "../../testing/processes/command.ts";

const [keys, other] = await Promise.all([generateCredentials(), generateCredentials()]);
let folder = "";
let broken: HttpServer;
let credentials = "";

/** A gateway that knows nothing but how to say that it does not know, and does not say that in the document's words. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "contract-"));
  const publicKeys = await importKeyring(await derivePublicKey(keys.merchantPrivateKey), "merchant");
  const gateway = createGateway({
    findMerchant: (clientId) => (clientId === keys.clientId ? { clientId, publicKeys } : undefined),
    privateKey: await importSigningKey(keys.gatewayPrivateKey, "gateway"),
    keyVersion: "1",
    handle: async ({ vaultingRequestId }) => ({
      result: { resultCode: "DUNNO", resultStatus: "F", resultMessage: "<no> \u0001" },
      vaultingRequestId,
    }),
  });
  broken = await startHttpServer(gateway);
  credentials = join(folder, "credentials.json");
  const { clientId, merchantPrivateKey, antomPublicKey } = keys;
  await writeFile(
    credentials,
    JSON.stringify({ baseUrl: broken.baseUrl, clientId, merchantPrivateKey, antomPublicKey }),
  );
});
afterAll(async () => {
  await broken.close();
  await rm(folder, { recursive: true });
});

describe("antom-vault contract", () => {
  test("lists the checks, each with the place that it stands for", async () => {
    const { exitCode, stdout } = await runCommand("contract", "--list", "--json");
    const listed = JSON.parse(stdout) as readonly { readonly id: string; readonly source: string }[];
    expect(exitCode).toBe(0);
    expect(listed.length).toBeGreaterThan(400);
    expect(listed.every(({ id, source }) => id !== "" && source.startsWith("/"))).toBe(true);
    const shown = await runCommand("contract", "--list", "--only", "vaultPaymentMethod.answer.*");
    expect(shown.stdout).toContain("vaultPaymentMethod.response.signed\n    signs the raw bytes of responses");
  });

  test.each(["mock", "sandbox"])("%s: holds", async (target) => {
    const { exitCode, stdout } = await runCommand("contract", target, "--only", "*.answer.*", "--json");
    const report = JSON.parse(stdout) as ContractReport;
    expect({ exitCode, target: report.target, failed: report.totals.failed }).toEqual({
      exitCode: 0,
      target,
      failed: 0,
    });
    expect(report.totals.passed).toBeGreaterThan(12);
    expect(Object.keys(report.checks[0] ?? {}).sort()).toEqual(["detail", "id", "operation", "status", "title"]);
  });

  test("finds the target in the credentials, and groups what is wrong", async () => {
    const junitFile = join(folder, "report.xml");
    const htmlFile = join(folder, "report.html");
    const only = ["--only", "vaultPaymentMethod.request.env.*", "--junit", junitFile, "--html", htmlFile];
    const { exitCode, stdout } = await runCommand("contract", "--credentials", credentials, ...only);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`    ${broken.baseUrl}\n    ✗ vaultPaymentMethod`);
    expect(stdout.match(/^ {4}✗ Target rejected a valid request: F \/ DUNNO\.$/gm)).toHaveLength(1);
    expect(stdout).toMatch(
      /This check alone: .*contract http.* --only vaultPaymentMethod\.request\.env\.\S+\n {6}The same in /,
    );
    const xml = await readFile(junitFile, "utf8");
    expect(xml).toMatch(/<testsuite name="vaultPaymentMethod" tests="\d+" failures="\d+" errors="0" skipped="0">/);
    expect(xml).toContain("&lt;no&gt; \\u0001");
    const page = await readFile(htmlFile, "utf8");
    expect(page).toContain("Target rejected a valid request: F / DUNNO.");
    expect(page).toContain("contract http://127.0.0.1:");
  });

  test.each([
    [
      "another merchant's key",
      { merchantPrivateKey: other.merchantPrivateKey },
      /^! Target rejected a correctly signed request \(INVALID_SIGNATURE\): check that it has the public key/,
    ],
    [
      "another gateway's key",
      { antomPublicKey: other.antomPublicKey },
      /^! Response signature is invalid\. .+ Check that antomPublicKey matches the key/,
    ],
    [
      "a server of something else",
      { baseUrl: "web" },
      /^! Response from http:\S+ is not from the Vault API \(HTTP 404\): check the base URL/,
    ],
  ])("with %s it says so first, and asks all the same", async (_, wrong, told) => {
    const web = createServer((_request, response) => response.writeHead(404).end("<h1>Not found</h1>"));
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const { port } = web.address() as AddressInfo;
    const { clientId, merchantPrivateKey, antomPublicKey } = keys;
    const file = join(folder, "wrong.json");
    const mixed = { baseUrl: broken.baseUrl, clientId, merchantPrivateKey, antomPublicKey, ...wrong };
    if (mixed.baseUrl === "web") mixed.baseUrl = `http://127.0.0.1:${port}`;
    await writeFile(file, JSON.stringify(mixed));
    const { exitCode, stdout, stderr } = await runCommand(
      "contract",
      "--credentials",
      file,
      "--only",
      "inquireVaulting.response.signed",
    );
    web.close();
    expect(stderr).toMatch(told);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(` --credentials ${file} --only `);
    expect(stdout).not.toContain("stays with the target");
  });

  test("what a run leaves behind is said, where it does not go with its target", async () => {
    const said = "stays with the target";
    await using sandbox = await startSandbox();
    const file = join(folder, "right.json");
    await writeFile(file, JSON.stringify(sandbox.credentials));
    const asked = ["contract", "--credentials", file, "--only", "vaultPaymentMethod.answer.*"];
    expect((await runCommand(...asked)).stdout).toContain(said);
    expect((await runCommand("contract", "sandbox", "--only", "vaultPaymentMethod.answer.*")).stdout).not.toContain(
      said,
    );
    // Nothing of it may be sent to whoever has the host of the vendor's samples.
    const hosts = (await sandbox.notifications.list({ limit: 1000 })).map(({ url }) => url);
    expect(hosts.length).toBeGreaterThan(0);
    expect(hosts.filter((url) => !/^(?:https?:\/\/)?(?:127\.0\.0\.1|[^/]*\.example)(?:[:/]|$)/.test(url))).toEqual([]);
  });

  test("annotates in GitHub's CI, a line for each kind of failure", async () => {
    process.env["GITHUB_ACTIONS"] = "true";
    try {
      const args = ["--credentials", credentials, "--only", "vaultPaymentMethod.request.env.*"];
      const { stdout } = await runCommand("contract", ...args);
      const lines = stdout.split("\n").filter((text) => text.startsWith("::error "));
      expect(lines.length).toBeGreaterThan(0);
      expect(lines[0]).toMatch(
        /^::error title=Vault contract of http%3A\/\/127\.0\.0\.1%3A\d+::Target rejected .*%0A.* and \d+ more%0A/,
      );
    } finally {
      delete process.env["GITHUB_ACTIONS"];
    }
  });

  test.each([
    ["no target", [], /A target: mock, sandbox, antom or a base URL, is needed/],
    ["no credentials", ["http://127.0.0.1:1"], /clientId, by --credentials FILE .* or ANTOM_CLIENT_ID .* is needed/],
    ["no address", ["ftp://x"], /The target must be mock, sandbox, antom, or a base URL/],
    ["no rate", ["http://127.0.0.1:1", "--rate", "many"], /--rate must be a number of calls a second/],
    ["no such check", ["sandbox", "--only", "nothing"], /--only names no check/],
  ])("%s: exit code 2 and what to do", async (_, args, told) => {
    const { exitCode, stderr } = await runCommand("contract", ...args);
    expect({ exitCode, told: told.test(stderr) }).toEqual({ exitCode: 2, told: true });
  });

  test("the vendor's sandbox is skipped, and so it is said, where nobody has credentials for it", async () => {
    const { exitCode, stdout } = await runCommand("contract", "antom");
    expect({ exitCode, said: stdout.includes("Skipped: no credentials: give --credentials FILE, or ") }).toEqual({
      exitCode: 0,
      said: true,
    });
    const { stdout: json } = await runCommand("contract", "antom", "--json");
    expect(JSON.parse(json)).toMatchObject({ target: "antom", checks: [], totals: { passed: 0 } });
  });

  test("production is not asked", async () => {
    const file = join(folder, "production.json");
    const { merchantPrivateKey, antomPublicKey } = keys;
    await writeFile(file, JSON.stringify({ clientId: "5X00000000000000", merchantPrivateKey, antomPublicKey }));
    const { exitCode, stderr } = await runCommand("contract", "antom", "--credentials", file);
    expect({ exitCode, said: stderr.includes("must begin with SANDBOX_") }).toEqual({ exitCode: 2, said: true });
  });

  test("a card of one's own is sent, and shown nowhere", async () => {
    const file = join(folder, "card.json");
    // The vendor's own test number, and no CVV of the document's.
    const card = { cardNo: "4006055482525268", expiryYear: "31", expiryMonth: "02", cvv: "987" };
    await writeFile(file, JSON.stringify(card));
    const only = ["--only", "vaultPaymentMethod.request.env.*", "--card", file];
    const { stdout } = await runCommand("contract", "--credentials", credentials, ...only);
    expect(stdout).toContain('"cardNo":"************5268"');
    expect(stdout).not.toMatch(/4006055482525268|"987"|Reproduce: curl/);
    await writeFile(file, JSON.stringify({ ...card, cardNo: "1234567890123456x" }));
    const refused = await runCommand("contract", "sandbox", ...only);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("breaks the document: /paymentMethodDetail/card/cardNo must be");
    expect(refused.stderr).not.toContain("1234567890123456");
  });

  test("nobody there: exit code 2", async () => {
    const { exitCode, stderr } = await runCommand("contract", "http://127.0.0.1:1", "--credentials", credentials);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("No response from http://127.0.0.1:1: check the URL");
  });
});
