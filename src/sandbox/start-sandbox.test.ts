import { once } from "node:events";
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  CARD,
  callDirectly,
  catchErrorCode,
  createId,
  createTestClient,
  createVaultRequest,
  UNREACHABLE_URL,
} from "../testing/sandbox/sandbox.ts";
import { startSandbox } from "./index.ts";

/** A folder with keys and an empty database, made once: new RSA keys for each test would take most of its time. */
let template: string;
let folder: string;
const temporaryFolder = () => mkdtemp(join(tmpdir(), "antom-vault-test-"));
beforeAll(async () => {
  template = await temporaryFolder();
  await startSandbox({ data: template }).then((each) => each.close());
});
beforeEach(async () => {
  folder = await temporaryFolder();
  await cp(template, folder, { recursive: true });
});
afterAll(() => rm(template, { recursive: true }));
afterEach(() => rm(folder, { recursive: true }));

const vault = (credentials: Parameters<typeof callDirectly>[0], request = createVaultRequest()) =>
  callDirectly(credentials, "vaultPaymentMethod", request);

/** Starts in the test's folder, does something and closes. */
async function during<Result>(
  work: (sandbox: Awaited<ReturnType<typeof startSandbox>>) => Promise<Result>,
): Promise<Result> {
  await using sandbox = await startSandbox({ data: folder });
  // Awaited here: the sandbox is closed with this function's end.
  return await work(sandbox);
}

/** Resolves once every injected fault has met a call. */
async function allTaken({ credentials }: Awaited<ReturnType<typeof startSandbox>>): Promise<void> {
  const left = async () => (await fetch(`${credentials.baseUrl}/_sandbox/faults`)).text();
  while ((await left()) !== '{"faults":[]}');
}

const refusal = (options: Parameters<typeof startSandbox>[0] = { data: folder }) =>
  startSandbox(options).then(
    async (sandbox) => {
      await sandbox.close();
      return expect.fail("It was to be refused.");
    },
    (error: Error & { readonly code: string }) => error,
  );

