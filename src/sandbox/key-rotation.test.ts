/** Tests key rotation as a merchant sees it, over real sockets. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createNotificationReceiver, type VaultingEvent } from "../notification/index.ts";
import { findSignatureError, importKeyring } from "../signature/index.ts";
import { createBuyer, startChallenge } from "../testing/browser/buyer.ts";
import { createControlClient } from "../testing/sandbox/control-api.ts";
import {
  callDirectly,
  catchErrorCode,
  createId,
  createTestClient,
  createVaultRequest,
  type Delivery,
  startListener,
} from "../testing/sandbox/sandbox.ts";
import { getPostgresSkipReason, startPostgres } from "../testing/servers/postgres-server.ts";
import { type RunningSandbox, startSandbox } from "./start-sandbox.ts";

/** Returns all published keys in the format of the option `antomPublicKey`. */
const getPublishedKeys = ({ keys }: RunningSandbox): Record<string, string> =>
  Object.fromEntries(keys.list().map(({ keyVersion, antomPublicKey }) => [keyVersion, antomPublicKey]));

const getKeyVersion = (header: string | null | undefined): string | undefined =>
  /keyVersion=(\d+)/.exec(header ?? "")?.[1];

const NO_SUCH_VERSION = "No key is configured for the key version in the Signature header.";
const INVALID = "The signature does not match the message and the key.";

/** Creates a client that records the key version of each response. */
function createMerchant(sandbox: RunningSandbox, antomPublicKey: string | Readonly<Record<string, string>>) {
  const versions: (string | undefined)[] = [];
  const client = createTestClient(sandbox.credentials, {
    antomPublicKey,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      versions.push(getKeyVersion(response.headers.get("signature")));
      return response;
    },
  });
  return { client, versions };
}

describe("a response", () => {
  test("signed with the second key is rejected by a client with only the first key, and accepted by a client with both keys", async () => {
    await using sandbox = await startSandbox();
    const first = getPublishedKeys(sandbox);
    const { antomPublicKey } = sandbox.credentials;
    const byVersion = createMerchant(sandbox, first);
    const byKey = createMerchant(sandbox, antomPublicKey);
    const before = createVaultRequest();
    const token = await byVersion.client.vaultPaymentMethod(before);
    expect(await byKey.client.vaultPaymentMethod(before)).toEqual(token);

    expect(await sandbox.keys.rotate()).toMatchObject({ keyVersion: 2, signs: true });
    const request = createVaultRequest();
    for (const [{ client }, reason] of [
      [byVersion, NO_SUCH_VERSION],
      [byKey, INVALID],
    ] as const) {
      await expect(client.vaultPaymentMethod(request)).rejects.toMatchObject({
        code: "SIGNATURE_INVALID",
        message: expect.stringContaining(reason),
      });
    }
    expect(byVersion.versions).toEqual(["1", "2"]);

    // The rejected responses did not undo the vaulting.
    const both = createMerchant(sandbox, getPublishedKeys(sandbox));
    expect(await both.client.vaultPaymentMethod(request)).toMatchObject({ outcome: "vaulted" });
    expect(await both.client.vaultPaymentMethod(before)).toEqual(token);
    const newest = createMerchant(sandbox, sandbox.credentials.antomPublicKey);
    expect(await newest.client.inquireVaulting(request)).toMatchObject({ outcome: "vaulted" });
    expect([...both.versions, ...newest.versions]).toEqual(["2", "2", "2"]);
    expect(await sandbox.vaultings.list()).toHaveLength(2);
  });

  test("is signed with the key whose version it names, even during a rotation", async () => {
    await using sandbox = await startSandbox();
    const { credentials } = sandbox;
    const path = "/ams/sandbox/api/v1/vaults/inquireVaulting";
    const responses: { readonly time: string; readonly body: string; readonly header: string | null }[] = [];
    const client = createTestClient(credentials, {
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        const time = response.headers.get("response-time") ?? "";
        responses.push({ time, body: await response.clone().text(), header: response.headers.get("signature") });
        return response;
      },
    });
    const call = () => catchErrorCode(client.inquireVaulting({ vaultingRequestId: createId() }));
    await call();
    // Call continuously during the rotations.
    let rotating = true;
    const calling = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (rotating) await call();
        await call();
      }),
    );
    for (let count = 0; count < 3; count++) await sandbox.keys.rotate();
    rotating = false;
    await calling;

    const keyring = await importKeyring(getPublishedKeys(sandbox), "published");
    const { clientId } = credentials;
    for (const { time, body, header } of responses)
      expect(await findSignatureError(keyring, { path, clientId, time, body }, header)).toBeUndefined();
    const versions = responses.map(({ header }) => Number(getKeyVersion(header)));
    expect(versions[0]).toBe(1);
    expect(versions.at(-1)).toBe(4);
  });
});

