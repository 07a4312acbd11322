import { once } from "node:events";
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createVaultClient } from "../client/index.ts";
import {
  CARD,
  callDirectly,
  catchErrorCode,
  createId,
  createTestClient,
  createVaultRequest,
  UNREACHABLE_URL,
} from "../testing/sandbox/sandbox.ts";
import { findFreePort } from "../testing/servers/free-port.ts";
import { type RunningSandbox, startSandbox } from "./index.ts";

/** A data directory with keys and an empty database. It is created once because RSA key generation is slow. */
let template: string;
let directory: string;
const createDirectory = () => mkdtemp(join(tmpdir(), "antom-vault-test-"));
beforeAll(async () => {
  template = await createDirectory();
  await startSandbox({ data: template }).then((sandbox) => sandbox.close());
});
beforeEach(async () => {
  directory = await createDirectory();
  await cp(template, directory, { recursive: true });
});
afterAll(() => rm(template, { recursive: true }));
afterEach(() => rm(directory, { recursive: true }));

const vault = (credentials: Parameters<typeof callDirectly>[0], request = createVaultRequest()) =>
  callDirectly(credentials, "vaultPaymentMethod", request);

/** Starts a sandbox in the directory of the test, runs `work`, and closes the sandbox. */
async function withSandbox<Result>(work: (sandbox: RunningSandbox) => Promise<Result>): Promise<Result> {
  await using sandbox = await startSandbox({ data: directory });
  // Without `await`, the sandbox would close before the work ends.
  return await work(sandbox);
}

/** Resolves when every injected fault has been used up. */
async function waitUntilFaultsUsed({ credentials }: RunningSandbox): Promise<void> {
  const readFaults = async () => (await fetch(`${credentials.baseUrl}/_sandbox/faults`)).text();
  while ((await readFaults()) !== '{"faults":[]}');
}

const expectStartError = (options: Parameters<typeof startSandbox>[0] = { data: directory }) =>
  startSandbox(options).then(
    async (sandbox) => {
      await sandbox.close();
      return expect.fail("The sandbox should not start.");
    },
    (error: Error & { readonly code: string }) => error,
  );

describe("a sandbox in memory", () => {
  test("responds immediately, and stops when it is disposed", async () => {
    let address = "";
    {
      await using sandbox = await startSandbox();
      address = sandbox.credentials.baseUrl;
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      const outcome = await createTestClient(sandbox.credentials).vaultPaymentMethod(createVaultRequest());
      expect(outcome).toMatchObject({ outcome: "vaulted" });
    }
    await expect(fetch(address)).rejects.toThrow();
  });

  test("has its own keys and vaultings", async () => {
    await using one = await startSandbox();
    await using two = await startSandbox();
    expect(one.credentials.merchantPrivateKey).not.toBe(two.credentials.merchantPrivateKey);
    const request = createVaultRequest();
    await vault(one.credentials, request);
    expect(await two.vaultings.get(request.vaultingRequestId)).toBeUndefined();
  });

  test("can be closed more than once", async () => {
    const sandbox = await startSandbox();
    await Promise.all([sandbox.close(), sandbox.close(0)]);
    await sandbox.close();
  });
});

describe("RunningSandbox", () => {
  test("reports the state of the notification when waitFor times out", async () => {
    await using sandbox = await startSandbox();
    const id = createId();
    await expect(sandbox.notifications.waitFor(id, { timeoutMs: 30 })).rejects.toMatchObject({
      code: "TIMEOUT",
      message: `${id} has no notification after 30 ms: the vaulting does not exist or has no final result.`,
    });
    await vault(sandbox.credentials, createVaultRequest({ id, url: UNREACHABLE_URL }));
    await sandbox.notifications.waitFor(id, { attempts: 1 });
    await expect(sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED", timeoutMs: 30 })).rejects.toThrow(
      new RegExp(
        `^The notification for ${id} is PENDING after 30 ms\\. Attempt 1 ended with ADDRESS_BLOCKED\\. .*\\. The next attempt is due at 2\\S+Z on the`,
      ),
    );
  });

  test("completes a challenge only once, and rejects a client ID that already exists or is invalid", async () => {
    await using sandbox = await startSandbox();
    const request = createVaultRequest({ cardNo: CARD.challenges });
    await vault(sandbox.credentials, request);
    const complete = (id: string) => catchErrorCode(sandbox.vaultings.completeChallenge(id, "passed"));
    expect(await complete(request.vaultingRequestId)).toBeUndefined();
    expect(await complete(request.vaultingRequestId)).toBe("CONFIGURATION_INVALID");
    expect(await complete(createId())).toBe("CONFIGURATION_INVALID");
    await sandbox.addClient("SECOND");
    expect(await catchErrorCode(sandbox.addClient("SECOND"))).toBe("CONFIGURATION_INVALID");
    expect(await catchErrorCode(sandbox.addClient("with space"))).toBe("CONFIGURATION_INVALID");
  });

  test("lists vaultings and calls, reports its health, and deletes vaultings on reset", async () => {
    await using sandbox = await startSandbox();
    const request = createVaultRequest();
    await vault(sandbox.credentials, request);
    expect(await sandbox.vaultings.list({ status: "SUCCESS" })).toHaveLength(1);
    expect(await sandbox.calls()).toMatchObject([
      { vaultingRequestId: request.vaultingRequestId, resultCode: "SUCCESS" },
    ]);
    expect(await sandbox.health()).toMatchObject({ status: "ok", vaultings: 1, engine: "sqlite" });
    await sandbox.reset();
    expect(await sandbox.vaultings.list()).toEqual([]);
  });

  test("explains an unknown client ID in the response and to onSignatureRejected", async () => {
    const reasons: string[] = [];
    await using sandbox = await startSandbox({ onSignatureRejected: ({ reason }) => void reasons.push(reason) });
    const client = createVaultClient({ ...sandbox.credentials, clientId: "SANDBOX_UNKNOWN" });
    await expect(client.vaultPaymentMethod(createVaultRequest())).rejects.toMatchObject({
      code: "SIGNATURE_MISSING",
      unverified: {
        resultCode: "INVALID_SIGNATURE",
        resultMessage: "The client ID is unknown to this sandbox. Use the client ID in the sandbox's credentials.json.",
      },
    });
    expect(reasons).toEqual(["The client ID is unknown."]);
  });
});

