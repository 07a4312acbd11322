import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase64 } from "../../protocol/base64.ts";
import { PKCS1, PKCS1_PUBLIC, PKCS8, SPKI } from "../../testing/messages/signature-vectors.ts";
import { readAllDer, readDer, writeDer } from "./der.ts";
import { extractPublicKey, parseKeyDer, wrapPrivateKey, wrapPublicKey } from "./rsa-der.ts";

const decodeBase64 = (base64: string) => fromBase64(base64) ?? new Uint8Array();
const octets = (...values: number[]) => Uint8Array.from(values);

describe("readDer", () => {
  test.each([
    ["empty input", octets(), "truncated"],
    ["a tag without a length", octets(0x30), "truncated"],
    ["an incomplete length", octets(0x30, 0x82, 0x01), "truncated"],
    ["a length beyond the end", octets(0x04, 3, 1, 2), "truncated"],
    ["a huge length", octets(0x04, 0x84, 0xff, 0xff, 0xff, 0xff), "truncated"],
    ["an indefinite length", octets(0x30, 0x80, 0, 0), "malformed"],
    ["a length of 5 bytes", octets(0x30, 0x85, 0, 0, 0, 0, 1), "malformed"],
    ["a long form for a short length", octets(0x04, 0x81, 1, 0), "malformed"],
    ["a length with a leading zero", octets(0x04, 0x82, 0, 0x80, ...new Uint8Array(128)), "malformed"],
    ["a multi-byte tag", octets(0x1f, 0x81, 1, 0), "malformed"],
    ["a multi-byte tag with a short length", octets(0x3f, 1, 0), "malformed"],
    ["a length that requires 5 bytes", octets(0x30, 0x85, 1, 0, 0, 0, 0), "malformed"],
    ["a long form for length 0", octets(0x04, 0x81, 0), "malformed"],
  ])("rejects %s", (_name, bytes, error) => {
    expect(readDer(bytes)).toBe(error);
  });

  test("reads the output of writeDer, and reports that it is truncated if its last byte is missing", () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const content = new Uint8Array(length).fill(7);
      const written = writeDer(0x04, content);
      expect(readDer(written)).toEqual({ tag: 0x04, content, end: written.length });
      expect(readDer(written.subarray(0, -1))).toBe("truncated");
    }
  });
});

test("readAllDer and parseKeyDer never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
      const copy = Uint8Array.from(input);
      readAllDer(copy);
      expect(parseKeyDer(copy).role).toMatch(/^(private|public|invalid)$/);
    }),
    { numRuns: 2000 },
  );
});

