import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AntomVaultError } from "../protocol/errors.ts";
import { derivePublicKey, importPublicKey, isSameKey } from "../signature/index.ts";
import { EC_PKCS8, OTHER_PKCS8, OTHER_SPKI, PKCS8, SHORT_PKCS8, SPKI } from "../testing/messages/signature-vectors.ts";
import {
  CREDENTIALS_FILE,
  GATEWAY_KEY_FILE,
  generateCredentials,
  openCredentials,
  rotateCredentials,
  writeCredentials,
} from "./credentials.ts";

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "antom-vault-")), "data");
});
afterEach(() => rm(join(folder, ".."), { recursive: true }));

const modeOf = async (...path: readonly string[]) => ((await stat(join(folder, ...path))).mode & 0o777).toString(8);

/** A folder as the user may have left it. */
async function leave(credentials: object | string | undefined, gatewayKey: string | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const text = typeof credentials === "object" ? JSON.stringify(credentials) : credentials;
  if (text !== undefined) await writeFile(join(folder, CREDENTIALS_FILE), text, { mode: 0o600 });
  if (gatewayKey !== undefined) await writeFile(join(folder, GATEWAY_KEY_FILE), gatewayKey, { mode: 0o600 });
}

const GOOD = { baseUrl: "", clientId: "SANDBOX_1", merchantPrivateKey: PKCS8, antomPublicKey: OTHER_SPKI };

describe("a fresh folder", () => {
  test("gets both files, readable by their owner only, and nothing else", async () => {
    await openCredentials(folder);
    expect((await readdir(folder)).sort()).toEqual([CREDENTIALS_FILE, GATEWAY_KEY_FILE]);
    expect([await modeOf(), await modeOf(CREDENTIALS_FILE), await modeOf(GATEWAY_KEY_FILE)]).toEqual([
      "700",
      "600",
      "600",
    ]);
  });

  test("gets keys that fit together", async () => {
    const keys = await openCredentials(folder);
    expect(JSON.parse(await readFile(join(folder, CREDENTIALS_FILE), "utf8"))).toMatchObject({ baseUrl: "" });
    expect(keys.clientId).toMatch(/^SANDBOX_\w+$/);
    const gateway = await derivePublicKey(keys.gatewayPrivateKey);
    expect(await isSameKey(gateway, await importPublicKey(keys.antomPublicKey))).toBe(true);
    expect(await isSameKey(gateway, await derivePublicKey(keys.merchantPrivateKey))).toBe(false);
  });

  test("gives the same keys when it is opened again", async () => {
    const first = await openCredentials(folder);
    expect(await openCredentials(folder)).toEqual(first);
  });

  test("may lie deep", async () => {
    folder = join(folder, "a", "b");
    await openCredentials(folder);
    expect(await modeOf()).toBe("700");
    folder = join(folder, "..", "..");
  });
});

test("throw-away keys know since when they are there", async () => {
  const before = Date.now();
  const { gatewayPrivateKey, versions } = await generateCredentials();
  expect(versions).toEqual([{ privateKey: gatewayPrivateKey, since: expect.any(Number) }]);
  expect(versions[0].since).toBeGreaterThanOrEqual(before);
  expect(versions[0].since).toBeLessThanOrEqual(Date.now());
});

