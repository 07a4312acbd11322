import { createPrivateKey, createPublicKey, createSecretKey, generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase64, toBase64 } from "../../protocol/base64.ts";
import {
  CERTIFICATE,
  CERTIFICATE_REQUEST,
  EC_PKCS8,
  EC_SEC1,
  EC_SPKI,
  ED25519_PKCS8,
  ENCRYPTED_LEGACY_PEM,
  ENCRYPTED_PKCS8,
  OPENSSH,
  OPENSSH_PUBLIC,
  OTHER_PKCS8,
  OTHER_SPKI,
  PKCS1,
  PKCS1_PUBLIC,
  PKCS8,
  PKCS12,
  PSS_SPKI,
  SHORT_PKCS8,
  SHORT_SPKI,
  SPKI,
} from "../../testing/messages/signature-vectors.ts";
import { sign, verify } from "../sign.ts";
import type { CryptoKey } from "./crypto-key.ts";
import { readAllDer, writeDer } from "./der.ts";
import {
  derivePublicKey,
  exportPublicPem,
  generateKeyPair,
  importPrivateKey,
  importPublicKey,
  isSameKey,
} from "./import-keys.ts";

const decodeBase64 = (base64: string) => fromBase64(base64) ?? new Uint8Array();
const wrapLines = (base64: string) => base64.replace(/.{1,64}/g, "$&\n");
const formatPem = (label: string, base64: string) =>
  `-----BEGIN ${label}-----\n${wrapLines(base64)}-----END ${label}-----\n`;

const message = { path: "/payNotify", clientId: "5Y00", time: "1685599933871", body: "{}" };
const isKeyPair = async (privateKey: CryptoKey, publicKey: CryptoKey) =>
  verify(message, decodeBase64(await sign(message, privateKey)), publicKey);

const listEncodings = (label: string, base64: string): (readonly [string, string])[] => [
  ["PEM", formatPem(label, base64)],
  ["PEM with CRLF", formatPem(label, base64).replaceAll("\n", "\r\n")],
  ["PEM with the label RSA PRIVATE KEY", formatPem("RSA PRIVATE KEY", base64)],
  ["PEM with escaped LF", formatPem(label, base64).replaceAll("\n", "\\n")],
  ["PEM with escaped CRLF", formatPem(label, base64).replaceAll("\n", "\\r\\n")],
  ["PEM with doubly escaped LF", formatPem(label, base64).replaceAll("\n", "\\\\n")],
  ["base64 of a PEM", btoa(formatPem(label, base64))],
  ["base64 of a PEM on several lines", wrapLines(btoa(formatPem(label, base64)))],
  ["PEM on one line", formatPem(label, base64).replaceAll("\n", " ")],
  ["PEM without an end label", `-----BEGIN ${label}-----\n${wrapLines(base64)}`],
  ["PEM with text and a byte order mark before it", `\uFEFFBag Attributes\n${formatPem(label, base64)}`],
  ["base64", base64],
  ["base64 on several lines", wrapLines(base64)],
  ["base64 with spaces", ` ${wrapLines(base64).replaceAll("\n", " \t")} `],
  ["base64 without padding", base64.replace(/=+$/, "")],
];

describe("importPrivateKey accepts", () => {
  test.each([
    ...listEncodings("PRIVATE KEY", PKCS8).map(([encoding, key]) => [`PKCS#8, ${encoding}`, key] as const),
    ...listEncodings("RSA PRIVATE KEY", PKCS1).map(([encoding, key]) => [`PKCS#1, ${encoding}`, key] as const),
  ])("%s", async (_name, key) => {
    const privateKey = await importPrivateKey(key);
    expect(privateKey).toMatchObject({ type: "private", extractable: false, usages: ["sign"] });
    expect(await isKeyPair(privateKey, await importPublicKey(SPKI))).toBe(true);
    expect(await isSameKey(await derivePublicKey(key), await importPublicKey(SPKI))).toBe(true);
  });
});