describe("a sandbox with a data directory", () => {
  test("has written its credentials when it responds to a health check", async () => {
    // Loads the modules of the health check, so that the next health check responds immediately.
    await withSandbox(({ credentials }) => fetch(`${credentials.baseUrl}/_sandbox/health`));
    const port = await findFreePort();
    const starting = startSandbox({ data: directory, port });
    let response: Response | undefined;
    while (!response) response = await fetch(`http://127.0.0.1:${port}/_sandbox/health`).catch(() => undefined);
    const { baseUrl } = JSON.parse(await readFile(join(directory, "credentials.json"), "utf8"));
    await (await starting).close();
    expect(baseUrl).toBe(`http://127.0.0.1:${port}`);
  });

  test("keeps keys, vaultings, challenges, clients, tokens, and final responses across restarts", async () => {
    const done = createVaultRequest();
    const failed = createVaultRequest({ cardNo: CARD.fails });
    const waiting = createVaultRequest({ cardNo: CARD.challenges });
    const first = await withSandbox(async (sandbox) => ({
      credentials: sandbox.credentials,
      second: await sandbox.addClient("SECOND"),
      done: await vault(sandbox.credentials, done),
      failed: await vault(sandbox.credentials, failed),
      waiting: await vault(sandbox.credentials, waiting),
    }));
    await withSandbox(async (sandbox) => {
      const { baseUrl, ...keys } = sandbox.credentials;
      expect(first.credentials).toMatchObject(keys);
      expect((await vault(sandbox.credentials, done)).text).toBe(first.done.text);
      expect((await vault(sandbox.credentials, failed)).text).toBe(first.failed.text);
      // The restart changes the port in the URL of the page.
      expect((await vault(sandbox.credentials, waiting)).body.normalUrl).toBe(
        first.waiting.body.normalUrl?.replace(first.credentials.baseUrl, baseUrl),
      );
      expect((await vault({ ...first.second, baseUrl })).signed).toBe(true);
      await sandbox.vaultings.completeChallenge(waiting.vaultingRequestId, "passed");
    });
    await withSandbox(async (sandbox) => {
      expect((await vault(sandbox.credentials, waiting)).body.result.resultCode).toBe("SUCCESS");
      expect((await sandbox.health()).vaultings).toBe(4);
    });
  });

  test("writes credentials and keys that only their owner can read", async () => {
    await withSandbox(async (sandbox) => {
      expect(JSON.parse(await readFile(join(directory, "credentials.json"), "utf8"))).toEqual(sandbox.credentials);
      expect((await stat(join(directory, "credentials.json"))).mode & 0o777).toBe(0o600);
      expect((await stat(join(directory, "gateway-private-key.pem"))).mode & 0o777).toBe(0o600);
    });
  });

  test("creates a missing directory that only its owner can access", async () => {
    const data = join(directory, "a", "b");
    await using sandbox = await startSandbox({ data });
    expect(sandbox.credentials.clientId).toBe("SANDBOX_ANTOMVAULT000001");
    expect((await stat(data)).mode & 0o077).toBe(0);
  });

  test("rejects a second sandbox on the same directory, and keeps running", () =>
    withSandbox(async (sandbox) => {
      expect(await expectStartError()).toMatchObject({
        code: "CONFIGURATION_INVALID",
        message: expect.stringContaining(String(process.pid)),
      });
      expect((await vault(sandbox.credentials)).signed).toBe(true);
    }));
});

