/** The gateway replaces the key that it signs with: what a merchant sees of it, over real sockets. */
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

/** The keys that a merchant has by then, as its options take them. */
const published = ({ keys }: RunningSandbox): Record<string, string> =>
  Object.fromEntries(keys.list().map(({ keyVersion, antomPublicKey }) => [keyVersion, antomPublicKey]));

const versionIn = (header: string | null | undefined): string | undefined => /keyVersion=(\d+)/.exec(header ?? "")?.[1];

const NO_SUCH_VERSION = "The Signature header names a key version for which there is no key.";
const MISFIT = "The signature does not fit the message and the key.";

/** A client with some keys, and the key versions of the answers that it has got. */
function merchantOf(sandbox: RunningSandbox, antomPublicKey: string | Readonly<Record<string, string>>) {
  const versions: (string | undefined)[] = [];
  const client = createTestClient(sandbox.credentials, {
    antomPublicKey,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      versions.push(versionIn(response.headers.get("signature")));
      return response;
    },
  });
  return { client, versions };
}

describe("an answer", () => {
  test("a client that knows the first key alone believes no answer of the second; one that has both believes both", async () => {
    await using sandbox = await startSandbox();
    const first = published(sandbox);
    const { antomPublicKey } = sandbox.credentials;
    const byVersion = merchantOf(sandbox, first);
    const byKey = merchantOf(sandbox, antomPublicKey);
    const before = createVaultRequest();
    const token = await byVersion.client.vaultPaymentMethod(before);
    expect(await byKey.client.vaultPaymentMethod(before)).toEqual(token);

    expect(await sandbox.keys.rotate()).toMatchObject({ keyVersion: 2, signs: true });
    const request = createVaultRequest();
    for (const [{ client }, why] of [
      [byVersion, NO_SUCH_VERSION],
      [byKey, MISFIT],
    ] as const) {
      await expect(client.vaultPaymentMethod(request)).rejects.toMatchObject({
        code: "SIGNATURE_INVALID",
        message: expect.stringContaining(why),
      });
    }
    expect(byVersion.versions).toEqual(["1", "2"]);

    // What was refused was vaulted all the same: with both keys, the same ID gives its result.
    const both = merchantOf(sandbox, published(sandbox));
    expect(await both.client.vaultPaymentMethod(request)).toMatchObject({ outcome: "vaulted" });
    expect(await both.client.vaultPaymentMethod(before)).toEqual(token);
    const newest = merchantOf(sandbox, sandbox.credentials.antomPublicKey);
    expect(await newest.client.inquireVaulting(request)).toMatchObject({ outcome: "vaulted" });
    expect([...both.versions, ...newest.versions]).toEqual(["2", "2", "2"]);
    expect(await sandbox.vaultings.list()).toHaveLength(2);
  });

  test("while it happens, each answer fits the key whose version it names", async () => {
    await using sandbox = await startSandbox();
    const { credentials } = sandbox;
    const path = "/ams/sandbox/api/v1/vaults/inquireVaulting";
    const answers: { readonly time: string; readonly body: string; readonly header: string | null }[] = [];
    const client = createTestClient(credentials, {
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        const time = response.headers.get("response-time") ?? "";
        answers.push({ time, body: await response.clone().text(), header: response.headers.get("signature") });
        return response;
      },
    });
    const call = () => catchErrorCode(client.inquireVaulting({ vaultingRequestId: createId() }));
    await call();
    // Calls without a gap, as long as the rotations take.
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

    const keyring = await importKeyring(published(sandbox), "published");
    const { clientId } = credentials;
    for (const { time, body, header } of answers)
      expect(await findSignatureError(keyring, { path, clientId, time, body }, header)).toBeUndefined();
    const versions = answers.map(({ header }) => Number(versionIn(header)));
    expect(versions[0]).toBe(1);
    expect(versions.at(-1)).toBe(4);
  });
});

