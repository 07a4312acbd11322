import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { fromBase64 } from "../protocol/base64.ts";
import { OTHER_SPKI, PKCS8, SPKI, VECTORS } from "../testing/messages/signature-vectors.ts";
import type { CryptoKey } from "./keys/crypto-key.ts";
import { importPrivateKey, importPublicKey } from "./keys/import-keys.ts";
import { sign, verify } from "./sign.ts";
import { type SignedMessage, stringToSign } from "./string-to-sign.ts";

const message = {
  path: "/ams/sandbox/api/v1/vaults/vaultPaymentMethod",
  clientId: "SANDBOX_5Y0000000000000000",
  time: "1685599933871",
  body: new TextEncoder().encode('{"name":"Zoë 王小明"}'),
};
const bytes = (base64: string) => fromBase64(base64) ?? new Uint8Array();

let privateKey: CryptoKey;
let publicKey: CryptoKey;
let signature: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  privateKey = await importPrivateKey(PKCS8);
  publicKey = await importPublicKey(SPKI);
  signature = bytes(await sign(message, privateKey));
});

describe("OpenSSL's signatures", () => {
  test.each(VECTORS)("$name", async ({ message: signed, signature: want }) => {
    expect(await sign(signed, privateKey)).toBe(want);
    expect(await verify(signed, bytes(want), publicKey)).toBe(true);
    const body = new TextEncoder().encode(signed.body);
    expect(await verify({ ...signed, body }, bytes(want), publicKey)).toBe(true);
  });
});

describe("sign and verify", () => {
  test("agree on any message", async () => {
    const text = fc.string({ unit: "binary" });
    const body = fc.oneof(text, fc.uint8Array({ maxLength: 2000 }));
    await fc.assert(
      fc.asyncProperty(fc.record({ method: text, path: text, clientId: text, time: text, body }), async (any) => {
        expect(await verify(any, bytes(await sign(any, privateKey)), publicKey)).toBe(true);
      }),
    );
  }, 30_000);

  test("another key's signature is refused", async () => {
    expect(await verify(message, signature, await importPublicKey(OTHER_SPKI))).toBe(false);
  });

  test("sign the message as it was when they were called", async () => {
    const body = new TextEncoder().encode("{}");
    const promise = sign({ ...message, body }, privateKey);
    body.fill(0);
    const signed = bytes(await promise);
    const copy = signed.slice();
    const check = verify({ ...message, body: "{}" }, copy, publicKey);
    copy.fill(0);
    expect(await check).toBe(true);
  });
});

describe("one bit flipped is refused", () => {
  test("in 10,000 places over body, path, client id, time and signature", async () => {
    const flips = fc.sample(
      fc.record({
        part: fc.constantFrom("body", "path", "clientId", "time", "signature"),
        at: fc.nat(),
        bit: fc.nat(7),
      }),
      10_000,
    );
    let accepted = 0;
    while (flips.length > 0) {
      const answers = flips.splice(0, 250).map(({ part, at, bit }) => {
        const changed = withFlip(part, at, bit);
        return verify(changed.message, changed.signature, publicKey);
      });
      accepted += (await Promise.all(answers)).filter(Boolean).length;
    }
    expect(accepted).toBe(0);
  }, 30_000);

  test("in every bit of a signature's first and last byte", async () => {
    for (const at of [0, 255])
      for (let bit = 0; bit < 8; bit += 1)
        expect(await verify(message, withFlip("signature", at, bit).signature, publicKey)).toBe(false);
  });

  function withFlip(part: "body" | "path" | "clientId" | "time" | "signature", at: number, bit: number) {
    if (part === "signature") return { message, signature: flip(signature, at, bit) };
    if (part === "body") return { message: { ...message, body: flip(message.body, at, bit) }, signature };
    const text = flip(new TextEncoder().encode(message[part]), at, bit % 7);
    return { message: { ...message, [part]: new TextDecoder().decode(text) }, signature };
  }

  function flip(given: Uint8Array, at: number, bit: number) {
    const copy = Uint8Array.from(given);
    const place = at % copy.length;
    copy[place] = (copy[place] ?? 0) ^ (1 << bit);
    return copy;
  }
});

describe("verify gives an answer", () => {
  test.each([0, 1, 255, 256, 257, 4096])("false for %i zero bytes", async (length) => {
    expect(await verify(message, new Uint8Array(length), publicKey)).toBe(false);
  });

  test("false for one byte less and one more", async () => {
    expect(await verify(message, signature.subarray(0, 255), publicKey)).toBe(false);
    expect(await verify(message, signature.subarray(1), publicKey)).toBe(false);
    expect(await verify(message, Uint8Array.of(...signature, 0), publicKey)).toBe(false);
    expect(await verify(message, Uint8Array.of(0, ...signature), publicKey)).toBe(false);
  });

  test("false for any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (any) => {
        expect(await verify(message, any, publicKey)).toBe(false);
      }),
    );
  });
});

describe("another scheme", () => {
  const schemes = [
    { name: "RSASSA-PKCS1-v1_5", hash: "SHA-1", saltLength: 0 },
    { name: "RSASSA-PKCS1-v1_5", hash: "SHA-512", saltLength: 0 },
    { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
  ];

  test.each(schemes)("a signature under $name with $hash is refused", async (scheme) => {
    const key = await crypto.subtle.importKey("pkcs8", bytes(PKCS8), scheme, false, ["sign"]);
    const other = new Uint8Array(await crypto.subtle.sign(scheme, key, stringToSign(message)));
    expect(await verify(message, other, publicKey)).toBe(false);
  });

  test.each(schemes)("a key for $name with $hash neither signs nor verifies", async (scheme) => {
    const signing = await crypto.subtle.importKey("pkcs8", bytes(PKCS8), scheme, false, ["sign"]);
    const verifying = await crypto.subtle.importKey("spki", bytes(SPKI), scheme, true, ["verify"]);
    const told = (name: string) => ({
      code: "KEY_INVALID",
      message: expect.stringMatching(`^${name} is a CryptoKey for`),
    });
    await expect(sign(message, signing)).rejects.toMatchObject(told("private key"));
    await expect(verify(message, signature, verifying)).rejects.toMatchObject(told("public key"));
  });
});

test("the format cannot tell a full stop in the client id from the one behind it", async () => {
  // Known and the vendor's: it is why the rooms that read headers check client ids and times for their form.
  const one: SignedMessage = { ...message, clientId: "a.b", time: "c" };
  const two: SignedMessage = { ...message, clientId: "a", time: "b.c" };
  expect(await sign(one, privateKey)).toBe(await sign(two, privateKey));
});
