import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import tls from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SAMPLE_REQUEST } from "../testing/messages/sample-request.ts";
import {
  createBareEnvironment,
  createTemporaryDirectory,
  runCommand,
  startCommand,
  startCommandIn,
  stopProcess,
  waitForExit,
  waitForOutput,
} from "../testing/processes/command.ts";

const hasProgram = (name: string) => spawnSync(name, ["--version"]).status === 0;

const directory = createTemporaryDirectory();
const data = join(directory.path, "sandbox");
const authority = join(data, "tls-authority.pem");
const credentialsFile = join(data, "credentials.json");
const bodyFile = join(directory.path, "body.json");
const readCredentials = () => JSON.parse(readFileSync(credentialsFile, "utf8"));
const defaultAuthorities = tls.getCACertificates("default");
let child: ReturnType<typeof startCommand>;
let printed = "";

const start = async (...options: readonly string[]) => {
  child = startCommand("sandbox", "--data", data, "--port", "0", ...options);
  printed = await waitForOutput(child, /Stop with/);
};
beforeAll(() => start("--tls-host", "gateway.example"), 60_000);
afterAll(() => {
  child.kill("SIGKILL");
  directory[Symbol.dispose]();
  tls.setDefaultCACertificates(defaultAuthorities);
});

/** Runs a program without the credentials and certificate authorities of this process. */
const run = (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, input = "") =>
  waitForExit(spawn(name, args, { env: createBareEnvironment(env) }), input);

const runInDirectory = (...args: readonly string[]) => waitForExit(startCommandIn(directory.path, args));

/** Signs a request. Returns its URL and headers. */
async function signRequest(id: string) {
  writeFileSync(bodyFile, JSON.stringify({ ...SAMPLE_REQUEST, vaultingRequestId: id }));
  const signed = await runCommand("sign", "--credentials", credentialsFile, "--body", bodyFile, "--json");
  const { headers } = JSON.parse(signed.stdout) as { readonly headers: Readonly<Record<string, string>> };
  return { url: `${readCredentials().baseUrl}/ams/sandbox/api/v1/vaults/vaultPaymentMethod`, headers };
}

const PYTHON = `
import json, ssl, sys, urllib.request
request = json.load(sys.stdin)
context = ssl.create_default_context(cafile=request["authority"])
body = open(request["body"], "rb").read()
call = urllib.request.Request(request["url"], body, request["headers"], method="POST")
print(urllib.request.urlopen(call, context=context).read().decode())
`;