describe("importPublicKey accepts", () => {
  test.each([
    ...listEncodings("PUBLIC KEY", SPKI).map(([encoding, key]) => [`SubjectPublicKeyInfo, ${encoding}`, key] as const),
    ...listEncodings("RSA PUBLIC KEY", PKCS1_PUBLIC).map(([encoding, key]) => [`PKCS#1, ${encoding}`, key] as const),
  ])("%s", async (_name, key) => {
    const publicKey = await importPublicKey(key);
    expect(publicKey).toMatchObject({ type: "public", extractable: true, usages: ["verify"] });
    expect(await isKeyPair(await importPrivateKey(PKCS8), publicKey)).toBe(true);
  });
});

describe("importPrivateKey and importPublicKey", () => {
  test.each([3072, 4096])("accept keys of %i bits", async (modulusLength) => {
    const pair = generateKeyPairSync("rsa", {
      modulusLength,
      publicKeyEncoding: { type: "pkcs1", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    const publicKey = await importPublicKey(pair.publicKey);
    expect(await isKeyPair(await importPrivateKey(pair.privateKey), publicKey)).toBe(true);
    expect(await isSameKey(publicKey, await derivePublicKey(pair.privateKey))).toBe(true);
  }, 60_000);
});

const REJECTED_AS_BOTH: readonly (readonly [string, string, RegExp])[] = [
  ["an empty string", "", /is empty/],
  ["whitespace", " \n ", /is empty/],
  ["an empty PEM", formatPem("PRIVATE KEY", ""), /is empty/],
  [
    "only the first line of a PEM",
    "-----BEGIN PRIVATE KEY-----",
    /contains only the first line of a PEM: put the whole value in quotation marks, or replace its line breaks with \\n\. Provide/,
  ],
  [
    "a PEM without its first line",
    formatPem("PRIVATE KEY", PKCS8).replace(/^.*\n/, ""),
    /has no BEGIN line: copy the whole PEM, including its first line\. Provide/,
  ],
  ["base64 of base64 of a PEM", btoa(btoa(formatPem("PRIVATE KEY", PKCS8))), /is not a key in a supported format/],
  [
    "a file name",
    "./keys/private.pem",
    /is not base64: remove quotation marks, and make sure that it contains the key, not a file name\. Provide/,
  ],
  ["the file name of an SSH key", "keys/ssh-rsa.pub", /is not base64/],
  ["base64 with an extra character", `${PKCS8.replace(/=*$/, "=")}x`, /is not base64/],
  ["base64 in quotation marks", `"${PKCS8}"`, /is not base64/],
  ["base64 of other data", toBase64(new TextEncoder().encode("just a password")), /not a key/],
  ["base64 of an empty sequence", toBase64(Uint8Array.of(0x30, 0)), /not a key/],
  ["a key without its last characters", PKCS8.slice(0, -4), /is truncated/],
  ["half a private key", PKCS8.slice(0, 801), /is truncated/],
  ["half a PEM", formatPem("PUBLIC KEY", SPKI).slice(0, 200), /is truncated/],
  ["a key with an extra byte", toBase64(Uint8Array.of(...decodeBase64(SPKI), 0)), /extra bytes at the end/],
  ["two PEM blocks", formatPem("PRIVATE KEY", PKCS8) + formatPem("PUBLIC KEY", SPKI), /more than one PEM block/],
  ["an encrypted key", formatPem("ENCRYPTED PRIVATE KEY", ENCRYPTED_PKCS8), /is an encrypted private key: decrypt it/],
  ["a key with legacy PEM encryption", ENCRYPTED_LEGACY_PEM, /is an encrypted private key: decrypt it/],
  ["a certificate", formatPem("CERTIFICATE", CERTIFICATE), /is a certificate .*extract its key with openssl x509/],
  ["a certificate request", CERTIFICATE_REQUEST, /certificate request: .*openssl req/],
  ["a PKCS#12 store", PKCS12, /is a PKCS#12 store/],
  ["an OpenSSH private key", formatPem("OPENSSH PRIVATE KEY", OPENSSH), /is an OpenSSH key: convert/],
  [
    "an OpenSSH public key",
    OPENSSH_PUBLIC,
    /is an OpenSSH key: convert a copy of it with .*\(private\) or .*\(public\)\. Provide/,
  ],
  ["an OpenSSH public key after whitespace", ` \n${OPENSSH_PUBLIC}`, /is an OpenSSH key: convert/],
  ["an EC key in PKCS#8", formatPem("PRIVATE KEY", EC_PKCS8), /is an elliptic-curve \(EC\) key/],
  ["an EC key in SEC 1", formatPem("EC PRIVATE KEY", EC_SEC1), /is an elliptic-curve \(EC\) key/],
  ["an EC public key", formatPem("PUBLIC KEY", EC_SPKI), /is an elliptic-curve \(EC\) key/],
  ["an Ed25519 key", ED25519_PKCS8, /is not an RSA key/],
  ["an RSA-PSS key", PSS_SPKI, /is an RSA-PSS key/],
];

const REJECTED_AS_PRIVATE: typeof REJECTED_AS_BOTH = [
  ...REJECTED_AS_BOTH,
  ["a public key", formatPem("PUBLIC KEY", SPKI), /is a public key, but must be a private key/],
  ["a public key in PKCS#1", PKCS1_PUBLIC, /is a public key, but must be a private key/],
  ["a key of 1024 bits", SHORT_PKCS8, /is an RSA key of only 1024 bits/],
];

const REJECTED_AS_PUBLIC: typeof REJECTED_AS_BOTH = [
  ...REJECTED_AS_BOTH,
  ["a private key", formatPem("PRIVATE KEY", PKCS8), /is a private key, but must be a public key/],
  ["a private key in PKCS#1", PKCS1, /is a private key, but must be a public key/],
  ["a key of 1024 bits", SHORT_SPKI, /is an RSA key of only 1024 bits/],
];

describe("importPrivateKey and derivePublicKey reject", () => {
  test.each(REJECTED_AS_PRIVATE)("%s", async (_name, key, problem) => {
    for (const read of [importPrivateKey, derivePublicKey]) {
      const error = await catchRejection(read(key, "merchantPrivateKey"));
      expect(error).toMatchObject({ code: "KEY_INVALID", message: expect.stringMatching(problem) });
      expect(error).toMatchObject({
        message: expect.stringMatching(
          /^merchantPrivateKey .*Provide an RSA private key of at least 2048 bits as .*, or as a CryptoKey for .* that can sign\.$/,
        ),
      });
      expectNoQuote(key, error);
    }
  });
});

describe("importPublicKey rejects", () => {
  test.each(REJECTED_AS_PUBLIC)("%s", async (_name, key, problem) => {
    const error = await catchRejection(importPublicKey(key, "antomPublicKey"));
    expect(error).toMatchObject({ code: "KEY_INVALID", message: expect.stringMatching(problem) });
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^antomPublicKey .*Provide an RSA public key of at least 2048 bits as .*, or as an extractable CryptoKey .* that can verify\.$/,
      ),
    });
    expectNoQuote(key, error);
  });
});

test("error messages name a key by its role if the caller passes no name", async () => {
  for (const [read, name] of [
    [importPrivateKey, "The private key"],
    [derivePublicKey, "The private key"],
    [importPublicKey, "The public key"],
  ] as const)
    expect(await catchRejection(read(""))).toMatchObject({
      message: expect.stringMatching(`^${name} is empty: check that the environment variable is set\\. Provide`),
    });
});

describe("a damaged private key", () => {
  test("is rejected if any of its numbers is altered", async () => {
    const [outer] = readAllDer(decodeBase64(PKCS1));
    const numbers = readAllDer(outer?.content ?? new Uint8Array());
    for (const altered of numbers.slice(1)) {
      const parts = numbers.map((number) => {
        const content = number.content.slice();
        if (number === altered) content[content.length - 2] = (content.at(-2) ?? 0) ^ 1;
        return writeDer(number.tag, content);
      });
      const key = writeDer(0x30, ...parts);
      for (const read of [importPrivateKey, derivePublicKey])
        expect(await catchRejection(read(key))).toMatchObject({ code: "KEY_INVALID" });
    }
  });

  test("is rejected or signs correctly, and is never quoted", async () => {
    const length = decodeBase64(PKCS8).length;
    let rejected = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(length - 1), fc.nat(7), async (index, bit) => {
        const damaged = decodeBase64(PKCS8);
        damaged[index] = (damaged[index] ?? 0) ^ (1 << bit);
        const key = toBase64(damaged);
        const imported = await importPrivateKey(key).catch((error: unknown) => {
          rejected += 1;
          expect(error).toMatchObject({ code: "KEY_INVALID" });
          expectNoQuote(key, error);
        });
        if (imported) expect(await isKeyPair(imported, await derivePublicKey(key))).toBe(true);
      }),
      { numRuns: 200 },
    );
    expect(rejected).toBeGreaterThan(20);
  }, 30_000);

  test("is rejected if its numbers are inconsistent or its modulus is even", async () => {
    // In PKCS#8, bytes 38 to 293 are the modulus of a 2048-bit key. A key with an even modulus cannot sign.
    for (const index of [100, 293]) {
      const damaged = decodeBase64(PKCS8);
      damaged[index] = (damaged[index] ?? 0) ^ 1;
      expect(await catchRejection(importPrivateKey(toBase64(damaged)))).toMatchObject({
        code: "KEY_INVALID",
        message: expect.stringMatching(/^The private key is damaged: its numbers do not form an RSA key\. Provide/),
      });
    }
  });
});