describe("a notification", () => {
  /** A merchant's receiver with the keys that it has by now. */
  function receiverWith(sandbox: RunningSandbox) {
    const { clientId } = sandbox.credentials;
    const events: VaultingEvent[] = [];
    const refused: string[] = [];
    const receive = createNotificationReceiver({
      clientId,
      antomPublicKey: published(sandbox),
      onVaulting: (event) => void events.push(event),
      onRejected: ({ code, message }) => void refused.push(`${code} ${message}`),
    });
    const take = async ({ path, time = "", signature = "", body }: Delivery) => {
      const headers = { "content-type": "application/json", "client-id": clientId, "request-time": time, signature };
      const answer = await receive(new Request(`http://merchant.invalid${path}`, { method: "POST", headers, body }));
      return { status: answer.status, body: await answer.text() };
    };
    return { take, events, refused };
  }

  test("a retry is signed with the key that there is by then, and taken by a receiver with both keys", async () => {
    await using sandbox = await startSandbox();
    const old = receiverWith(sandbox);
    const early = createVaultRequest();
    const late = createVaultRequest();
    let receiver: ReturnType<typeof receiverWith> = old;
    let busy = true;
    await using listener = await startListener(sandbox.credentials, (delivery) =>
      busy && delivery.id === late.vaultingRequestId ? { status: 503 } : receiver.take(delivery),
    );
    for (const request of [early, late]) {
      const told = { ...request, vaultingNotificationUrl: listener.url };
      await callDirectly(sandbox.credentials, "vaultPaymentMethod", told);
    }
    await sandbox.notifications.waitFor(early.vaultingRequestId, { state: "ACKNOWLEDGED" });
    await sandbox.notifications.waitFor(late.vaultingRequestId, { attempts: 1 });
    expect(listener.deliveries.map(({ signature }) => versionIn(signature))).toEqual(["1", "1"]);

    await sandbox.keys.rotate();
    busy = false;
    // The second attempt is due 2 minutes after the first. A receiver that has not heard of the new key refuses it by name.
    await sandbox.clock.advance(120_000);
    await sandbox.notifications.waitFor(late.vaultingRequestId, { attempts: 2 });
    expect(old.refused).toEqual([expect.stringContaining(`NOTIFICATION_REJECTED ${NO_SUCH_VERSION}`)]);

    receiver = receiverWith(sandbox);
    await sandbox.clock.advance(600_000);
    const notification = await sandbox.notifications.waitFor(late.vaultingRequestId, { state: "ACKNOWLEDGED" });
    expect(notification.attempts.map(({ outcome }) => outcome)).toEqual([
      "UNEXPECTED_HTTP_STATUS",
      "UNEXPECTED_HTTP_STATUS",
      "ACKNOWLEDGED",
    ]);
    expect(receiver.events).toMatchObject([{ outcome: "vaulted", vaultingRequestId: late.vaultingRequestId }]);
    const tries = await listener.waitForDeliveries(3, late.vaultingRequestId);
    expect(tries.map(({ signature }) => versionIn(signature))).toEqual(["1", "2", "2"]);
    expect(new Set(tries.map(({ body }) => body)).size).toBe(1);

    // Each attempt fits the key of its version and no other.
    const { clientId } = sandbox.credentials;
    const [one, two] = sandbox.keys.list();
    for (const [key, fits] of [
      [one, [true, false, false]],
      [two, [false, true, true]],
    ] as const) {
      const keyring = await importKeyring(key?.antomPublicKey ?? "", "key");
      const verdicts = tries.map(({ path, time = "", body, signature = "" }) =>
        findSignatureError(keyring, { path, clientId, time, body }, signature),
      );
      expect((await Promise.all(verdicts)).map((fault) => fault === undefined)).toEqual(fits);
    }

    // What was signed by the old key before is taken by a receiver with both.
    const [first] = await listener.waitForDeliveries(1, early.vaultingRequestId);
    expect(await receiver.take(first ?? expect.fail("It came."))).toMatchObject({ status: 200 });
    expect(receiver.events).toHaveLength(2);
  });
});

describe("the keys", () => {
  test("are listed with the newest last, which signs; two rotations at once are two", async () => {
    await using sandbox = await startSandbox();
    const [first, ...others] = sandbox.keys.list();
    expect(others).toEqual([]);
    expect(first).toMatchObject({ keyVersion: 1, antomPublicKey: sandbox.credentials.antomPublicKey, signs: true });
    const made = await Promise.all([sandbox.keys.rotate(), sandbox.keys.rotate()]);
    expect(made.map(({ keyVersion }) => keyVersion)).toEqual([2, 3]);
    const keys = sandbox.keys.list();
    expect(keys).toEqual([
      { ...first, signs: false },
      { ...made[0], signs: false },
      { ...made[1], signs: true },
    ]);
    expect(new Set(keys.map(({ antomPublicKey }) => antomPublicKey)).size).toBe(3);
    expect(sandbox.credentials.antomPublicKey).toBe(made[1].antomPublicKey);
    expect((await sandbox.addClient()).antomPublicKey).toBe(made[1].antomPublicKey);
    expect(keys.map(({ since }) => since)).toEqual(keys.map(({ since }) => since).sort());
    await sandbox.reset();
    expect(sandbox.keys.list()).toEqual(keys);
  });
});