describe("a notification", () => {
  /** Creates a receiver with all published keys. */
  function createReceiver(sandbox: RunningSandbox) {
    const { clientId } = sandbox.credentials;
    const events: VaultingEvent[] = [];
    const rejected: string[] = [];
    const receive = createNotificationReceiver({
      clientId,
      antomPublicKey: getPublishedKeys(sandbox),
      onVaulting: (event) => void events.push(event),
      onRejected: ({ code, message }) => void rejected.push(`${code} ${message}`),
    });
    const handle = async ({ path, time = "", signature = "", body }: Delivery) => {
      const headers = { "content-type": "application/json", "client-id": clientId, "request-time": time, signature };
      const response = await receive(new Request(`http://merchant.invalid${path}`, { method: "POST", headers, body }));
      return { status: response.status, body: await response.text() };
    };
    return { handle, events, rejected };
  }

  test("is retried with the current key, and accepted by a receiver with both keys", async () => {
    await using sandbox = await startSandbox();
    const old = createReceiver(sandbox);
    const early = createVaultRequest();
    const late = createVaultRequest();
    let receiver: ReturnType<typeof createReceiver> = old;
    let busy = true;
    await using listener = await startListener(sandbox.credentials, (delivery) =>
      busy && delivery.id === late.vaultingRequestId ? { status: 503 } : receiver.handle(delivery),
    );
    for (const request of [early, late]) {
      const withUrl = { ...request, vaultingNotificationUrl: listener.url };
      await callDirectly(sandbox.credentials, "vaultPaymentMethod", withUrl);
    }
    await sandbox.notifications.waitFor(early.vaultingRequestId, { state: "ACKNOWLEDGED" });
    await sandbox.notifications.waitFor(late.vaultingRequestId, { attempts: 1 });
    expect(listener.deliveries.map(({ signature }) => getKeyVersion(signature))).toEqual(["1", "1"]);

    await sandbox.keys.rotate();
    busy = false;
    // The second attempt is due 2 minutes after the first.
    await sandbox.clock.advance(120_000);
    await sandbox.notifications.waitFor(late.vaultingRequestId, { attempts: 2 });
    expect(old.rejected).toEqual([expect.stringContaining(`NOTIFICATION_REJECTED ${NO_SUCH_VERSION}`)]);

    receiver = createReceiver(sandbox);
    await sandbox.clock.advance(600_000);
    const notification = await sandbox.notifications.waitFor(late.vaultingRequestId, { state: "ACKNOWLEDGED" });
    expect(notification.attempts.map(({ outcome }) => outcome)).toEqual([
      "UNEXPECTED_HTTP_STATUS",
      "UNEXPECTED_HTTP_STATUS",
      "ACKNOWLEDGED",
    ]);
    expect(receiver.events).toMatchObject([{ outcome: "vaulted", vaultingRequestId: late.vaultingRequestId }]);
    const deliveries = await listener.waitForDeliveries(3, late.vaultingRequestId);
    expect(deliveries.map(({ signature }) => getKeyVersion(signature))).toEqual(["1", "2", "2"]);
    expect(new Set(deliveries.map(({ body }) => body)).size).toBe(1);

    // The signature of each attempt is valid only for the key of its version.
    const { clientId } = sandbox.credentials;
    const [one, two] = sandbox.keys.list();
    for (const [key, expected] of [
      [one, [true, false, false]],
      [two, [false, true, true]],
    ] as const) {
      const keyring = await importKeyring(key?.antomPublicKey ?? "", "key");
      const results = deliveries.map(({ path, time = "", body, signature = "" }) =>
        findSignatureError(keyring, { path, clientId, time, body }, signature),
      );
      expect((await Promise.all(results)).map((error) => error === undefined)).toEqual(expected);
    }

    // A receiver with both keys accepts an earlier notification.
    const [first] = await listener.waitForDeliveries(1, early.vaultingRequestId);
    expect(await receiver.handle(first ?? expect.fail("No notification arrived."))).toMatchObject({ status: 200 });
    expect(receiver.events).toHaveLength(2);
  });
});