describe("importPrivateKey, importPublicKey, and derivePublicKey", () => {
  test("reject arbitrary text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), fc.base64String({ maxLength: 400 })), async (text) => {
        for (const read of [importPrivateKey, importPublicKey, derivePublicKey])
          expect(await catchRejection(read(text))).toMatchObject({ code: "KEY_INVALID" });
      }),
    );
  }, 30_000);

  test.each([1, {}, { type: 1 }])("reject the value %o", async (value) => {
    // JavaScript callers can pass any value.
    const key: unknown = value;
    for (const read of [importPrivateKey, importPublicKey, derivePublicKey])
      expect(await catchRejection(read(key as string))).toMatchObject({
        code: "KEY_INVALID",
        message: expect.stringMatching(/ is not a string, Uint8Array, KeyObject, or CryptoKey\. Provide/),
      });
  });
});

test.each([
  undefined,
  null,
])("importPrivateKey, importPublicKey, and derivePublicKey report that the key is %s", async (value) => {
  // JavaScript callers can pass any value.
  const key: unknown = value;
  for (const read of [importPrivateKey, importPublicKey, derivePublicKey])
    expect(await catchRejection(read(key as string, "antomPublicKey"))).toMatchObject({
      code: "KEY_INVALID",
      message: expect.stringMatching(
        `^antomPublicKey is ${value}: check that the environment variable is set\\. Provide`,
      ),
    });
});