describe("in a folder", () => {
  let template: string;
  let folder: string;
  const temporaryFolder = () => mkdtemp(join(tmpdir(), "antom-vault-rotation-"));
  beforeAll(async () => {
    template = await temporaryFolder();
    await startSandbox({ data: template }).then((each) => each.close());
  });
  beforeEach(async () => {
    folder = await temporaryFolder();
    await cp(template, folder, { recursive: true, preserveTimestamps: true });
  });
  afterAll(() => rm(template, { recursive: true }));
  afterEach(() => rm(folder, { recursive: true }));

  const fileOf = (name: string) => readFile(join(folder, name), "utf8");

  test("a restart keeps the keys, the answers to old IDs and the buyer's open page", async () => {
    const request = createVaultRequest();
    const someone = createBuyer();
    const started = await (async () => {
      await using sandbox = await startSandbox({ data: folder });
      const { text } = await callDirectly(sandbox.credentials, "vaultPaymentMethod", request);
      const page = await startChallenge(sandbox.credentials);
      await someone.get(page);
      await sandbox.keys.rotate();
      expect(await callDirectly(sandbox.credentials, "vaultPaymentMethod", request)).toMatchObject({ text });
      expect(JSON.parse(await fileOf("credentials.json"))).toEqual(sandbox.credentials);
      return { text, page, keys: sandbox.keys.list(), credentials: sandbox.credentials };
    })();

    await using sandbox = await startSandbox({ data: folder });
    expect(sandbox.keys.list()).toEqual(started.keys);
    const { baseUrl } = sandbox.credentials;
    expect(sandbox.credentials).toEqual({ ...started.credentials, baseUrl });
    expect(JSON.parse(await fileOf("credentials.json"))).toEqual(sandbox.credentials);
    const merchant = merchantOf(sandbox, published(sandbox));
    expect(await merchant.client.vaultPaymentMethod(request)).toMatchObject({ outcome: "vaulted" });
    expect(merchant.versions).toEqual(["2"]);
    expect((await callDirectly(sandbox.credentials, "vaultPaymentMethod", request)).text).toBe(started.text);
    // Its token was derived before there was a second key.
    const page = started.page.replace(started.credentials.baseUrl, baseUrl);
    expect((await someone.post(page, { code: "123456", answer: "code" })).location).toBe(
      "https://merchant.example/done?order=1#top",
    );
  });

  test("a rotation that was broken off before the credentials were written is brought to its end", async () => {
    const before = await fileOf("credentials.json");
    await using sandbox = await startSandbox({ data: folder });
    const { antomPublicKey } = await sandbox.keys.rotate();
    await sandbox.close();
    await writeFile(join(folder, "credentials.json"), before);
    await using again = await startSandbox({ data: folder });
    expect(again.credentials.antomPublicKey).toBe(antomPublicKey);
    expect(JSON.parse(await fileOf("credentials.json"))).toEqual(again.credentials);
    expect(again.keys.list()).toHaveLength(2);
  });

  test("a database of another first key is refused, whatever key signs now", async () => {
    await startSandbox({ data: folder }).then(async (sandbox) => {
      await sandbox.keys.rotate();
      await sandbox.close();
    });
    const pem = await fileOf("gateway-private-key.pem");
    await writeFile(join(folder, "gateway-private-key.pem"), pem.slice(pem.lastIndexOf("since ")));
    await expect(startSandbox({ data: folder })).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("another key"),
    });
    await writeFile(join(folder, "gateway-private-key.pem"), pem);
    await startSandbox({ data: folder }).then((sandbox) => sandbox.close());
  });

  test("a key that cannot be kept is none: 409, and the old one signs on, until it can", async () => {
    await using sandbox = await startSandbox({ data: folder });
    const keys = sandbox.keys.list();
    const inTheWay = join(folder, "gateway-private-key.pem.new");
    await mkdir(join(inTheWay, "x"), { recursive: true });
    expect(await catchErrorCode(sandbox.keys.rotate())).toBe("CONFIGURATION_INVALID");
    const ask = createControlClient(sandbox.credentials.baseUrl);
    expect(await ask({ method: "POST", path: "/keys" })).toMatchObject({ status: 409, code: "CONFLICT" });
    expect(sandbox.keys.list()).toEqual(keys);
    const merchant = merchantOf(sandbox, published(sandbox));
    expect(await merchant.client.vaultPaymentMethod(createVaultRequest())).toMatchObject({ outcome: "vaulted" });
    expect(merchant.versions).toEqual(["1"]);
    await rm(inTheWay, { recursive: true });
    expect(await ask({ method: "POST", path: "/keys" })).toMatchObject({ status: 201, body: { keyVersion: 2 } });
  });

  test.skipIf(getPostgresSkipReason())(
    "of two on one PostgreSQL, the other signs on with its own",
    async () => {
      await using server = await startPostgres();
      const database = (await server?.newDatabase()) ?? expect.fail("It is there.");
      const other = join(folder, "other");
      await cp(template, other, { recursive: true });
      await using one = await startSandbox({ data: folder, database });
      await using two = await startSandbox({ data: other, database });
      const request = createVaultRequest();
      const { text } = await callDirectly(two.credentials, "vaultPaymentMethod", request);
      await one.keys.rotate();
      const merchants = [one, two].map((each) => merchantOf(each, published(one)));
      for (const { client } of merchants)
        expect(await client.inquireVaulting(request)).toMatchObject({ outcome: "vaulted" });
      expect(merchants.map(({ versions }) => versions)).toEqual([["2"], ["1"]]);
      expect((await callDirectly(one.credentials, "vaultPaymentMethod", request)).text).toBe(text);
      await two.close();
      await cp(join(folder, "gateway-private-key.pem"), join(other, "gateway-private-key.pem"));
      await using again = await startSandbox({ data: other, database });
      expect(again.credentials.antomPublicKey).toBe(one.credentials.antomPublicKey);
    },
    60_000,
  );
});