describe("parseKeyDer", () => {
  test("extracts the same PKCS#1 key as OpenSSL, and the wrap functions restore the envelope", () => {
    expect(parseKeyDer(decodeBase64(PKCS8))).toEqual({ role: "private", pkcs1: decodeBase64(PKCS1) });
    expect(parseKeyDer(decodeBase64(SPKI))).toEqual({ role: "public", pkcs1: decodeBase64(PKCS1_PUBLIC) });
    expect(wrapPrivateKey(decodeBase64(PKCS1))).toEqual(decodeBase64(PKCS8));
    expect(wrapPublicKey(decodeBase64(PKCS1_PUBLIC))).toEqual(decodeBase64(SPKI));
    expect(extractPublicKey(decodeBase64(PKCS1))).toEqual(decodeBase64(PKCS1_PUBLIC));
  });

  test("rejects a key truncated at any byte", () => {
    for (const key of [PKCS8, PKCS1, SPKI, PKCS1_PUBLIC].map(decodeBase64))
      for (let length = 2; length < key.length; length += 1)
        expect(parseKeyDer(key.slice(0, length))).toEqual({
          role: "invalid",
          problem: "is truncated: its end is missing",
        });
  });

  const createIntegers = (count: number) => Array.from({ length: count }, () => writeDer(0x02, octets(1)));
  const rsa = writeDer(0x30, writeDer(0x06, octets(0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1)), octets(5, 0));
  const wrapAsPkcs8 = (inner: Uint8Array, algorithm = rsa) =>
    writeDer(0x30, writeDer(0x02, octets(0)), algorithm, writeDer(0x04, inner));
  const wrapAsSpki = (inner: Uint8Array) => writeDer(0x30, rsa, writeDer(0x03, octets(0), inner));
  const privateKey = writeDer(0x30, ...createIntegers(9));

  test("unwraps a key and ignores attributes after it", () => {
    expect(parseKeyDer(wrapAsPkcs8(privateKey))).toEqual({ role: "private", pkcs1: privateKey });
    const attributes = [octets(0xa0, 0), octets(0x81, 0)];
    const der = writeDer(0x30, writeDer(0x02, octets(0)), rsa, writeDer(0x04, privateKey), ...attributes);
    expect(parseKeyDer(der)).toEqual({ role: "private", pkcs1: privateKey });
  });

  test.each([
    ["extra bytes after the key", wrapAsPkcs8(Uint8Array.of(...privateKey, 0))],
    ["a truncated key", wrapAsPkcs8(privateKey.slice(0, -1))],
    ["a set instead of a sequence", wrapAsPkcs8(writeDer(0x31, ...createIntegers(9)))],
    ["8 numbers", wrapAsPkcs8(writeDer(0x30, ...createIntegers(8)))],
    ["a public key in a private envelope", wrapAsPkcs8(writeDer(0x30, ...createIntegers(2)))],
    ["a private key in a public envelope", wrapAsSpki(privateKey)],
    ["an empty octet string", wrapAsPkcs8(octets())],
    ["an empty bit string", writeDer(0x30, rsa, writeDer(0x03))],
  ])("rejects an envelope that contains %s", (_, der) => {
    expect(parseKeyDer(der)).toEqual({ role: "invalid", problem: "is damaged: its envelope contains no RSA key" });
  });

  test.each([
    ["an algorithm without an identifier", wrapAsPkcs8(privateKey, writeDer(0x30))],
    ["a truncated algorithm", wrapAsPkcs8(privateKey, writeDer(0x30, octets(0x06, 9)))],
  ])("rejects %s as not RSA", (_, der) => {
    expect(parseKeyDer(der)).toEqual({ role: "invalid", problem: "is not an RSA key" });
  });

  test.each([
    ["an encrypted key with an extra value", [0x30, 0x04, 0x04]],
    ["an encrypted key after an extra value", [0x02, 0x30, 0x04, 0x04]],
    ["a certificate with an extra value", [0x30, 0x30, 0x03, 0x03]],
    ["a certificate after an extra value", [0x02, 0x30, 0x30, 0x03]],
    ["a PKCS#12 store with an extra value", [0x02, 0x30, 0x30, 0x30]],
    ["a PKCS#12 store after an extra value", [0x04, 0x02, 0x30, 0x30]],
    ["an EC key after an extra value", [0x04, 0x02, 0x04]],
    ["a mixed sequence", [0x04, 0x30, 0x04]],
  ])("does not identify %s, because only a complete match is reliable", (_, tags) => {
    const der = writeDer(0x30, ...tags.map((tag) => writeDer(tag)));
    expect(parseKeyDer(der)).toEqual({ role: "invalid", problem: "is not a key in a supported format" });
  });

  test("rejects an indefinite length", () => {
    expect(parseKeyDer(octets(0x30, 0x80, 0, 0))).toEqual({
      role: "invalid",
      problem: "is not a key in a supported format",
    });
  });

  test("never throws on a damaged key", () => {
    const octet = fc.nat(255);
    fc.assert(
      fc.property(fc.constantFrom(PKCS8, PKCS1, SPKI), fc.nat(80), octet, (key, at, value) => {
        const damaged = decodeBase64(key);
        damaged[at] = value;
        expect(parseKeyDer(damaged).role).toMatch(/^(private|public|invalid)$/);
      }),
      { numRuns: 2000 },
    );
  });
});
