import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase64 } from "./base64.ts";
import { readAllDer, readDer, writeDer } from "./der.ts";
import { publicHalf, readKeyDer, wrapPrivate, wrapPublic } from "./rsa-der.ts";
import { PKCS1, PKCS1_PUBLIC, PKCS8, SPKI } from "./vectors.fixture.ts";

const bytes = (base64: string) => fromBase64(base64) ?? new Uint8Array();
const of = (...octets: number[]) => Uint8Array.from(octets);

describe("readDer", () => {
  test.each([
    ["nothing", of(), "truncated"],
    ["a tag alone", of(0x30), "truncated"],
    ["a length alone", of(0x30, 0x82, 0x01), "truncated"],
    ["less than announced", of(0x04, 3, 1, 2), "truncated"],
    ["a huge length", of(0x04, 0x84, 0xff, 0xff, 0xff, 0xff), "truncated"],
    ["an indefinite length", of(0x30, 0x80, 0, 0), "malformed"],
    ["a length of five bytes", of(0x30, 0x85, 0, 0, 0, 0, 1), "malformed"],
    ["a long form for a short length", of(0x04, 0x81, 1, 0), "malformed"],
    ["a length with a leading zero", of(0x04, 0x82, 0, 0x80, ...new Uint8Array(128)), "malformed"],
    ["a tag of more bytes", of(0x1f, 0x81, 1, 0), "malformed"],
  ])("%s", (_name, given, want) => {
    expect(readDer(given)).toBe(want);
  });

  test("reads what writeDer writes", () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const content = new Uint8Array(length).fill(7);
      const written = writeDer(0x04, content);
      expect(readDer(written)).toEqual({ tag: 0x04, content, end: written.length });
      expect(readDer(written.subarray(0, -1))).toBe("truncated");
    }
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (any) => {
        const copy = Uint8Array.from(any);
        readAllDer(copy);
        expect(readKeyDer(copy).role).toMatch(/^(private|public|unfit)$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("readKeyDer", () => {
  test("unwraps to what OpenSSL writes as PKCS#1, and wraps back", () => {
    expect(readKeyDer(bytes(PKCS8))).toEqual({ role: "private", pkcs1: bytes(PKCS1) });
    expect(readKeyDer(bytes(SPKI))).toEqual({ role: "public", pkcs1: bytes(PKCS1_PUBLIC) });
    expect(wrapPrivate(bytes(PKCS1))).toEqual(bytes(PKCS8));
    expect(wrapPublic(bytes(PKCS1_PUBLIC))).toEqual(bytes(SPKI));
    expect(publicHalf(bytes(PKCS1))).toEqual(bytes(PKCS1_PUBLIC));
  });

  test("finds every cut", () => {
    for (const key of [PKCS8, PKCS1, SPKI, PKCS1_PUBLIC].map(bytes))
      for (let length = 2; length < key.length; length += 1)
        expect(readKeyDer(key.slice(0, length))).toEqual({
          role: "unfit",
          problem: "was cut off: its end is missing",
        });
  });

  test("never throws on a damaged key", () => {
    const octet = fc.nat(255);
    fc.assert(
      fc.property(fc.constantFrom(PKCS8, PKCS1, SPKI), fc.nat(80), octet, (key, at, value) => {
        const damaged = bytes(key);
        damaged[at] = value;
        expect(readKeyDer(damaged).role).toMatch(/^(private|public|unfit)$/);
      }),
      { numRuns: 2000 },
    );
  });
});
