import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVaultClient } from "../client/index.ts";
import {
  createTemporaryDirectory,
  readFirstLine,
  runCommand,
  startCommand,
  stopProcess,
} from "../testing/processes/command.ts";

describe("antom-vault mock", () => {
  const directory = createTemporaryDirectory();
  const data = join(directory.path, "mock");
  const readCredentials = () => JSON.parse(readFileSync(join(data, "credentials.json"), "utf8"));
  let child: ReturnType<typeof startCommand>;
  let startupLine: { readonly baseUrl: string; readonly antomPublicKey: string };
  const serve = async () => {
    child = startCommand("mock", "--data", data, "--port", "0", "--json");
    startupLine = JSON.parse(await readFirstLine(child));
  };
  beforeAll(serve, 60_000);
  afterAll(() => {
    child.kill("SIGKILL");
    directory[Symbol.dispose]();
  });

  test("responds to requests and writes its credentials to files", async () => {
    const { merchantPrivateKey, ...shown } = readCredentials();
    expect(startupLine).toEqual(shown);
    expect(merchantPrivateKey).toContain("PRIVATE KEY");
    for (const file of ["credentials.json", "gateway-private-key.pem"])
      expect(statSync(join(data, file)).mode & 0o777).toBe(0o600);
    const request = { vaultingRequestId: "mock:VAULTING_NOT_EXIST" };
    const outcome = await createVaultClient(readCredentials()).inquireVaulting(request);
    expect(outcome).toMatchObject({ outcome: "inquiry_failed", code: "VAULTING_NOT_EXIST" });
  });

  test("prints the cause of an invalid signature", async () => {
    if (!child.stderr) throw new Error("The process has no pipes.");
    const printed = once(createInterface(child.stderr), "line");
    // Acts as a proxy that reserializes the body.
    const vault = createVaultClient({
      ...readCredentials(),
      fetch: (input, init) =>
        fetch(input, {
          ...init,
          body: JSON.stringify(JSON.parse(new TextDecoder().decode(init.body as Uint8Array)), null, 2),
        }),
    });
    await expect(vault.inquireVaulting({ vaultingRequestId: "1" })).rejects.toMatchObject({
      code: "SIGNATURE_MISSING",
      unverified: { resultCode: "INVALID_SIGNATURE" },
    });
    expect(String(await printed)).toMatch(/^Request rejected because of its signature\. .*(JSON|serializ|written)/i);
  });

  test("keeps its keys across a restart, rejects a directory or port that is in use, and stops on SIGTERM", async () => {
    const { antomPublicKey } = startupLine;
    expect(await stopProcess(child)).toBe(0);
    await serve();
    expect(startupLine.antomPublicKey).toBe(antomPublicKey);
    expect(readCredentials().baseUrl).toBe(startupLine.baseUrl);
    expect(await createVaultClient(readCredentials()).inquireVaulting({ vaultingRequestId: "1" })).toMatchObject({
      outcome: "vaulted",
    });

    const { port } = new URL(startupLine.baseUrl);
    const second = await runCommand("mock", "--data", data, "--port", "0");
    expect(second).toMatchObject({ exitCode: 2, stdout: "" });
    expect(second.stderr).toContain(`already in use by a mock (process ${child.pid}, port ${port}, started 2`);
    const other = await runCommand("mock", "--data", `${data}-other`, "--port", port);
    expect(other).toMatchObject({ exitCode: 2, stdout: "" });
    expect(other.stderr).toContain("the port is in use");
    expect(await stopProcess(child)).toBe(0);
  });
});
