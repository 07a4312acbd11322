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

let directory: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), "antom-vault-")), "data");
});
afterEach(() => rm(join(directory, ".."), { recursive: true }));

const readMode = async (...path: readonly string[]) =>
  ((await stat(join(directory, ...path))).mode & 0o777).toString(8);

/** Writes the two key files. Skips a file if its content is `undefined`. */
async function writeFiles(credentials: object | string | undefined, gatewayKey: string | undefined): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const text = typeof credentials === "object" ? JSON.stringify(credentials) : credentials;
  if (text !== undefined) await writeFile(join(directory, CREDENTIALS_FILE), text, { mode: 0o600 });
  if (gatewayKey !== undefined) await writeFile(join(directory, GATEWAY_KEY_FILE), gatewayKey, { mode: 0o600 });
}

const GOOD = { baseUrl: "", clientId: "SANDBOX_1", merchantPrivateKey: PKCS8, antomPublicKey: OTHER_SPKI };

describe("openCredentials in a new directory", () => {
  test("creates both files, readable only by their owner, and nothing else", async () => {
    await openCredentials(directory);
    expect((await readdir(directory)).sort()).toEqual([CREDENTIALS_FILE, GATEWAY_KEY_FILE]);
    expect([await readMode(), await readMode(CREDENTIALS_FILE), await readMode(GATEWAY_KEY_FILE)]).toEqual([
      "700",
      "600",
      "600",
    ]);
  });

  test("creates keys that match", async () => {
    const keys = await openCredentials(directory);
    expect(JSON.parse(await readFile(join(directory, CREDENTIALS_FILE), "utf8"))).toMatchObject({ baseUrl: "" });
    expect(keys.clientId).toMatch(/^SANDBOX_\w+$/);
    const gateway = await derivePublicKey(keys.gatewayPrivateKey);
    expect(await isSameKey(gateway, await importPublicKey(keys.antomPublicKey))).toBe(true);
    expect(await isSameKey(gateway, await derivePublicKey(keys.merchantPrivateKey))).toBe(false);
  });

  test("returns the same keys when it is called again", async () => {
    const first = await openCredentials(directory);
    expect(await openCredentials(directory)).toEqual(first);
  });

  test("creates missing parent directories", async () => {
    directory = join(directory, "a", "b");
    await openCredentials(directory);
    expect(await readMode()).toBe("700");
    directory = join(directory, "..", "..");
  });
});

test("generateCredentials records the creation time of the key", async () => {
  const before = Date.now();
  const { gatewayPrivateKey, versions } = await generateCredentials();
  expect(versions).toEqual([{ privateKey: gatewayPrivateKey, createdAt: expect.any(Number) }]);
  expect(versions[0].createdAt).toBeGreaterThanOrEqual(before);
  expect(versions[0].createdAt).toBeLessThanOrEqual(Date.now());
});

describe("writeCredentials", () => {
  test("writes the merchant's credentials without the gateway's private key", async () => {
    const keys = await openCredentials(directory);
    const file = await writeCredentials(directory, { ...keys, baseUrl: "http://127.0.0.1:4010" });
    const { gatewayPrivateKey, versions: _, ...merchant } = keys;
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ ...merchant, baseUrl: "http://127.0.0.1:4010" });
    expect(await readFile(file, "utf8")).not.toContain(gatewayPrivateKey.slice(100, 150));
    expect(await readMode(CREDENTIALS_FILE)).toBe("600");
    expect((await readdir(directory)).filter((name) => name.endsWith(".new"))).toEqual([]);
    expect(await openCredentials(directory)).toEqual(keys);
  });

  test("keeps the file private despite a leftover temporary file that other users can read", async () => {
    const keys = await openCredentials(directory);
    await writeFile(join(directory, `${CREDENTIALS_FILE}.new`), "half", { mode: 0o644 });
    await chmod(join(directory, `${CREDENTIALS_FILE}.new`), 0o644);
    await writeCredentials(directory, { ...keys, baseUrl: "x" });
    expect(await readMode(CREDENTIALS_FILE)).toBe("600");
  });

  test("removes the temporary file if renaming fails", async () => {
    const keys = await generateCredentials();
    await mkdir(join(directory, CREDENTIALS_FILE, "in the way"), { recursive: true });
    await expect(writeCredentials(directory, { ...keys, baseUrl: "" })).rejects.toThrow();
    expect(await readdir(directory)).toEqual([CREDENTIALS_FILE]);
  });
});

