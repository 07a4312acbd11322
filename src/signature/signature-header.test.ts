import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toBase64 } from "../protocol/base64.ts";
import { formatSignatureHeader, isInvalidHeader, parseSignatureHeader } from "./signature-header.ts";

const lowercaseHex = (value: string) => value.replace(/%../g, (octet) => octet.toLowerCase());
const createHeader = (signature: string) => `algorithm=RSA256,keyVersion=1,signature=${signature}`;
const findReason = (value: string | null | undefined) => {
  const header = parseSignatureHeader(value);
  return isInvalidHeader(header) ? header.reason : undefined;
};

// In base64, these bytes use all three characters that must be percent-encoded.
const BYTES = Uint8Array.of(0xfb, 0xef, 0xfe, 0);
const RAW = "++/+AA==";
const UPPER = "%2B%2B%2F%2BAA%3D%3D";

describe("formatSignatureHeader", () => {
  test("percent-encodes the signature", () => {
    expect(formatSignatureHeader(RAW, 1)).toBe(createHeader(UPPER));
    expect(formatSignatureHeader("AAAA", "12")).toBe("algorithm=RSA256,keyVersion=12,signature=AAAA");
  });

  test.each([
    -1,
    1e9,
    1e21,
    1.5,
    Number.NaN,
    "",
    " 1",
    "1,x=y",
    "1\r\nx",
    "__proto__",
  ])("rejects the key version %j", (version) => {
    expect(() => formatSignatureHeader(RAW, version)).toThrow(
      expect.objectContaining({
        code: "CONFIGURATION_INVALID",
        message: expect.stringMatching(/^The key version must be/),
      }),
    );
  });
});

describe("parseSignatureHeader accepts", () => {
  test.each([
    ["raw base64", createHeader(RAW), "1"],
    ["uppercase hex digits", createHeader(UPPER), "1"],
    ["lowercase hex digits", createHeader(lowercaseHex(UPPER)), "1"],
    ["spaces and tabs around commas", ` algorithm=RSA256 ,\tkeyVersion=1 , signature=${RAW} `, "1"],
    ["a different order", `signature=${UPPER},keyVersion=007,algorithm=RSA256`, "007"],
    ["names in a different case", `ALGORITHM=rsa256,keyversion=999999999,Signature=${UPPER}`, "999999999"],
    ["no key version", `algorithm=RSA256,signature=${UPPER}`, undefined],
  ])("%s", (_name, value, keyVersion) => {
    expect(parseSignatureHeader(value)).toEqual({ keyVersion, signature: BYTES });
  });

  test("the output of formatSignatureHeader, even with lowercase hex digits, without percent-encoding, or with spaces around commas", () => {
    const version = fc.integer({ min: 0, max: 999_999_999 });
    const space = fc.constantFrom("", " ", "\t", "  ");
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 512 }), version, space, (bytes, keyVersion, around) => {
        const value = formatSignatureHeader(toBase64(bytes), keyVersion);
        for (const encoded of [value, lowercaseHex(value), decodeURIComponent(value)])
          expect(parseSignatureHeader(encoded.replaceAll(",", `${around},${around}`))).toEqual({
            keyVersion: String(keyVersion),
            signature: Uint8Array.from(bytes),
          });
      }),
    );
  });
});