describe("importPrivateKey and importPublicKey accept", () => {
  const encode = (value: string) => new TextEncoder().encode(value);
  test.each([
    ["the bytes of a PEM file", Buffer.from(formatPem("PRIVATE KEY", PKCS8)), encode(formatPem("PUBLIC KEY", SPKI))],
    ["the bytes of a base64 file", encode(PKCS1), Buffer.from(PKCS1_PUBLIC)],
    ["the bytes of a DER file", decodeBase64(PKCS8), Buffer.from(decodeBase64(SPKI))],
    [
      "a KeyObject",
      createPrivateKey(formatPem("PRIVATE KEY", PKCS8)),
      createPublicKey({ key: Buffer.from(decodeBase64(PKCS1_PUBLIC)), format: "der", type: "pkcs1" }),
    ],
  ])("%s", async (_, privateKey, publicKey) => {
    const imported = await importPublicKey(publicKey);
    expect(await isKeyPair(await importPrivateKey(privateKey), imported)).toBe(true);
    expect(await isSameKey(imported, await derivePublicKey(privateKey))).toBe(true);
  });
});

test("importPrivateKey rejects a KeyObject that is not a private RSA key", async () => {
  const rows = [
    [createSecretKey(decodeBase64(PKCS8)), /is a secret key/],
    [generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, /is an elliptic-curve/],
    [createPublicKey(formatPem("PUBLIC KEY", SPKI)), /is a public key/],
  ] as const;
  for (const [key, message] of rows)
    expect(await catchRejection(importPrivateKey(key))).toMatchObject({ message: expect.stringMatching(message) });
});

