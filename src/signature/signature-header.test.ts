import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toBase64 } from "../protocol/base64.ts";
import { formatSignatureHeader, isInvalidHeader, parseSignatureHeader } from "./signature-header.ts";

const lowerHex = (value: string) => value.replace(/%../g, (octet) => octet.toLowerCase());
const headerOf = (signature: string) => `algorithm=RSA256,keyVersion=1,signature=${signature}`;
const faultOf = (value: string | null | undefined) => {
  const header = parseSignatureHeader(value);
  return isInvalidHeader(header) ? header.fault : undefined;
};

// fb ef fe 00: in base64 "++/+AA==", with all three characters that are percent-encoded.
const BYTES = Uint8Array.of(0xfb, 0xef, 0xfe, 0);
const RAW = "++/+AA==";
const UPPER = "%2B%2B%2F%2BAA%3D%3D";

describe("formatSignatureHeader", () => {
  test("is what the gateway reads", () => {
    expect(formatSignatureHeader(RAW, 1)).toBe(headerOf(UPPER));
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
  ])("refuses key version %j", (version) => {
    expect(() => formatSignatureHeader(RAW, version)).toThrow(
      expect.objectContaining({
        code: "CONFIGURATION_INVALID",
        message: expect.stringMatching(/^The key version must be/),
      }),
    );
  });
});

describe("parseSignatureHeader reads", () => {
  test.each([
    ["raw base64", headerOf(RAW), "1"],
    ["upper-case hex", headerOf(UPPER), "1"],
    ["lower-case hex", headerOf(lowerHex(UPPER)), "1"],
    ["blanks and tabs around commas", ` algorithm=RSA256 ,\tkeyVersion=1 , signature=${RAW} `, "1"],
    ["another order", `signature=${UPPER},keyVersion=007,algorithm=RSA256`, "007"],
    ["other cases", `ALGORITHM=rsa256,keyversion=999999999,Signature=${UPPER}`, "999999999"],
    ["no key version", `algorithm=RSA256,signature=${UPPER}`, undefined],
  ])("%s", (_name, value, keyVersion) => {
    expect(parseSignatureHeader(value)).toEqual({ keyVersion, signature: BYTES });
  });

  test("all that formatSignatureHeader writes, with either hex and with blanks", () => {
    const version = fc.integer({ min: 0, max: 999_999_999 });
    const blank = fc.constantFrom("", " ", "\t", "  ");
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 512 }), version, blank, (bytes, keyVersion, around) => {
        const value = formatSignatureHeader(toBase64(bytes), keyVersion);
        for (const form of [value, lowerHex(value), decodeURIComponent(value)])
          expect(parseSignatureHeader(form.replaceAll(",", `${around},${around}`))).toEqual({
            keyVersion: String(keyVersion),
            signature: Uint8Array.from(bytes),
          });
      }),
    );
  });
});