describe("parseSignatureHeader rejects", () => {
  const cases: Record<string, readonly (readonly [string, string | null | undefined])[]> = {
    missing: [
      ["undefined", undefined],
      ["null", null],
      ["an empty header", ""],
      ["only whitespace", " \t "],
      ["an empty signature", createHeader("")],
    ],
    duplicate: [
      ["a header that was sent twice", `${createHeader(UPPER)}, ${createHeader("AAAA")}`],
      ["a header that was sent twice with the same value", `${createHeader(UPPER)}, ${createHeader(UPPER)}`],
      ["two signatures", `${createHeader(UPPER)},signature=AAAA`],
      ["a name that is repeated in uppercase", `${createHeader(UPPER)},KEYVERSION=2`],
    ],
    malformed: [
      ["an unknown field", `${createHeader(UPPER)},nonce=1`],
      ["the name __proto__", `${createHeader(UPPER)},__proto__=1`],
      ["a header without an equals sign", "RSA256"],
      ["a header without a signature", "algorithm=RSA256,keyVersion=1"],
      ["a trailing comma", `${createHeader(UPPER)},`],
      ["semicolons instead of commas", createHeader(UPPER).replaceAll(",", ";")],
      ["a space before the equals sign", `algorithm =RSA256,signature=${UPPER}`],
      ["a Kelvin sign instead of a k", `algorithm=RSA256,\u212AeyVersion=1,signature=${UPPER}`],
      ["an Arabic digit", `algorithm=RSA256,keyVersion=\u0661,signature=${UPPER}`],
      ["a NUL character", `${createHeader(UPPER)}\0`],
      ["a line break", `${createHeader(UPPER)}\n`],
      ["a header of 2,049 characters", createHeader("A".repeat(2049 - createHeader("").length))],
      ["a header of 64 KiB", ",".repeat(65_536)],
    ],
    algorithm: [
      ["a header without an algorithm", `keyVersion=1,signature=${UPPER}`],
      ...["", "none", "HS256", "RSA", "RSA512", "RSA256 x", '"RSA256"', "RS256"].map(
        (name) => [`the algorithm ${JSON.stringify(name)}`, `algorithm=${name},signature=${UPPER}`] as const,
      ),
    ],
    "key-version": ["", "-1", "+1", "1e9", "1.0", "0x1", "1234567890", "__proto__", "../1"].map(
      (version) => [`the version "${version}"`, `algorithm=RSA256,keyVersion=${version},signature=${UPPER}`] as const,
    ),
    encoding: [
      ["a space instead of a plus sign", createHeader(RAW.replaceAll("+", " "))],
      ["a partly encoded signature", createHeader("++/+AA%3D%3D")],
      ["a signature in which only the padding is raw", createHeader("%2B%2B%2F%2BAA==")],
      ["mixed-case hex digits", createHeader("%2B%2b%2F%2BAA%3D%3D")],
      ["nonzero trailing bits", createHeader("++/+AB==")],
      ["encoded nonzero trailing bits", createHeader("%2B%2B%2F%2BAB%3D%3D")],
      ["an encoded letter", createHeader("%41AAA")],
      ["a signature that was encoded twice", createHeader(encodeURIComponent(UPPER))],
      ["a signature without padding", createHeader("++/+AA")],
      ["base64url", createHeader("--_-AA==")],
      ["a signature that is not base64", createHeader("%%%")],
      ["a leading space", createHeader(" AAAA")],
      ["quotation marks", createHeader('"AAAA"')],
    ],
  };

  test.each(
    Object.entries(cases).flatMap(([reason, rows]) => rows.map(([name, value]) => [name, reason, value] as const)),
  )("%s with the reason %s", (_name, reason, value) => {
    expect(findReason(value)).toBe(reason);
  });

  test("an invalid header with a message that is a full sentence, for every reason", () => {
    for (const [reason, rows] of Object.entries(cases)) {
      const header = parseSignatureHeader(rows[0]?.[1]);
      expect(header).toMatchObject({ reason, message: expect.stringMatching(/^The .*Signature header.*\w\.$/) });
    }
    expect(parseSignatureHeader("x=1")).toMatchObject({ message: expect.stringContaining("in at most 2048 ASCII") });
    expect(parseSignatureHeader(createHeader("%"))).toMatchObject({
      message: expect.stringContaining(". A space in it"),
    });
  });

  test("headers without quoting them", () => {
    const canary = "CANARYcanary";
    for (const value of [createHeader(`${canary}!`), `${canary}=1`, `algorithm=${canary},signature=AAAA`, canary])
      expect(JSON.stringify(parseSignatureHeader(value))).not.toContain(canary);
  });
});

describe("parseSignatureHeader", () => {
  test("does not reject a header of 2,048 characters as malformed", () => {
    const signature = "A".repeat(2048 - createHeader("").length);
    expect(createHeader(signature)).toHaveLength(2048);
    expect(findReason(createHeader(signature))).not.toBe("malformed");
  });

  test("never throws", () => {
    const piece = fc.constantFrom(
      "algorithm",
      "keyVersion",
      "signature",
      "=",
      ",",
      " ",
      "%2B",
      "%",
      "RSA256",
      RAW,
      UPPER,
    );
    const similarHeader = fc.array(fc.oneof(piece, fc.string({ unit: "binary" }))).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(fc.oneof(similarHeader, fc.string({ unit: "binary" })), (value) => {
        const header = parseSignatureHeader(value);
        expect(isInvalidHeader(header) ? header.message : header.signature).not.toHaveLength(0);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    " ".repeat(2000),
    ",".repeat(2000),
    "=".repeat(2000),
    "%2B".repeat(660),
    `signature=${"+ ".repeat(900)}`,
  ])("parses malicious header %# 100 times within 500 ms", (value) => {
    const start = performance.now();
    for (let round = 0; round < 100; round += 1) parseSignatureHeader(value);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