describe("sandbox.keys", () => {
  test("lists the active key last, and creates one key for each of two concurrent rotations", async () => {
    await using sandbox = await startSandbox();
    const [first, ...others] = sandbox.keys.list();
    expect(others).toEqual([]);
    expect(first).toMatchObject({ keyVersion: 1, antomPublicKey: sandbox.credentials.antomPublicKey, signs: true });
    const rotated = await Promise.all([sandbox.keys.rotate(), sandbox.keys.rotate()]);
    expect(rotated.map(({ keyVersion }) => keyVersion)).toEqual([2, 3]);
    const keys = sandbox.keys.list();
    expect(keys).toEqual([
      { ...first, signs: false },
      { ...rotated[0], signs: false },
      { ...rotated[1], signs: true },
    ]);
    expect(new Set(keys.map(({ antomPublicKey }) => antomPublicKey)).size).toBe(3);
    expect(sandbox.credentials.antomPublicKey).toBe(rotated[1].antomPublicKey);
    expect((await sandbox.addClient()).antomPublicKey).toBe(rotated[1].antomPublicKey);
    expect(keys.map(({ createdAt }) => createdAt)).toEqual(keys.map(({ createdAt }) => createdAt).sort());
    await sandbox.reset();
    expect(sandbox.keys.list()).toEqual(keys);
  });
});