describe("writeCredentials", () => {
  test("writes what a merchant's program needs, without the gateway's own key", async () => {
    const keys = await openCredentials(folder);
    const file = await writeCredentials(folder, { ...keys, baseUrl: "http://127.0.0.1:4010" });
    const { gatewayPrivateKey, versions: _, ...merchant } = keys;
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ ...merchant, baseUrl: "http://127.0.0.1:4010" });
    expect(await readFile(file, "utf8")).not.toContain(gatewayPrivateKey.slice(100, 150));
    expect(await modeOf(CREDENTIALS_FILE)).toBe("600");
    expect((await readdir(folder)).filter((name) => name.endsWith(".new"))).toEqual([]);
    expect(await openCredentials(folder)).toEqual(keys);
  });

  test("makes a file private that was left behind half-written and open to all", async () => {
    const keys = await openCredentials(folder);
    await writeFile(join(folder, `${CREDENTIALS_FILE}.new`), "half", { mode: 0o644 });
    await chmod(join(folder, `${CREDENTIALS_FILE}.new`), 0o644);
    await writeCredentials(folder, { ...keys, baseUrl: "x" });
    expect(await modeOf(CREDENTIALS_FILE)).toBe("600");
  });

  test("leaves nothing behind where it cannot put the file in its place", async () => {
    const keys = await generateCredentials();
    await mkdir(join(folder, CREDENTIALS_FILE, "in the way"), { recursive: true });
    await expect(writeCredentials(folder, { ...keys, baseUrl: "" })).rejects.toThrow();
    expect(await readdir(folder)).toEqual([CREDENTIALS_FILE]);
  });
});

describe("is refused with a sentence that says what to do, and shows nothing of a key", () => {
  // In more than one of its numbers: a key of which one is wrong still signs rightly, by way of the others.
  const damaged = (key: string) => key.replace(/(?<=^.{450}).{500}/, (part) => [...part].reverse().join(""));
  test.each<[string, object | string | undefined, string | undefined, RegExp]>([
    ["no credentials.json", undefined, OTHER_PKCS8, /credentials\.json is missing beside /],
    ["no gateway key", GOOD, undefined, /gateway-private-key\.pem is missing beside /],
    ["credentials.json cut off", JSON.stringify(GOOD).slice(0, 900), OTHER_PKCS8, /is not JSON/],
    ["credentials.json empty", "", OTHER_PKCS8, /is not JSON/],
    ["credentials.json that is null", "null", OTHER_PKCS8, /has no clientId/],
    ["credentials.json that is a key", JSON.stringify(PKCS8), OTHER_PKCS8, /has no clientId/],
    ["no clientId", { ...GOOD, clientId: undefined }, OTHER_PKCS8, /has no clientId/],
    ["an empty clientId", { ...GOOD, clientId: "" }, OTHER_PKCS8, /has no clientId/],
    [
      "a merchantPrivateKey that is no text",
      { ...GOOD, merchantPrivateKey: [PKCS8] },
      OTHER_PKCS8,
      /has no merchantPrivateKey/,
    ],
    ["no antomPublicKey", { ...GOOD, antomPublicKey: undefined }, OTHER_PKCS8, /has no antomPublicKey/],
    ["another gateway's key", GOOD, PKCS8, /antomPublicKey .*does not belong to gateway-private-key\.pem/],
    ["the merchant's own key as Antom's", { ...GOOD, antomPublicKey: SPKI }, OTHER_PKCS8, /does not belong to/],
    [
      "a damaged merchantPrivateKey",
      { ...GOOD, merchantPrivateKey: damaged(PKCS8) },
      OTHER_PKCS8,
      /merchantPrivateKey .*damaged/,
    ],
    ["a public key as merchantPrivateKey", { ...GOOD, merchantPrivateKey: SPKI }, OTHER_PKCS8, /is a public key/],
    ["a short merchantPrivateKey", { ...GOOD, merchantPrivateKey: SHORT_PKCS8 }, OTHER_PKCS8, /1024 bits/],
    [
      "a private key as antomPublicKey",
      { ...GOOD, antomPublicKey: OTHER_PKCS8 },
      OTHER_PKCS8,
      /antomPublicKey in credentials\.json is a private key/,
    ],
    ["a damaged gateway key", GOOD, damaged(OTHER_PKCS8), /gateway-private-key\.pem .*damaged/],
    ["an empty gateway key", GOOD, "", /gateway-private-key\.pem is empty/],
    ["a gateway key of another kind", GOOD, EC_PKCS8, /gateway-private-key\.pem/],
  ])("%s", async (_, credentials, gatewayKey, sentence) => {
    await leave(credentials, gatewayKey);
    const before = await contents();
    const error = await openCredentials(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AntomVaultError);
    expect(error).toMatchObject({ code: "CONFIGURATION_INVALID", message: expect.stringMatching(sentence) });
    expect(error).toMatchObject({ message: expect.stringContaining(folder) });
    expect(error).toMatchObject({ message: expect.stringMatching(/take another folder\.$/) });
    expectNothingOfKeys(error);
    // Never a new key over old data.
    expect(await contents()).toEqual(before);
  });

  test.each([
    [CREDENTIALS_FILE, 0o644],
    [CREDENTIALS_FILE, 0o640],
    [GATEWAY_KEY_FILE, 0o604],
    [GATEWAY_KEY_FILE, 0o660],
  ])("%s with the rights %o, with the command that mends it", async (file, mode) => {
    await leave(GOOD, OTHER_PKCS8);
    await chmod(join(folder, file), mode);
    const error = await openCredentials(folder).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(`chmod 600 ${join(folder, file)}`),
    });
    expectNothingOfKeys(error);
    await chmod(join(folder, file), 0o600);
    expect(await openCredentials(folder)).toMatchObject({ clientId: "SANDBOX_1" });
  });

  test("a file where the folder should be", async () => {
    await writeFile(folder, "x");
    await expect(openCredentials(folder)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(folder),
    });
  });

  test("a folder where a file should be", async () => {
    await leave(GOOD, undefined);
    await mkdir(join(folder, GATEWAY_KEY_FILE), { mode: 0o700 });
    await expect(openCredentials(folder)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(folder),
    });
  });

  test("a link that leads to itself", async () => {
    await leave(GOOD, undefined);
    await symlink(GATEWAY_KEY_FILE, join(folder, GATEWAY_KEY_FILE));
    await expect(openCredentials(folder)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(folder),
    });
  });

  async function contents(): Promise<Record<string, string>> {
    const names = await readdir(folder);
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")])),
    );
  }

  function expectNothingOfKeys(error: unknown): void {
    const told = inspect(error, { depth: 10, showHidden: true });
    for (const key of [PKCS8, OTHER_PKCS8, SHORT_PKCS8])
      for (let at = 40; at + 16 <= key.length; at += 16) expect(told).not.toContain(key.slice(at, at + 16));
  }
});