describe("in memory", () => {
  test("it answers a client at once, and is gone once disposed of", async () => {
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

  test("each has keys and vaultings of its own", async () => {
    await using one = await startSandbox();
    await using two = await startSandbox();
    expect(one.credentials.merchantPrivateKey).not.toBe(two.credentials.merchantPrivateKey);
    const request = createVaultRequest();
    await vault(one.credentials, request);
    expect(await two.vaultings.get(request.vaultingRequestId)).toBeUndefined();
  });

  test("closing twice is closing once", async () => {
    const sandbox = await startSandbox();
    await Promise.all([sandbox.close(), sandbox.close(0)]);
    await sandbox.close();
  });
});

describe("what a test does with it", () => {
  test("a wait that is in vain ends with TIMEOUT, and says how far it is", async () => {
    await using sandbox = await startSandbox();
    const id = createId();
    await expect(sandbox.notifications.waitFor(id, { timeoutMs: 30 })).rejects.toMatchObject({
      code: "TIMEOUT",
      message: `${id} has no notification after 30 ms: its vaulting is not final, or not known.`,
    });
    await vault(sandbox.credentials, createVaultRequest({ id, url: UNREACHABLE_URL }));
    await sandbox.notifications.waitFor(id, { attempts: 1 });
    await expect(sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED", timeoutMs: 30 })).rejects.toThrow(
      new RegExp(
        `^The notification of ${id} is PENDING after 30 ms\\. Attempt 1 ended in ADDRESS_BLOCKED\\. .*\\. It is due at 2\\S+Z on the`,
      ),
    );
  });

  test("a challenge ends once; what there is not cannot end; a client ID is taken once", async () => {
    await using sandbox = await startSandbox();
    const request = createVaultRequest({ cardNo: CARD.challenges });
    await vault(sandbox.credentials, request);
    const end = (id: string) => catchErrorCode(sandbox.vaultings.completeChallenge(id, "passed"));
    expect(await end(request.vaultingRequestId)).toBeUndefined();
    expect(await end(request.vaultingRequestId)).toBe("CONFIGURATION_INVALID");
    expect(await end(createId())).toBe("CONFIGURATION_INVALID");
    await sandbox.addClient("SECOND");
    expect(await catchErrorCode(sandbox.addClient("SECOND"))).toBe("CONFIGURATION_INVALID");
    expect(await catchErrorCode(sandbox.addClient("with blank"))).toBe("CONFIGURATION_INVALID");
  });

  test("lists, the journal and the health", async () => {
    await using sandbox = await startSandbox();
    const request = createVaultRequest();
    await vault(sandbox.credentials, request);
    expect(await sandbox.vaultings.list({ status: "SUCCESS" })).toHaveLength(1);
    expect(sandbox.calls()).toMatchObject([{ vaultingRequestId: request.vaultingRequestId, resultCode: "SUCCESS" }]);
    expect(await sandbox.health()).toMatchObject({ status: "ok", vaultings: 1, engine: "sqlite" });
    await sandbox.reset();
    expect(await sandbox.vaultings.list()).toEqual([]);
  });

  test("whoever explains refused signatures is told of them", async () => {
    const reasons: string[] = [];
    await using sandbox = await startSandbox({ onSignatureRejected: ({ reason }) => void reasons.push(reason) });
    await vault({ ...sandbox.credentials, clientId: "NOBODY" });
    expect(reasons).toEqual(["The client ID is unknown."]);
  });
});

describe("in a folder", () => {
  test("keys, vaultings, challenges, clients and tokens are kept over restarts, the bytes of final answers too", async () => {
    const [done, failed, waiting] = [
      createVaultRequest(),
      createVaultRequest({ cardNo: CARD.fails }),
      createVaultRequest({ cardNo: CARD.challenges }),
    ];
    const first = await during(async (sandbox) => ({
      credentials: sandbox.credentials,
      second: await sandbox.addClient("SECOND"),
      done: await vault(sandbox.credentials, done),
      failed: await vault(sandbox.credentials, failed),
      waiting: await vault(sandbox.credentials, waiting),
    }));
    await during(async (sandbox) => {
      const { baseUrl, ...keys } = sandbox.credentials;
      expect(first.credentials).toMatchObject(keys);
      expect((await vault(sandbox.credentials, done)).text).toBe(first.done.text);
      expect((await vault(sandbox.credentials, failed)).text).toBe(first.failed.text);
      // The page is where the sandbox listens now.
      expect((await vault(sandbox.credentials, waiting)).body.normalUrl).toBe(
        first.waiting.body.normalUrl?.replace(first.credentials.baseUrl, baseUrl),
      );
      expect((await vault({ ...first.second, baseUrl })).signed).toBe(true);
      await sandbox.vaultings.completeChallenge(waiting.vaultingRequestId, "passed");
    });
    await during(async (sandbox) => {
      expect((await vault(sandbox.credentials, waiting)).body.result.resultCode).toBe("SUCCESS");
      expect((await sandbox.health()).vaultings).toBe(4);
    });
  });

  test("credentials.json is what a client needs, for its owner's eyes only, as everything in the folder", async () => {
    await during(async (sandbox) => {
      expect(JSON.parse(await readFile(join(folder, "credentials.json"), "utf8"))).toEqual(sandbox.credentials);
      expect((await stat(join(folder, "credentials.json"))).mode & 0o777).toBe(0o600);
      expect((await stat(join(folder, "gateway-private-key.pem"))).mode & 0o777).toBe(0o600);
    });
  });

  test("a folder that there is not is made, for its owner only", async () => {
    const data = join(folder, "a", "b");
    await using sandbox = await startSandbox({ data });
    expect(sandbox.credentials.clientId).toBe("SANDBOX_ANTOMVAULT000001");
    expect((await stat(data)).mode & 0o077).toBe(0);
  });

  test("a second one on the same folder is refused, and the first goes on", () =>
    during(async (sandbox) => {
      expect(await refusal()).toMatchObject({
        code: "CONFIGURATION_INVALID",
        message: expect.stringContaining(String(process.pid)),
      });
      expect((await vault(sandbox.credentials)).signed).toBe(true);
    }));
});

describe("keys and data that do not belong together", () => {
  const gatewayKey = () => join(folder, "gateway-private-key.pem");
  const credentials = () => join(folder, "credentials.json");

  test.each<readonly [string, () => Promise<unknown>]>([
    ["both key files lost", () => Promise.all([rm(gatewayKey()), rm(credentials())])],
    ["the gateway's key lost", () => rm(gatewayKey())],
    ["the credentials lost", () => rm(credentials())],
    ["the gateway's key readable by others", () => chmod(gatewayKey(), 0o644)],
    ["the credentials readable by the group", () => chmod(credentials(), 0o640)],
    [
      "the gateway's key cut short",
      async () => writeFile(gatewayKey(), (await readFile(gatewayKey(), "utf8")).slice(0, 800)),
    ],
    ["empty credentials", () => writeFile(credentials(), "")],
    [
      "the merchant's key of another folder",
      async () => {
        const other = join(folder, "other");
        await startSandbox({ data: other }).then((each) => each.close());
        const theirs = JSON.parse(await readFile(join(other, "credentials.json"), "utf8")) as object;
        const own = JSON.parse(await readFile(credentials(), "utf8")) as { readonly antomPublicKey: string };
        await writeFile(credentials(), JSON.stringify({ ...theirs, antomPublicKey: own.antomPublicKey }));
      },
    ],
  ])("%s: refused, and nothing is changed", async (_, spoil) => {
    const request = createVaultRequest();
    await during((sandbox) => vault(sandbox.credentials, request));
    await spoil();
    const before = await readdir(folder);
    const error = await refusal();
    expect(error.code).toBe("CONFIGURATION_INVALID");
    expect(error.message).not.toMatch(/BEGIN|MII/);
    expect(new Set(await readdir(folder))).toEqual(new Set([...before, ...(await readdir(folder)).filter(isSqlites)]));
    // No new keys over old data.
    for (const file of ["gateway-private-key.pem", "credentials.json"]) {
      expect((await readdir(folder)).includes(file)).toBe(before.includes(file));
    }
  });

  const isSqlites = (name: string) => /^vault\.db-|^sandbox\.pid$/.test(name);

  test("a database of other keys is refused, and opens again with its own", async () => {
    const request = createVaultRequest();
    const first = await during((sandbox) => vault(sandbox.credentials, request));
    const other = join(folder, "other");
    await startSandbox({ data: other }).then((each) => each.close());
    await copyFile(join(folder, "vault.db"), join(other, "vault.db"));
    const error = await refusal({ data: other });
    expect(error).toMatchObject({ code: "CONFIGURATION_INVALID", message: expect.stringContaining("another key") });
    expect(await during((sandbox) => vault(sandbox.credentials, request))).toMatchObject({ text: first.text });
  });

  test("a file that is no database is refused, and stays as it is", async () => {
    await during(async () => {});
    await writeFile(join(folder, "vault.db"), "This is a letter to somebody, and no database.".repeat(100));
    expect(await refusal()).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("vault.db"),
    });
    expect(await readFile(join(folder, "vault.db"), "utf8")).toMatch(/^This is a letter/);
  });
});