describe("a sandbox with a data directory", () => {
  let template: string;
  let directory: string;
  const createDirectory = () => mkdtemp(join(tmpdir(), "antom-vault-rotation-"));
  beforeAll(async () => {
    template = await createDirectory();
    await startSandbox({ data: template }).then((sandbox) => sandbox.close());
  });
  beforeEach(async () => {
    directory = await createDirectory();
    await cp(template, directory, { recursive: true, preserveTimestamps: true });
  });
  afterAll(() => rm(template, { recursive: true }));
  afterEach(() => rm(directory, { recursive: true }));

  const readFrom = (name: string) => readFile(join(directory, name), "utf8");

  test("keeps the keys, earlier results, and the buyer's open page across a restart", async () => {
    const request = createVaultRequest();
    const visitor = createBuyer();
    const started = await (async () => {
      await using sandbox = await startSandbox({ data: directory });
      const { text } = await callDirectly(sandbox.credentials, "vaultPaymentMethod", request);
      const page = await startChallenge(sandbox.credentials);
      await visitor.get(page);
      await sandbox.keys.rotate();
      expect(await callDirectly(sandbox.credentials, "vaultPaymentMethod", request)).toMatchObject({ text });
      expect(JSON.parse(await readFrom("credentials.json"))).toEqual(sandbox.credentials);
      return { text, page, keys: sandbox.keys.list(), credentials: sandbox.credentials };
    })();

    await using sandbox = await startSandbox({ data: directory });
    expect(sandbox.keys.list()).toEqual(started.keys);
    const { baseUrl } = sandbox.credentials;
    expect(sandbox.credentials).toEqual({ ...started.credentials, baseUrl });
    expect(JSON.parse(await readFrom("credentials.json"))).toEqual(sandbox.credentials);
    const merchant = createMerchant(sandbox, getPublishedKeys(sandbox));
    expect(await merchant.client.vaultPaymentMethod(request)).toMatchObject({ outcome: "vaulted" });
    expect(merchant.versions).toEqual(["2"]);
    expect((await callDirectly(sandbox.credentials, "vaultPaymentMethod", request)).text).toBe(started.text);
    // The buyer loaded the form before the rotation.
    const page = started.page.replace(started.credentials.baseUrl, baseUrl);
    expect((await visitor.post(page, { code: "123456", action: "code" })).location).toBe(
      "https://merchant.example/done?order=1#top",
    );
  });

  test("completes a rotation that was interrupted before the credentials were written", async () => {
    const before = await readFrom("credentials.json");
    await using sandbox = await startSandbox({ data: directory });
    const { antomPublicKey } = await sandbox.keys.rotate();
    await sandbox.close();
    await writeFile(join(directory, "credentials.json"), before);
    await using again = await startSandbox({ data: directory });
    expect(again.credentials.antomPublicKey).toBe(antomPublicKey);
    expect(JSON.parse(await readFrom("credentials.json"))).toEqual(again.credentials);
    expect(again.keys.list()).toHaveLength(2);
  });

  test("does not start if its database belongs to a gateway with a different first key", async () => {
    await startSandbox({ data: directory }).then(async (sandbox) => {
      await sandbox.keys.rotate();
      await sandbox.close();
    });
    const pem = await readFrom("gateway-private-key.pem");
    await writeFile(join(directory, "gateway-private-key.pem"), pem.slice(pem.lastIndexOf("since ")));
    await expect(startSandbox({ data: directory })).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("different key"),
    });
    await writeFile(join(directory, "gateway-private-key.pem"), pem);
    await startSandbox({ data: directory }).then((sandbox) => sandbox.close());
  });

  test("keeps the old key active, and returns 409 for POST /keys, if the new key cannot be stored", async () => {
    await using sandbox = await startSandbox({ data: directory });
    const keys = sandbox.keys.list();
    const obstacle = join(directory, "gateway-private-key.pem.new");
    await mkdir(join(obstacle, "x"), { recursive: true });
    expect(await catchErrorCode(sandbox.keys.rotate())).toBe("CONFIGURATION_INVALID");
    const control = createControlClient(sandbox.credentials.baseUrl);
    expect(await control({ method: "POST", path: "/keys" })).toMatchObject({ status: 409, code: "CONFLICT" });
    expect(sandbox.keys.list()).toEqual(keys);
    const merchant = createMerchant(sandbox, getPublishedKeys(sandbox));
    expect(await merchant.client.vaultPaymentMethod(createVaultRequest())).toMatchObject({ outcome: "vaulted" });
    expect(merchant.versions).toEqual(["1"]);
    await rm(obstacle, { recursive: true });
    expect(await control({ method: "POST", path: "/keys" })).toMatchObject({ status: 201, body: { keyVersion: 2 } });
  });

  test.skipIf(getPostgresSkipReason())(
    "keeps its own key when a second sandbox on the same PostgreSQL database rotates its key",
    async () => {
      await using server = await startPostgres();
      const database = (await server?.createDatabase()) ?? expect.fail("PostgreSQL is not available.");
      const other = join(directory, "other");
      await cp(template, other, { recursive: true });
      await using one = await startSandbox({ data: directory, database });
      await using two = await startSandbox({ data: other, database });
      const request = createVaultRequest();
      const { text } = await callDirectly(two.credentials, "vaultPaymentMethod", request);
      await one.keys.rotate();
      const merchants = [one, two].map((sandbox) => createMerchant(sandbox, getPublishedKeys(one)));
      for (const { client } of merchants)
        expect(await client.inquireVaulting(request)).toMatchObject({ outcome: "vaulted" });
      expect(merchants.map(({ versions }) => versions)).toEqual([["2"], ["1"]]);
      expect((await callDirectly(one.credentials, "vaultPaymentMethod", request)).text).toBe(text);
      await two.close();
      await cp(join(directory, "gateway-private-key.pem"), join(other, "gateway-private-key.pem"));
      await using again = await startSandbox({ data: other, database });
      expect(again.credentials.antomPublicKey).toBe(one.credentials.antomPublicKey);
    },
    60_000,
  );
});
