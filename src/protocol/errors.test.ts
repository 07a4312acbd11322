import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AntomVaultError, describeCause, maskDigits } from "./errors.ts";

describe("AntomVaultError", () => {
  test("shows what it has, and no field that it has not", () => {
    const error = new AntomVaultError("TIMEOUT", "Late.");
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe("AntomVaultError: Late.");
    expect(Object.keys(error).sort()).toEqual(["code", "name"]);
    expect(inspect(error)).not.toContain("undefined");
  });

  test("carries details by kind", () => {
    const issues = [{ pointer: "/env", rule: "required", message: "is required" }];
    expect(new AntomVaultError("REQUEST_INVALID", "", { issues })).toMatchObject({ issues });
    expect(new AntomVaultError("UNEXPECTED_HTTP_STATUS", "", { httpStatus: 500 })).toMatchObject({ httpStatus: 500 });
    const unverified = { resultCode: "NO", resultMessage: "" };
    expect(new AntomVaultError("SIGNATURE_MISSING", "", { unverified })).toMatchObject({ unverified });
  });
});

describe("of a foreign error only name and code are told", () => {
  const withCode = (code: unknown, cause?: unknown) => Object.assign(new TypeError("4054 123", { cause }), { code });

  test.each([
    ["its own code", withCode("ECONNREFUSED"), { name: "TypeError", code: "ECONNREFUSED" }],
    [
      "its cause's code",
      withCode(undefined, withCode("CERT_HAS_EXPIRED")),
      { name: "TypeError", code: "CERT_HAS_EXPIRED" },
    ],
    ["no code", new RangeError("4054"), { name: "RangeError" }],
    ["a number for a code", withCode(4054), { name: "TypeError" }],
    ["a sentence for a code", withCode("card 4054"), { name: "TypeError" }],
    ["a code with three digits in a row", withCode("E405469572310"), { name: "TypeError" }],
    ["a code with a CVV in it", withCode("CVV_123"), { name: "TypeError" }],
    ["a code of two digits", withCode("HTTP2_ERROR_13"), { name: "TypeError", code: "HTTP2_ERROR_13" }],
    ["text", "4054", { name: "Error" }],
    ["nothing", undefined, { name: "Error" }],
    ["an object", { name: "X", code: "Y" }, { name: "Error" }],
  ])("%s", (_, cause, told) => {
    expect(describeCause(cause)).toEqual(told);
  });

  test("an error that causes itself ends", () => {
    const error = new Error("x");
    error.cause = error;
    expect(describeCause(error)).toEqual({ name: "Error" });
  });
});

test.each([
  ["4054 6957 2310 0768", "***"],
  ["4054-6957-2310-0768!", "***!"],
  ["CVV 12, expiry 07/30", "CVV ***, expiry ***/***"],
  ["４０５４ ٤٠٥٤ ४०", "***"],
  ["Wrong key version.", "Wrong key version."],
])("no digit of %j survives", (text, masked) => {
  expect(maskDigits(text)).toBe(masked);
});