describe("the address", () => {
  test("a port that is taken is refused, and the folder is free again", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    expect(await refusal({ data: folder, port })).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(String(port)),
    });
    await new Promise((resolve) => server.close(resolve));
    await using sandbox = await startSandbox({ data: folder, port });
    expect(sandbox.credentials.baseUrl).toBe(`http://127.0.0.1:${port}`);
  });

  test("a start that cannot write its credentials leaves nothing open", async () => {
    await during(async () => {});
    await mkdir(join(folder, "credentials.json.new", "in-the-way"), { recursive: true });
    expect(await refusal()).toMatchObject({ code: "CONFIGURATION_INVALID" });
    await rm(join(folder, "credentials.json.new"), { recursive: true });
    await during(async (sandbox) => expect((await vault(sandbox.credentials)).signed).toBe(true));
  });

  test.each(["0.0.0.0", "::", "192.0.2.1", "sandbox.example"])("%s needs a control token", async (host) => {
    expect(await refusal({ host })).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("controlToken"),
    });
  });

  test("exposed, it asks for the token and tells nobody on this machine", async () => {
    await using sandbox = await startSandbox({ host: "0.0.0.0", controlToken: "sesame" });
    const baseUrl = sandbox.credentials.baseUrl.replace("0.0.0.0", "127.0.0.1");
    expect((await fetch(`${baseUrl}/_sandbox/health`)).status).toBe(401);
    const request = createVaultRequest({ url: "http://127.0.0.1:4999/notify" });
    await vault({ ...sandbox.credentials, baseUrl }, request);
    expect(await sandbox.notifications.waitFor(request.vaultingRequestId, { attempts: 1 })).toMatchObject({
      attempts: [{ outcome: "ADDRESS_BLOCKED" }],
    });
  });

  test("[::1]", async () => {
    await using sandbox = await startSandbox({ host: "::1" });
    expect(sandbox.credentials.baseUrl).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(await createTestClient(sandbox.credentials).vaultPaymentMethod(createVaultRequest())).toMatchObject({
      outcome: "vaulted",
    });
  });

  test("a public address is the one of the pages", async () => {
    await using sandbox = await startSandbox({ publicUrl: "http://127.0.0.1:4999" });
    expect(sandbox.credentials.baseUrl).toBe("http://127.0.0.1:4999");
    expect((await sandbox.health()).baseUrl).toBe("http://127.0.0.1:4999");
  });
});

describe("closing", () => {
  test("a request under way is answered, no new one is taken, and what was answered is kept", async () => {
    const sandbox = await startSandbox({ data: folder });
    const { credentials } = sandbox;
    sandbox.faults.inject({ fault: "response-delayed", ms: 300, times: 10 });
    const requests = Array.from({ length: 10 }, () => createVaultRequest());
    const answers = requests.map((request) => vault(credentials, request));
    await allTaken(sandbox);
    const closed = sandbox.close();
    await expect(fetch(credentials.baseUrl)).rejects.toThrow();
    const texts = (await Promise.all(answers)).map(({ text }) => text);
    await closed;
    await during(async (again) => {
      for (const [at, request] of requests.entries())
        expect((await vault(again.credentials, request)).text).toBe(texts[at]);
    });
  });

  test("what takes longer than the grace is cut off", async () => {
    const sandbox = await startSandbox();
    sandbox.faults.inject({ fault: "response-delayed", ms: 60_000 });
    const answer = catchErrorCode(createTestClient(sandbox.credentials).vaultPaymentMethod(createVaultRequest()));
    await allTaken(sandbox);
    const started = performance.now();
    await sandbox.close(50);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(await answer).toBe("CONNECTION_FAILED");
  });
});
