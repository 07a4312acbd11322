import { describe, expect, test } from "vitest";
import { findSignatureError, selectKey } from "./find-signature-error.ts";
import { importKeyring } from "./keyring.ts";
import { generateKeyPair, importPrivateKey, importPublicKey } from "./keys/import-keys.ts";
import { sign } from "./sign.ts";
import { formatSignatureHeader } from "./signature-header.ts";

const [old, current, other] = await Promise.all([generateKeyPair(), generateKeyPair(), generateKeyPair()]);
const message = { path: "/p", clientId: "c", time: "1685599933871", body: "{}" };
const createHeader = async (privateKey: string, keyVersion: string | undefined) => {
  const header = formatSignatureHeader(await sign(message, await importPrivateKey(privateKey)), keyVersion ?? 1);
  return keyVersion === undefined ? header.replace("keyVersion=1,", "") : header;
};

describe("a keyring with one key", () => {
  test("uses the key for every version", async () => {
    const keyring = await importKeyring(current.publicKey, "antomPublicKey");
    for (const version of [undefined, "1", "7"]) {
      expect(
        await findSignatureError(keyring, message, await createHeader(current.privateKey, version)),
      ).toBeUndefined();
    }
    expect(await findSignatureError(keyring, message, await createHeader(other.privateKey, "1"))).toMatch(
      /does not match/,
    );
  });

  test("uses a CryptoKey unchanged", async () => {
    const key = await importPublicKey(current.publicKey);
    const { keys, select } = await importKeyring(key, "antomPublicKey");
    expect([keys.length, keys[0] === key, select("7") === key]).toEqual([1, true, true]);
  });
});

/** Creates a keyring with two key versions, of which the second is newer. */
const importTwoKeys = () => importKeyring({ 1: old.publicKey, 12: current.publicKey }, "antomPublicKey");

describe("findSignatureError and selectKey", () => {
  test.each([
    [null, "The Signature header is missing or contains no signature."],
    [
      "algorithm=none,signature=AAAA",
      "The Signature header must contain algorithm=RSA256, the only supported algorithm.",
    ],
  ])("return why the header %j is invalid", async (header, reason) => {
    const keyring = await importTwoKeys();
    expect(selectKey(keyring, header)).toBe(reason);
    expect(await findSignatureError(keyring, message, header)).toBe(reason);
  });
});

describe("a keyring with key versions", () => {
  test("selects the key of the header's version, or the newest key if the header has no version", async () => {
    const keyring = await importTwoKeys();
    const findError = async (privateKey: string, version: string | undefined) =>
      findSignatureError(keyring, message, await createHeader(privateKey, version));
    expect(keyring.keys).toHaveLength(2);
    expect(await findError(old.privateKey, "1")).toBeUndefined();
    expect(await findError(old.privateKey, "01")).toBeUndefined();
    expect(await findError(current.privateKey, "12")).toBeUndefined();
    expect(await findError(current.privateKey, undefined)).toBeUndefined();
    expect(await findError(old.privateKey, "12")).toMatch(/does not match/);
    expect(await findError(old.privateKey, undefined)).toMatch(/does not match/);
  });

  test.each(["0", "2", "999999999"])("has no key for version %s, and does not quote the version", async (version) => {
    const error = await findSignatureError(
      await importTwoKeys(),
      message,
      await createHeader(current.privateKey, version),
    );
    expect(error).toBe("No key is configured for the key version in the Signature header.");
  });
});

describe("importKeyring", () => {
  test.each([
    ["no key", {}, "antomPublicKey contains no key."],
    ["a word as a version", { latest: current.publicKey }, "antomPublicKey must use key versions"],
    [
      "a version with a letter before it",
      { v1: current.publicKey },
      "must use key versions (1 to 9 digits) as property names.",
    ],
    ["a version with letters after it", { "1st": current.publicKey }, "antomPublicKey must use key versions"],
    ["a version of 10 digits", { 1234567890: current.publicKey }, "antomPublicKey must use key versions"],
    ["a private key", { 1: current.privateKey }, "antomPublicKey[1]"],
  ])("rejects %s", async (_, input, text) => {
    const imported = importKeyring(input, "antomPublicKey");
    await expect(imported).rejects.toMatchObject({ code: "KEY_INVALID", message: expect.stringContaining(text) });
  });
});