describe("an invalid data directory", () => {
  const gatewayKey = () => join(directory, "gateway-private-key.pem");
  const credentials = () => join(directory, "credentials.json");

  test.each<readonly [string, () => Promise<unknown>]>([
    ["both key files are missing", () => Promise.all([rm(gatewayKey()), rm(credentials())])],
    ["the gateway's key is missing", () => rm(gatewayKey())],
    ["the credentials are missing", () => rm(credentials())],
    ["other users can read the gateway's key", () => chmod(gatewayKey(), 0o644)],
    ["the group can read the credentials", () => chmod(credentials(), 0o640)],
    [
      "the gateway's key is truncated",
      async () => writeFile(gatewayKey(), (await readFile(gatewayKey(), "utf8")).slice(0, 800)),
    ],
    ["the credentials are empty", () => writeFile(credentials(), "")],
    [
      "the merchant's key belongs to a different directory",
      async () => {
        const other = join(directory, "other");
        await startSandbox({ data: other }).then((sandbox) => sandbox.close());
        const theirs = JSON.parse(await readFile(join(other, "credentials.json"), "utf8")) as object;
        const original = JSON.parse(await readFile(credentials(), "utf8")) as { readonly antomPublicKey: string };
        await writeFile(credentials(), JSON.stringify({ ...theirs, antomPublicKey: original.antomPublicKey }));
      },
    ],
  ])("is rejected and left unchanged if %s", async (_, spoil) => {
    const request = createVaultRequest();
    await withSandbox((sandbox) => vault(sandbox.credentials, request));
    await spoil();
    const before = await readdir(directory);
    const error = await expectStartError();
    expect(error.code).toBe("CONFIGURATION_INVALID");
    expect(error.message).not.toMatch(/BEGIN|MII/);
    expect(new Set(await readdir(directory))).toEqual(
      new Set([...before, ...(await readdir(directory)).filter(isRuntimeFile)]),
    );
    // New keys must not be created for existing data.
    for (const file of ["gateway-private-key.pem", "credentials.json"]) {
      expect((await readdir(directory)).includes(file)).toBe(before.includes(file));
    }
  });

  const isRuntimeFile = (name: string) => /^vault\.db-|^sandbox\.pid$/.test(name);

  test("is rejected if the database belongs to a gateway with a different key", async () => {
    const request = createVaultRequest();
    const first = await withSandbox((sandbox) => vault(sandbox.credentials, request));
    const other = join(directory, "other");
    await startSandbox({ data: other }).then((sandbox) => sandbox.close());
    await copyFile(join(directory, "vault.db"), join(other, "vault.db"));
    const error = await expectStartError({ data: other });
    expect(error).toMatchObject({ code: "CONFIGURATION_INVALID", message: expect.stringContaining("different key") });
    expect(await withSandbox((sandbox) => vault(sandbox.credentials, request))).toMatchObject({ text: first.text });
  });

  test("is rejected and left unchanged if the database file is invalid", async () => {
    await withSandbox(async () => {});
    await writeFile(join(directory, "vault.db"), "This is a letter, not a database.".repeat(100));
    expect(await expectStartError()).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("vault.db"),
    });
    expect(await readFile(join(directory, "vault.db"), "utf8")).toMatch(/^This is a letter/);
  });
});