describe("parseSignatureHeader refuses", () => {
  const cases: Record<string, readonly (readonly [string, string | null | undefined])[]> = {
    missing: [
      ["nothing", undefined],
      ["null", null],
      ["an empty header", ""],
      ["blanks", " \t "],
      ["an empty signature", headerOf("")],
    ],
    duplicate: [
      ["a header sent twice", `${headerOf(UPPER)}, ${headerOf("AAAA")}`],
      ["a header sent twice with the same value", `${headerOf(UPPER)}, ${headerOf(UPPER)}`],
      ["two signatures", `${headerOf(UPPER)},signature=AAAA`],
      ["two cases of one name", `${headerOf(UPPER)},KEYVERSION=2`],
    ],
    malformed: [
      ["an unknown pair", `${headerOf(UPPER)},nonce=1`],
      ["a name of every object", `${headerOf(UPPER)},__proto__=1`],
      ["no equals sign", "RSA256"],
      ["no signature", "algorithm=RSA256,keyVersion=1"],
      ["a comma at the end", `${headerOf(UPPER)},`],
      ["semicolons", headerOf(UPPER).replaceAll(",", ";")],
      ["a blank before the equals sign", `algorithm =RSA256,signature=${UPPER}`],
      ["a Kelvin sign for a k", `algorithm=RSA256,\u212AeyVersion=1,signature=${UPPER}`],
      ["an Arabic digit", `algorithm=RSA256,keyVersion=\u0661,signature=${UPPER}`],
      ["NUL", `${headerOf(UPPER)}\0`],
      ["a line break", `${headerOf(UPPER)}\n`],
      ["2,049 characters", headerOf("A".repeat(2049 - headerOf("").length))],
      ["64 KiB", ",".repeat(65_536)],
    ],
    algorithm: [
      ["none at all", `keyVersion=1,signature=${UPPER}`],
      ...["", "none", "HS256", "RSA", "RSA512", "RSA256 x", '"RSA256"', "RS256"].map(
        (name) => [name, `algorithm=${name},signature=${UPPER}`] as const,
      ),
    ],
    "key-version": ["", "-1", "+1", "1e9", "1.0", "0x1", "1234567890", "__proto__", "../1"].map(
      (version) => [version, `algorithm=RSA256,keyVersion=${version},signature=${UPPER}`] as const,
    ),
    encoding: [
      ["a blank for a plus", headerOf(RAW.replaceAll("+", " "))],
      ["a part of it encoded", headerOf("++/+AA%3D%3D")],
      ["another part of it encoded", headerOf("%2B%2B%2F%2BAA==")],
      ["two cases of hex", headerOf("%2B%2b%2F%2BAA%3D%3D")],
      ["stray last bits", headerOf("++/+AB==")],
      ["stray last bits, encoded", headerOf("%2B%2B%2F%2BAB%3D%3D")],
      ["a letter encoded", headerOf("%41AAA")],
      ["twice encoded", headerOf(encodeURIComponent(UPPER))],
      ["no padding", headerOf("++/+AA")],
      ["base64url", headerOf("--_-AA==")],
      ["no base64", headerOf("%%%")],
      ["a blank in front", headerOf(" AAAA")],
      ["quotation marks", headerOf('"AAAA"')],
    ],
  };

  test.each(
    Object.entries(cases).flatMap(([fault, rows]) => rows.map(([name, value]) => [fault, name, value] as const)),
  )("%s: %s", (fault, _name, value) => {
    expect(faultOf(value)).toBe(fault);
  });

  test("with a whole sentence for each fault", () => {
    for (const [fault, rows] of Object.entries(cases)) {
      const header = parseSignatureHeader(rows[0]?.[1]);
      expect(header).toMatchObject({ fault, message: expect.stringMatching(/^The .*Signature header.*\w\.$/) });
    }
    expect(parseSignatureHeader("x=1")).toMatchObject({ message: expect.stringContaining("in at most 2048 ASCII") });
    expect(parseSignatureHeader(headerOf("%"))).toMatchObject({ message: expect.stringContaining("; a blank in it") });
  });

  test("2,049 characters, but not 2,048", () => {
    const signature = "A".repeat(2048 - headerOf("").length);
    expect(headerOf(signature)).toHaveLength(2048);
    expect(faultOf(headerOf(signature))).not.toBe("malformed");
  });

  test("with a sentence that does not quote the header", () => {
    const canary = "CANARYcanary";
    for (const value of [headerOf(`${canary}!`), `${canary}=1`, `algorithm=${canary},signature=AAAA`, canary])
      expect(JSON.stringify(parseSignatureHeader(value))).not.toContain(canary);
  });
});

describe("parseSignatureHeader", () => {
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
    const likely = fc.array(fc.oneof(piece, fc.string({ unit: "binary" }))).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(fc.oneof(likely, fc.string({ unit: "binary" })), (value) => {
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
  ])("is quick on a hostile header, row %#", (value) => {
    const start = performance.now();
    for (let round = 0; round < 100; round += 1) parseSignatureHeader(value);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