describe("openCredentials", () => {
  // Damages several parameters of the key, because a key with one invalid parameter can still sign.
  const damage = (key: string) => key.replace(/(?<=^.{450}).{500}/, (part) => [...part].reverse().join(""));
  test.each<[string, object | string | undefined, string | undefined, RegExp]>([
    ["a missing credentials.json", undefined, OTHER_PKCS8, /credentials\.json is missing, but gateway/],
    ["a missing gateway key", GOOD, undefined, /gateway-private-key\.pem is missing, but credentials/],
    ["a truncated credentials.json", JSON.stringify(GOOD).slice(0, 900), OTHER_PKCS8, /is not JSON/],
    ["an empty credentials.json", "", OTHER_PKCS8, /is not JSON/],
    ["a credentials.json that contains only null", "null", OTHER_PKCS8, /has no clientId/],
    ["a credentials.json that contains only a key", JSON.stringify(PKCS8), OTHER_PKCS8, /has no clientId/],
    ["a missing clientId", { ...GOOD, clientId: undefined }, OTHER_PKCS8, /has no clientId/],
    ["an empty clientId", { ...GOOD, clientId: "" }, OTHER_PKCS8, /has no clientId/],
    [
      "a merchantPrivateKey that is not a string",
      { ...GOOD, merchantPrivateKey: [PKCS8] },
      OTHER_PKCS8,
      /has no merchantPrivateKey/,
    ],
    ["a missing antomPublicKey", { ...GOOD, antomPublicKey: undefined }, OTHER_PKCS8, /has no antomPublicKey/],
    ["a different gateway's key", GOOD, PKCS8, /antomPublicKey .*does not match gateway-private-key\.pem/],
    ["the merchant's public key as antomPublicKey", { ...GOOD, antomPublicKey: SPKI }, OTHER_PKCS8, /does not match/],
    [
      "a damaged merchantPrivateKey",
      { ...GOOD, merchantPrivateKey: damage(PKCS8) },
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
    ["a damaged gateway key", GOOD, damage(OTHER_PKCS8), /gateway-private-key\.pem .*damaged/],
    ["an empty gateway key", GOOD, "", /gateway-private-key\.pem is empty/],
    ["a gateway key for a different algorithm", GOOD, EC_PKCS8, /gateway-private-key\.pem/],
  ])("rejects %s with advice, and reveals no key material", async (_, credentials, gatewayKey, message) => {
    await writeFiles(credentials, gatewayKey);
    const before = await readContents();
    const error = await openCredentials(directory).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AntomVaultError);
    expect(error).toMatchObject({ code: "CONFIGURATION_INVALID", message: expect.stringMatching(message) });
    expect(error).toMatchObject({ message: expect.stringContaining(directory) });
    expect(error).toMatchObject({ message: expect.stringMatching(/use a different directory\.$/) });
    expectNoKeyMaterial(error);
    expect(await readContents()).toEqual(before);
  });

  test.each([
    [CREDENTIALS_FILE, "644"],
    [CREDENTIALS_FILE, "640"],
    [GATEWAY_KEY_FILE, "604"],
    [GATEWAY_KEY_FILE, "660"],
  ])("rejects %s with mode %s and shows the command that fixes the mode", async (file, mode) => {
    await writeFiles(GOOD, OTHER_PKCS8);
    await chmod(join(directory, file), mode);
    const error = await openCredentials(directory).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(`chmod 600 ${join(directory, file)}`),
    });
    expectNoKeyMaterial(error);
    await chmod(join(directory, file), 0o600);
    expect(await openCredentials(directory)).toMatchObject({ clientId: "SANDBOX_1" });
  });

  test("rejects a data directory that is a file", async () => {
    await writeFile(directory, "x");
    await expect(openCredentials(directory)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(directory),
    });
  });

  test("rejects a key file that is a directory", async () => {
    await writeFiles(GOOD, undefined);
    await mkdir(join(directory, GATEWAY_KEY_FILE), { mode: 0o700 });
    await expect(openCredentials(directory)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(directory),
    });
  });

  test("rejects a key file that is a symbolic link to itself", async () => {
    await writeFiles(GOOD, undefined);
    await symlink(GATEWAY_KEY_FILE, join(directory, GATEWAY_KEY_FILE));
    await expect(openCredentials(directory)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(directory),
    });
  });

  async function readContents(): Promise<Record<string, string>> {
    const names = await readdir(directory);
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), "utf8")])),
    );
  }

  function expectNoKeyMaterial(error: unknown): void {
    const inspected = inspect(error, { depth: 10, showHidden: true });
    for (const key of [PKCS8, OTHER_PKCS8, SHORT_PKCS8])
      for (let index = 40; index + 16 <= key.length; index += 16)
        expect(inspected).not.toContain(key.slice(index, index + 16));
  }
});

test("openCredentials accepts keys in bare base64, as Antom shows them", async () => {
  await writeFiles(GOOD, OTHER_PKCS8);
  const keys = await openCredentials(directory);
  expect(keys).toMatchObject({ clientId: "SANDBOX_1", merchantPrivateKey: PKCS8, antomPublicKey: OTHER_SPKI });
  expect(keys.gatewayPrivateKey.replace(/-----[^-]*-----|\s/g, "")).toBe(OTHER_PKCS8);
});