describe("importPublicKey and importPrivateKey reject", () => {
  const octets = (...values: number[]) => Uint8Array.from(values);
  const encodePublicKey = (modulus: Uint8Array, exponent: Uint8Array) =>
    writeDer(0x30, writeDer(0x02, modulus), writeDer(0x02, exponent));
  const createOddModulus = (bits: number) => octets(0, 0x80, ...new Uint8Array(bits / 8 - 2), 1);
  const exponent = /^The public key has an insecure public exponent: it must be odd and at least 65537\. Provide/;

  test.each([
    ["exponent 1", createOddModulus(2048), octets(1), exponent],
    ["exponent 3", createOddModulus(2048), octets(3), exponent],
    ["an even exponent", createOddModulus(2048), octets(1, 0, 2), exponent],
    ["an even modulus", createOddModulus(2048).with(256, 2), octets(1, 0, 1), /is damaged/],
    ["2040 bits", createOddModulus(2040), octets(1, 0, 1), /is an RSA key of only 2040 bits/],
    [
      "8200 bits",
      createOddModulus(8200),
      octets(1, 0, 1),
      /is an RSA key of 8200 bits, but at most 8192 are supported\. Provide/,
    ],
  ])("a public key with %s", async (_, modulus, e, message) => {
    const der = encodePublicKey(modulus, e);
    expect(await catchRejection(importPublicKey(der))).toMatchObject({ message: expect.stringMatching(message) });
  });

  test("a private KeyObject or CryptoKey, or a public CryptoKey, with exponent 3", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 });
    const scheme = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const keys = [privateKey, privateKey.toCryptoKey(scheme, false, ["sign"])];
    for (const key of keys)
      expect(await catchRejection(importPrivateKey(key))).toMatchObject({
        message: expect.stringMatching(/insecure public exponent/),
      });
    expect(await catchRejection(importPublicKey(publicKey.toCryptoKey(scheme, true, ["verify"])))).toMatchObject({
      message: expect.stringMatching(exponent),
    });
  });

  test("a public CryptoKey with an even modulus", async () => {
    const spki = decodeBase64(SPKI);
    // The modulus ends before the 5 bytes of the exponent.
    spki[spki.length - 6] = (spki.at(-6) ?? 0) ^ 1;
    const scheme = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("spki", spki, scheme, true, ["verify"]);
    expect(await catchRejection(importPublicKey(key))).toMatchObject({ message: expect.stringMatching(/is damaged/) });
  });
});