describe("antom-vault sandbox --tls", () => {
  test("prints only https URLs, and the certificate authority to trust", () => {
    expect(printed).toMatch(/Vault API sandbox at https:\/\/127\.0\.0\.1:\d+/);
    expect(printed).not.toContain("http://");
    expect(printed.replace(/\s+/g, " ")).toContain(`${authority}. Trust it with NODE_EXTRA_CA_CERTS`);
    expect(readCredentials().baseUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  });

  test.skipIf(!hasProgram("curl"))("can be called with curl only if curl trusts the authority", async () => {
    const { url, headers } = await signRequest("curl-1");
    const options = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    const args = ["-sS", ...options, "--data-binary", `@${bodyFile}`, url];
    expect(await run("curl", args)).toMatchObject({ exitCode: 60, stdout: "" });
    const { exitCode, stdout, stderr } = await run("curl", ["--cacert", authority, ...args]);
    expect(stderr).toBe("");
    expect([exitCode, JSON.parse(stdout).result.resultCode]).toEqual([0, "SUCCESS"]);
  });

  test.skipIf(!hasProgram("curl"))("has a certificate for the host of --tls-host", async () => {
    const { port } = new URL(readCredentials().baseUrl);
    const call = (host: string) =>
      run("curl", [
        "-sS",
        "--cacert",
        authority,
        "--resolve",
        `${host}:${port}:127.0.0.1`,
        "-d",
        "{}",
        `https://${host}:${port}/ams/api/v1/vaults/vaultPaymentMethod`,
      ]);
    expect(JSON.parse((await call("gateway.example")).stdout).result.resultStatus).toBe("F");
    expect(await call("other.example")).toMatchObject({ exitCode: 60, stdout: "" });
  });

  test("can be called from Node.js only if Node.js trusts the authority", async () => {
    const client = `
      import { readFileSync } from "node:fs";
      import { createVaultClient } from ${JSON.stringify(new URL("../client/index.ts", import.meta.url).href)};
      const vault = createVaultClient(JSON.parse(readFileSync(process.argv[1], "utf8")));
      console.log((await vault.inquireVaulting({ vaultingRequestId: "node-1" })).code);
    `;
    const args = ["--input-type=module", "-e", client, credentialsFile];
    const untrusted = await run(process.execPath, args);
    expect(untrusted.exitCode).toBe(1);
    expect(untrusted.stderr).toContain("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    const trusted = await run(process.execPath, args, { NODE_EXTRA_CA_CERTS: authority });
    expect(trusted).toEqual({ exitCode: 0, stdout: "VAULTING_NOT_EXIST\n", stderr: "" });
  });

  test.skipIf(!hasProgram("python3"))("can be called from Python only if Python trusts the authority", async () => {
    const request = { ...(await signRequest("python-1")), body: bodyFile };
    const untrusted = await run("python3", ["-c", PYTHON], {}, JSON.stringify({ ...request, authority: null }));
    expect(untrusted.exitCode).toBe(1);
    expect(untrusted.stderr).toContain("CERTIFICATE_VERIFY_FAILED");
    const { exitCode, stdout } = await run("python3", ["-c", PYTHON], {}, JSON.stringify({ ...request, authority }));
    expect([exitCode, JSON.parse(stdout).result.resultCode]).toEqual([0, "SUCCESS"]);
  });

  test("prints a curl command that trusts the authority", async () => {
    const commands = printed.split("To sign and send")[1]?.match(/(?:CURL_CA_BUNDLE=\S+ )?sh \S+vault\.sh/)?.[0] ?? "";
    expect(commands).toContain(`CURL_CA_BUNDLE=${authority} sh `);
    const { stdout } = await runCommand("sign", "--credentials", credentialsFile, "--body", bodyFile, "--curl");
    writeFileSync(join(data, "vault.sh"), stdout);
    expect(JSON.parse((await run("sh", ["-c", commands])).stdout)).toHaveProperty("result");
  });

  test("is trusted by the commands that use the data directory or its credentials file", async () => {
    const vaulted = await runInDirectory("vault", "--test-card", "visa", "--id", "cli-1", "--data", data, "--no-wait");
    expect(vaulted).toMatchObject({ exitCode: 0 });
    const commands = [
      ["inquire", "cli-1", "--data", data],
      ["events", "--no-follow", "--data", data],
      ["open", "cli-1", "--print", "--data", data],
      ["trigger", "notification-resent", "--data", data],
      ["contract", readCredentials().baseUrl, "--credentials", credentialsFile, "--only", "protocol.signature.*"],
    ];
    for (const command of commands) {
      const { exitCode, stderr } = await runInDirectory(...command);
      expect({ command: command[0], exitCode, stderr }).toEqual({ command: command[0], exitCode: 0, stderr: "" });
    }
  });

  test("keeps its certificate authority across a restart", async () => {
    const before = readFileSync(authority, "utf8");
    expect(await stopProcess(child)).toBe(0);
    await start("--tls");
    expect(readFileSync(authority, "utf8")).toBe(before);
  });
});

test("antom-vault mock --tls accepts a call from a client that trusts its authority", async () => {
  using temporary = createTemporaryDirectory();
  const mock = startCommandIn(temporary.path, ["mock", "--tls", "--port", "0", "--json", "--data", "m"]);
  try {
    expect(JSON.parse(await waitForOutput(mock, /\n/)).baseUrl).toMatch(/^https:/);
    const file = join(temporary.path, "m/credentials.json");
    const inquired = await runInDirectory("inquire", "1", "--credentials", file);
    expect(inquired).toMatchObject({ exitCode: 0 });
  } finally {
    await stopProcess(mock);
  }
});