describe("rotateCredentials", () => {
  const read = (name: string) => readFile(join(directory, name), "utf8");
  const readCredentials = async () => JSON.parse(await read(CREDENTIALS_FILE)) as Record<string, string>;

  test("adds a signing key, writes its public key, and keeps everything else", async () => {
    const first = await openCredentials(directory);
    await writeCredentials(directory, { ...first, baseUrl: "http://127.0.0.1:4010" });
    const { versions, gatewayPrivateKey, antomPublicKey, ...merchant } = await rotateCredentials(directory);
    expect(versions).toEqual([...first.versions, { privateKey: gatewayPrivateKey, createdAt: expect.any(Number) }]);
    const publicKey = await importPublicKey(antomPublicKey);
    expect(await isSameKey(publicKey, await derivePublicKey(gatewayPrivateKey))).toBe(true);
    expect(await isSameKey(publicKey, await importPublicKey(first.antomPublicKey))).toBe(false);
    expect(await readCredentials()).toEqual({ ...merchant, baseUrl: "http://127.0.0.1:4010", antomPublicKey });
    expect(await read(GATEWAY_KEY_FILE)).toMatch(
      /^(?:since \S+Z\n-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n){2}$/,
    );
    expect((await readdir(directory)).sort()).toEqual([CREDENTIALS_FILE, GATEWAY_KEY_FILE]);
    expect([await readMode(CREDENTIALS_FILE), await readMode(GATEWAY_KEY_FILE)]).toEqual(["600", "600"]);
    expect(await openCredentials(directory)).toEqual({ ...merchant, antomPublicKey, gatewayPrivateKey, versions });
  });

  test("adds a version each time it is called", async () => {
    await openCredentials(directory);
    await rotateCredentials(directory);
    const { versions } = await rotateCredentials(directory);
    expect(new Set(versions.map(({ privateKey }) => privateKey)).size).toBe(3);
    const reopened = await openCredentials(directory);
    expect([reopened.versions, reopened.gatewayPrivateKey]).toEqual([versions, versions[2]?.privateKey]);
  });

  test("keeps the first key, even if it was stored as bare base64", async () => {
    await writeFiles(GOOD, OTHER_PKCS8);
    const [before] = (await openCredentials(directory)).versions;
    expect((await rotateCredentials(directory)).versions[0]).toEqual(before);
    expect((await openCredentials(directory)).versions[0]).toEqual(before);
  });

  test("lets openCredentials complete a rotation that was interrupted between the two writes", async () => {
    const first = await openCredentials(directory);
    await writeCredentials(directory, { ...first, baseUrl: "http://127.0.0.1:4010" });
    const before = await read(CREDENTIALS_FILE);
    const next = await rotateCredentials(directory);
    await writeFile(join(directory, CREDENTIALS_FILE), before);
    expect(await openCredentials(directory)).toEqual(next);
    expect(await readCredentials()).toMatchObject({
      antomPublicKey: next.antomPublicKey,
      baseUrl: "http://127.0.0.1:4010",
    });
    expect(await readMode(CREDENTIALS_FILE)).toBe("600");
  });

  test("does not make openCredentials accept a key that the gateway never had", async () => {
    await openCredentials(directory);
    await rotateCredentials(directory);
    const before = await read(CREDENTIALS_FILE);
    await writeFile(join(directory, CREDENTIALS_FILE), JSON.stringify({ ...JSON.parse(before), antomPublicKey: SPKI }));
    await expect(openCredentials(directory)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("does not match gateway-private-key.pem"),
    });
  });

  test.each([
    ["the key file", GATEWAY_KEY_FILE],
    ["credentials.json", CREDENTIALS_FILE],
  ])("keeps the current key if %s cannot be written", async (_, file) => {
    const first = await openCredentials(directory);
    const credentials = await read(CREDENTIALS_FILE);
    await mkdir(join(directory, `${file}.new`, "in the way"), { recursive: true });
    await expect(rotateCredentials(directory)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringMatching(
        /^Cannot use the keys in .+: .+ The gateway keeps its current key\. Fix this problem/,
      ),
    });
    await rm(join(directory, `${file}.new`), { recursive: true });
    expect(await read(CREDENTIALS_FILE)).toBe(credentials);
    expect(await openCredentials(directory)).toEqual(first);
  });

  test("writes an empty baseUrl if the stored baseUrl is not a string", async () => {
    await writeFiles({ ...GOOD, baseUrl: 5 }, OTHER_PKCS8);
    await rotateCredentials(directory);
    expect(await readCredentials()).toMatchObject({ baseUrl: "" });
  });

  test("creates no keys in a directory without keys", async () => {
    await mkdir(directory);
    await expect(rotateCredentials(directory)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("credentials.json and gateway-private-key.pem are missing. The gateway keeps"),
    });
    expect(await readdir(directory)).toEqual([]);
  });
});