test("keys in the vendor's bare base64 serve as well as PEM", async () => {
  await leave(GOOD, OTHER_PKCS8);
  const keys = await openCredentials(folder);
  expect(keys).toMatchObject({ clientId: "SANDBOX_1", merchantPrivateKey: PKCS8, antomPublicKey: OTHER_SPKI });
  expect(keys.gatewayPrivateKey.replace(/-----[^-]*-----|\s/g, "")).toBe(OTHER_PKCS8);
});

describe("rotateCredentials", () => {
  const fileOf = (name: string) => readFile(join(folder, name), "utf8");
  const filesOf = () => Promise.all([CREDENTIALS_FILE, GATEWAY_KEY_FILE].map(fileOf));
  const told = async () => JSON.parse(await fileOf(CREDENTIALS_FILE)) as Record<string, string>;

  test("adds a key that signs, tells its public half, and keeps all the rest", async () => {
    const first = await openCredentials(folder);
    await writeCredentials(folder, { ...first, baseUrl: "http://127.0.0.1:4010" });
    const { versions, gatewayPrivateKey, antomPublicKey, ...merchant } = await rotateCredentials(folder);
    expect(versions).toEqual([...first.versions, { privateKey: gatewayPrivateKey, since: expect.any(Number) }]);
    const publicKey = await importPublicKey(antomPublicKey);
    expect(await isSameKey(publicKey, await derivePublicKey(gatewayPrivateKey))).toBe(true);
    expect(await isSameKey(publicKey, await importPublicKey(first.antomPublicKey))).toBe(false);
    expect(await told()).toEqual({ ...merchant, baseUrl: "http://127.0.0.1:4010", antomPublicKey });
    expect(await fileOf(GATEWAY_KEY_FILE)).toMatch(
      /^(?:since \S+Z\n-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n){2}$/,
    );
    expect((await readdir(folder)).sort()).toEqual([CREDENTIALS_FILE, GATEWAY_KEY_FILE]);
    expect([await modeOf(CREDENTIALS_FILE), await modeOf(GATEWAY_KEY_FILE)]).toEqual(["600", "600"]);
    expect(await openCredentials(folder)).toEqual({ ...merchant, antomPublicKey, gatewayPrivateKey, versions });
  });

  test("counts on with each", async () => {
    await openCredentials(folder);
    await rotateCredentials(folder);
    const { versions } = await rotateCredentials(folder);
    expect(new Set(versions.map(({ privateKey }) => privateKey)).size).toBe(3);
    const reopened = await openCredentials(folder);
    expect([reopened.versions, reopened.gatewayPrivateKey]).toEqual([versions, versions[2]?.privateKey]);
  });

  test("leaves the first key as it was read before, bare base64 too", async () => {
    await leave(GOOD, OTHER_PKCS8);
    const [before] = (await openCredentials(folder)).versions;
    expect((await rotateCredentials(folder)).versions[0]).toEqual(before);
    expect((await openCredentials(folder)).versions[0]).toEqual(before);
  });

  test("broken off between its two files, it is brought to its end at the next start", async () => {
    const first = await openCredentials(folder);
    await writeCredentials(folder, { ...first, baseUrl: "http://127.0.0.1:4010" });
    const before = await fileOf(CREDENTIALS_FILE);
    const next = await rotateCredentials(folder);
    await writeFile(join(folder, CREDENTIALS_FILE), before);
    expect(await openCredentials(folder)).toEqual(next);
    expect(await told()).toMatchObject({ antomPublicKey: next.antomPublicKey, baseUrl: "http://127.0.0.1:4010" });
    expect(await modeOf(CREDENTIALS_FILE)).toBe("600");
  });

  test("a key that the gateway never had is refused, whatever it has had", async () => {
    await openCredentials(folder);
    await rotateCredentials(folder);
    const before = await fileOf(CREDENTIALS_FILE);
    await writeFile(join(folder, CREDENTIALS_FILE), JSON.stringify({ ...JSON.parse(before), antomPublicKey: SPKI }));
    await expect(openCredentials(folder)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("does not belong to gateway-private-key.pem"),
    });
  });

  test.each([
    ["the key", GATEWAY_KEY_FILE],
    ["the credentials", CREDENTIALS_FILE],
  ])("where %s cannot be written, the gateway keeps the key that it has", async (_, file) => {
    const first = await openCredentials(folder);
    const [credentials] = await filesOf();
    await mkdir(join(folder, `${file}.new`, "in the way"), { recursive: true });
    await expect(rotateCredentials(folder)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringMatching(
        /^The keys in .+ cannot be used: .+ The gateway keeps the key that it has\. Mend this/,
      ),
    });
    await rm(join(folder, `${file}.new`), { recursive: true });
    expect(await fileOf(CREDENTIALS_FILE)).toBe(credentials);
    expect(await openCredentials(folder)).toEqual(first);
  });

  test("an address that is no text is left out", async () => {
    await leave({ ...GOOD, baseUrl: 5 }, OTHER_PKCS8);
    await rotateCredentials(folder);
    expect(await told()).toMatchObject({ baseUrl: "" });
  });

  test("a folder without keys gets none", async () => {
    await mkdir(folder);
    await expect(rotateCredentials(folder)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("credentials.json and gateway-private-key.pem are gone. The gateway keeps"),
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
