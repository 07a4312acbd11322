import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startSandbox } from "../../sandbox/index.ts";
import { createTemporaryDirectory } from "../../testing/processes/command.ts";
import { resolveContractTarget } from "./contract-target.ts";

afterEach(() => vi.unstubAllEnvs());

describe("resolveContractTarget", () => {
  test.each(["mock", "sandbox"])("applies --rate and --base-path to the %s", async (name) => {
    const resolved = await resolveContractTarget(name, { rate: "5", basePath: "/ams/api/" });
    if (typeof resolved === "string") throw new Error(resolved);
    await using running = resolved;
    expect(running.target).toMatchObject({ rate: 5, basePath: "/ams/api" });
  });

  test.each(["", "x", "1.5", "2147483648"])("rejects --seed %j", async (seed) => {
    await expect(resolveContractTarget("mock", { seed })).rejects.toThrow(/^--seed must be a whole number/);
  });

  test("rejects an invalid --rate", async () => {
    await expect(resolveContractTarget("mock", { rate: "x" })).rejects.toThrow(/^--rate must be a number/);
  });

  test.each([
    ["https://open-de-global.alipay.com/", "https://open-de-global.alipay.com"],
    [undefined, "https://open-na-global.alipay.com"],
  ])("uses the base URL from the credentials for the target antom, or North America by default: %s", async (given, baseUrl) => {
    stubCredentials(given);
    expect(await resolveContractTarget("antom", {})).toMatchObject({ target: { name: "antom", baseUrl } });
  });

  test("finds the credentials of a local sandbox and of a mock by the port of the target", async () => {
    using directory = createTemporaryDirectory();
    const previous = process.cwd();
    await using sandbox = await startSandbox({ data: join(directory.path, ".antom-vault/sandbox") });
    const data = join(directory.path, ".antom-vault/mock");
    await mkdir(data);
    // A real mock takes seconds to start, and stores the same file.
    const mock = {
      credentials: { ...sandbox.credentials, baseUrl: "http://127.0.0.1:4010", clientId: "SANDBOX_MOCK" },
    };
    await writeFile(join(data, "credentials.json"), JSON.stringify(mock.credentials));
    process.chdir(directory.path);
    try {
      for (const { baseUrl, clientId } of [sandbox.credentials, mock.credentials]) {
        const url = baseUrl.replace("127.0.0.1", "localhost");
        expect(await resolveContractTarget(url, {})).toMatchObject({ target: { baseUrl: url, clientId } });
      }
      await expect(resolveContractTarget("http://127.0.0.1:1", {})).rejects.toThrow(/^Missing clientId/);
    } finally {
      process.chdir(previous);
    }
  });

  test("rejects the target antom if the base URL is not Antom's", async () => {
    const message = /^The target antom is Antom's sandbox, but /;
    stubCredentials("http://127.0.0.1:4020");
    await expect(resolveContractTarget("antom", {})).rejects.toThrow(message);
    vi.unstubAllEnvs();
    using directory = createTemporaryDirectory();
    const credentials = join(directory.path, "credentials.json");
    await writeFile(credentials, JSON.stringify({ baseUrl: "https://gateway.example", clientId: "SANDBOX_X" }));
    await expect(resolveContractTarget("antom", { credentials })).rejects.toThrow(message);
  });
});

function stubCredentials(baseUrl: string | undefined): void {
  vi.stubEnv("ANTOM_BASE_URL", baseUrl);
  vi.stubEnv("ANTOM_CLIENT_ID", "SANDBOX_X");
  vi.stubEnv("ANTOM_PRIVATE_KEY", "x");
  vi.stubEnv("ANTOM_PUBLIC_KEY", "x");
}