describe("startSandbox", () => {
  test("rejects a port that is in use, and releases the data directory", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    expect(await expectStartError({ data: directory, port })).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(String(port)),
    });
    await new Promise((resolve) => server.close(resolve));
    await using sandbox = await startSandbox({ data: directory, port });
    expect(sandbox.credentials.baseUrl).toBe(`http://127.0.0.1:${port}`);
  });

  test("releases the data directory if the credentials cannot be written", async () => {
    await withSandbox(async () => {});
    await mkdir(join(directory, "credentials.json.new", "in-the-way"), { recursive: true });
    expect(await expectStartError()).toMatchObject({ code: "CONFIGURATION_INVALID" });
    await rm(join(directory, "credentials.json.new"), { recursive: true });
    await withSandbox(async (sandbox) => expect((await vault(sandbox.credentials)).signed).toBe(true));
  });

  test.each(["0.0.0.0", "::", "192.0.2.1", "sandbox.example"])("requires a control token on host %s", async (host) => {
    expect(await expectStartError({ host })).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("controlToken"),
    });
  });

  test.each(["", " "])("rejects the control token %j, even on a loopback address", async (controlToken) => {
    expect(await expectStartError({ controlToken })).toMatchObject({ message: "controlToken must not be empty." });
  });

  test("protects the control API and blocks local notifications if the host is 0.0.0.0", async () => {
    await using sandbox = await startSandbox({ host: "0.0.0.0", controlToken: "sesame" });
    const baseUrl = sandbox.credentials.baseUrl.replace("0.0.0.0", "127.0.0.1");
    expect((await fetch(`${baseUrl}/_sandbox/health`)).status).toBe(401);
    const request = createVaultRequest({ url: "http://127.0.0.1:4999/notify" });
    await vault({ ...sandbox.credentials, baseUrl }, request);
    expect(await sandbox.notifications.waitFor(request.vaultingRequestId, { attempts: 1 })).toMatchObject({
      attempts: [{ outcome: "ADDRESS_BLOCKED" }],
    });
  });

  test("requires a control token if publicUrl is set", async () => {
    const error = await expectStartError({ data: join(directory, "new"), publicUrl: "https://sandbox.example" });
    expect(error).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message:
        "The sandbox cannot have a publicUrl without a control token, because other computers could use its control API. Set controlToken.",
    });
    expect(await readdir(directory)).not.toContain("new");
  });

  test("with publicUrl, protects the control API, and blocks local notifications unless notificationScope allows them", async () => {
    const port = await findFreePort();
    const baseUrl = `http://127.0.0.1:${port}`;
    const exposed = { port, publicUrl: "https://sandbox.example", controlToken: "sesame" };
    for (const [options, outcome] of [
      [exposed, "ADDRESS_BLOCKED"],
      [{ ...exposed, notificationScope: "loopback" }, "CONNECTION_FAILED"],
    ] as const) {
      await using sandbox = await startSandbox(options);
      expect((await fetch(`${baseUrl}/_sandbox/health`)).status).toBe(401);
      const request = createVaultRequest({ url: "http://127.0.0.1:4999/notify" });
      await vault({ ...sandbox.credentials, baseUrl }, request);
      expect(await sandbox.notifications.waitFor(request.vaultingRequestId, { attempts: 1 })).toMatchObject({
        attempts: [{ outcome }],
      });
    }
  });

  test("accepts the host ::1", async () => {
    await using sandbox = await startSandbox({ host: "::1" });
    expect(sandbox.credentials.baseUrl).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(await createTestClient(sandbox.credentials).vaultPaymentMethod(createVaultRequest())).toMatchObject({
      outcome: "vaulted",
    });
  });

  test.each([
    ["publicUrl", "x"],
    ["publicUrl", "ftp://sandbox.example"],
    ["publicUrl", "https://user:secret@sandbox.example"],
    ["publicUrl", "https://sandbox.example/?secret"],
    ["database", "mysql://user:secret@x"],
  ])("rejects %s %s, and writes nothing", async (option, url) => {
    const error = await expectStartError({ data: join(directory, "new"), [option]: url });
    expect(error).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringMatching(
        option === "publicUrl" ? /^publicUrl \(--public-url\) must be/ : /^database \(--database\) must be/,
      ),
    });
    expect(String(error)).not.toContain("secret");
    expect(await readdir(directory)).not.toContain("new");
  });

  test("uses publicUrl as the base URL", async () => {
    await using sandbox = await startSandbox({ publicUrl: "http://127.0.0.1:4999", controlToken: "sesame" });
    expect(sandbox.credentials.baseUrl).toBe("http://127.0.0.1:4999");
    expect((await sandbox.health()).baseUrl).toBe("http://127.0.0.1:4999");
  });
});

describe("sandbox.close", () => {
  test("completes requests in flight, accepts no new ones, and keeps the results", async () => {
    const sandbox = await startSandbox({ data: directory });
    const { credentials } = sandbox;
    sandbox.faults.inject({ fault: "response-delayed", ms: 300, times: 10 });
    const requests = Array.from({ length: 10 }, () => createVaultRequest());
    const responses = requests.map((request) => vault(credentials, request));
    await waitUntilFaultsUsed(sandbox);
    const closed = sandbox.close();
    await expect(fetch(credentials.baseUrl)).rejects.toThrow();
    const texts = (await Promise.all(responses)).map(({ text }) => text);
    await closed;
    await withSandbox(async (again) => {
      for (const [index, request] of requests.entries())
        expect((await vault(again.credentials, request)).text).toBe(texts[index]);
    });
  });

  test("aborts requests that take longer than the grace period", async () => {
    const sandbox = await startSandbox();
    sandbox.faults.inject({ fault: "response-delayed", ms: 60_000 });
    const errorCode = catchErrorCode(createTestClient(sandbox.credentials).vaultPaymentMethod(createVaultRequest()));
    await waitUntilFaultsUsed(sandbox);
    const started = performance.now();
    await sandbox.close(50);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(await errorCode).toBe("CONNECTION_FAILED");
  });
});