describe("a CryptoKey", () => {
  const scheme = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const importAs = (
    algorithm: { name: string; hash: string },
    extractable: boolean,
    usage: "sign" | "verify" | "encrypt",
    spki = SPKI,
  ) =>
    usage === "sign"
      ? crypto.subtle.importKey("pkcs8", decodeBase64(PKCS8), algorithm, extractable, [usage])
      : crypto.subtle.importKey("spki", decodeBase64(spki), algorithm, extractable, [usage]);

  test("that is valid is returned unchanged", async () => {
    const privateKey = await importAs(scheme, false, "sign");
    const publicKey = await importAs(scheme, true, "verify");
    expect(await importPrivateKey(privateKey)).toBe(privateKey);
    expect(await importPublicKey(publicKey)).toBe(publicKey);
    expect(await isSameKey(await derivePublicKey(await importAs(scheme, true, "sign")), publicKey)).toBe(true);
  });

  test("that is invalid is rejected with the reason", async () => {
    const rows: readonly (readonly [Promise<CryptoKey>, RegExp])[] = [
      [importPrivateKey(await importAs(scheme, true, "verify")), /is a public key, but must be a private key/],
      [importPublicKey(await importAs(scheme, false, "sign")), /is a private key, but must be a public key/],
      [importPrivateKey(await importAs({ ...scheme, hash: "SHA-1" }, true, "sign")), /is a CryptoKey for SHA-1/],
      [importPublicKey(await importAs({ ...scheme, name: "RSA-PSS" }, true, "verify")), /is a CryptoKey for RSA-PSS/],
      [
        importPublicKey(await importAs({ ...scheme, name: "RSA-OAEP" }, true, "encrypt")),
        /is a CryptoKey for RSA-OAEP/,
      ],
      [importPublicKey(await importAs(scheme, true, "verify", SHORT_SPKI)), /only 1024 bits/],
      [importPublicKey(await importAs(scheme, false, "verify")), /is a CryptoKey that is not extractable/],
      [derivePublicKey(await importAs(scheme, false, "sign")), /is a CryptoKey that is not extractable/],
      [importPublicKey(await crypto.subtle.importKey("spki", decodeBase64(SPKI), scheme, true, [])), /cannot verify/],
    ];
    for (const [imported, problem] of rows)
      expect(await catchRejection(imported)).toMatchObject({
        code: "KEY_INVALID",
        message: expect.stringMatching(problem),
      });
  });
});

describe("generateKeyPair", () => {
  test("generates a 2048-bit RSA key pair that is consistent in every format", async () => {
    const pair = await generateKeyPair();
    expect(pair.privateKey).toMatch(
      /^-----BEGIN PRIVATE KEY-----\n([A-Za-z0-9+/=]{1,64}\n)+-----END PRIVATE KEY-----\n$/,
    );
    expect(pair.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=]{1,64}\n)+-----END PUBLIC KEY-----\n$/);
    const publicKey = await importPublicKey(pair.publicKeyBase64);
    expect(publicKey.algorithm).toMatchObject({ modulusLength: 2048 });
    expect(await exportPublicPem(publicKey)).toBe(pair.publicKey);
    expect(await isKeyPair(await importPrivateKey(pair.privateKey), publicKey)).toBe(true);
    expect(await isKeyPair(await importPrivateKey(pair.privateKeyBase64), publicKey)).toBe(true);
    expect(await isSameKey(await derivePublicKey(pair.privateKey), await importPublicKey(pair.publicKey))).toBe(true);
  });
});

test("isSameKey compares public keys across formats", async () => {
  const publicKey = await derivePublicKey(PKCS8);
  expect(await isSameKey(publicKey, await importPublicKey(PKCS1_PUBLIC))).toBe(true);
  expect(await isSameKey(publicKey, await importPublicKey(OTHER_SPKI))).toBe(false);
  expect(await isSameKey(await derivePublicKey(OTHER_PKCS8), await importPublicKey(OTHER_SPKI))).toBe(true);
});

test("exportPublicPem writes the same PEM as OpenSSL, and exportPublicPem and isSameKey reject private keys", async () => {
  expect(await exportPublicPem(await importPublicKey(SPKI))).toBe(formatPem("PUBLIC KEY", SPKI));
  const privateKey = await importPrivateKey(PKCS8);
  for (const result of [exportPublicPem(privateKey), isSameKey(privateKey, await importPublicKey(SPKI))])
    await expect(result).rejects.toMatchObject({
      code: "KEY_INVALID",
      message: expect.stringMatching(/^The public key is a private key, but must be a public key/),
    });
});

const catchRejection = (imported: Promise<CryptoKey>): Promise<unknown> =>
  imported.then(
    () => "nothing was rejected",
    (error: unknown) => error,
  );

function expectNoQuote(key: string, error: unknown) {
  const seen = inspect(error, { depth: 10, showHidden: true });
  const base64 = key.replace(/-----[^-]*-----|\s/g, "");
  for (let index = 0; index + 12 <= base64.length; index += 1)
    expect(seen.includes(base64.slice(index, index + 12))).toBe(false);
}
