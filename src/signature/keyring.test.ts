import { describe, expect, test } from "vitest";
import { findSignatureError, importKeyring, selectKey } from "./keyring.ts";
import { generateKeyPair, importPrivateKey, importPublicKey } from "./keys/import-keys.ts";
import { sign } from "./sign.ts";
import { formatSignatureHeader } from "./signature-header.ts";

const [old, current, other] = await Promise.all([generateKeyPair(), generateKeyPair(), generateKeyPair()]);
const message = { path: "/p", clientId: "c", time: "1685599933871", body: "{}" };
const signed = async (privateKey: string, keyVersion: string | undefined) => {
  const header = formatSignatureHeader(await sign(message, await importPrivateKey(privateKey)), keyVersion ?? 1);
  return keyVersion === undefined ? header.replace("keyVersion=1,", "") : header;
};

describe("one key", () => {
  test("stands for whatever version a header names", async () => {
    const keyring = await importKeyring(current.publicKey, "antomPublicKey");
    for (const version of [undefined, "1", "7"]) {
      expect(await findSignatureError(keyring, message, await signed(current.privateKey, version))).toBeUndefined();
    }
    expect(await findSignatureError(keyring, message, await signed(other.privateKey, "1"))).toMatch(/does not fit/);
  });

  test("may be a CryptoKey, which stands in the ring as it is", async () => {
    const key = await importPublicKey(current.publicKey);
    const { keys, select } = await importKeyring(key, "antomPublicKey");
    expect([keys.length, keys[0] === key, select("7") === key]).toEqual([1, true, true]);
  });
});

/** Two versions, of which the second is the newest. */
const twoKeys = () => importKeyring({ 1: old.publicKey, 12: current.publicKey }, "antomPublicKey");

describe("a header without a signature that can be read", () => {
  test.each([
    [null, "The Signature header is missing, or holds no signature."],
    ["algorithm=none,signature=AAAA", "The Signature header must say algorithm=RSA256, the only algorithm there is."],
  ])("%j says why", async (header, told) => {
    const keyring = await twoKeys();
    expect(selectKey(keyring, header)).toBe(told);
    expect(await findSignatureError(keyring, message, header)).toBe(told);
  });
});

describe("keys by version", () => {
  test("each version has its own, and none means the newest", async () => {
    const keyring = await twoKeys();
    expect(keyring.keys).toHaveLength(2);
    expect(await findSignatureError(keyring, message, await signed(old.privateKey, "1"))).toBeUndefined();
    expect(await findSignatureError(keyring, message, await signed(old.privateKey, "01"))).toBeUndefined();
    expect(await findSignatureError(keyring, message, await signed(current.privateKey, "12"))).toBeUndefined();
    expect(await findSignatureError(keyring, message, await signed(current.privateKey, undefined))).toBeUndefined();
    expect(await findSignatureError(keyring, message, await signed(old.privateKey, "12"))).toMatch(/does not fit/);
    expect(await findSignatureError(keyring, message, await signed(old.privateKey, undefined))).toMatch(/does not fit/);
  });

  test.each(["0", "2", "999999999"])("version %s has none, which is said without quoting it", async (version) => {
    const fault = await findSignatureError(await twoKeys(), message, await signed(current.privateKey, version));
    expect(fault).toBe("The Signature header names a key version for which there is no key.");
  });
});

describe("what is no keyring", () => {
  test.each([
    ["no key at all", {}, "antomPublicKey holds no key."],
    ["a version that is a word", { latest: current.publicKey }, "antomPublicKey must be named by key versions"],
    [
      "a version with a word before it",
      { v1: current.publicKey },
      "must be named by key versions, which are whole numbers.",
    ],
    ["a version with a word behind it", { "1st": current.publicKey }, "must be named by key versions"],
    ["a version of ten digits", { 1234567890: current.publicKey }, "must be named by key versions"],
    ["a private key", { 1: current.privateKey }, "antomPublicKey[1]"],
  ])("%s is refused", async (_, input, told) => {
    const refused = importKeyring(input, "antomPublicKey");
    await expect(refused).rejects.toMatchObject({ code: "KEY_INVALID", message: expect.stringContaining(told) });
  });
});
