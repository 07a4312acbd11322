import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AntomVaultError, describeCause, maskDigits } from "./errors.ts";

describe("AntomVaultError", () => {
  test("has only the fields that apply", () => {
    const error = new AntomVaultError("TIMEOUT", "Late.");
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe("AntomVaultError: Late.");
    expect(Object.keys(error).sort()).toEqual(["code", "name"]);
    expect(inspect(error)).not.toContain("undefined");
  });

  test("keeps issues, httpStatus, and unverified", () => {
    const issues = [{ pointer: "/env", rule: "required", message: "is required" }];
    expect(new AntomVaultError("REQUEST_INVALID", "", { issues })).toMatchObject({ issues });
    expect(new AntomVaultError("UNEXPECTED_HTTP_STATUS", "", { httpStatus: 500 })).toMatchObject({ httpStatus: 500 });
    const unverified = { resultCode: "NO", resultMessage: "" };
    expect(new AntomVaultError("SIGNATURE_MISSING", "", { unverified })).toMatchObject({ unverified });
  });
});

describe("describeCause", () => {
  const createErrorWithCode = (code: unknown, cause?: unknown) =>
    Object.assign(new TypeError("4054 123", { cause }), { code });

  test.each([
    ["an error with a code", createErrorWithCode("ECONNREFUSED"), { name: "TypeError", code: "ECONNREFUSED" }],
    [
      "an error whose cause has a code",
      createErrorWithCode(undefined, createErrorWithCode("CERT_HAS_EXPIRED")),
      { name: "TypeError", code: "CERT_HAS_EXPIRED" },
    ],
    ["an error without a code", new RangeError("4054"), { name: "RangeError" }],
    ["an error with a numeric code", createErrorWithCode(4054), { name: "TypeError" }],
    ["an error whose code contains a space", createErrorWithCode("card 4054"), { name: "TypeError" }],
    ["an error whose code contains a card number", createErrorWithCode("E405469572310"), { name: "TypeError" }],
    ["an error whose code contains a CVV", createErrorWithCode("CVV_123"), { name: "TypeError" }],
    [
      "an error whose code ends in 2 digits",
      createErrorWithCode("HTTP2_ERROR_13"),
      { name: "TypeError", code: "HTTP2_ERROR_13" },
    ],
    ["a string", "4054", { name: "Error" }],
    ["undefined", undefined, { name: "Error" }],
    ["an object", { name: "X", code: "Y" }, { name: "Error" }],
  ])("describes %s by its name and, if it is safe to show, its code", (_, cause, described) => {
    expect(describeCause(cause)).toEqual(described);
  });

  test("accepts an error that is its own cause", () => {
    const error = new Error("x");
    error.cause = error;
    expect(describeCause(error)).toEqual({ name: "Error" });
  });
});

describe("maskDigits", () => {
  test.each([
    ["4054 6957 2310 0768", "***"],
    ["4054-6957-2310-0768!", "***!"],
    ["CVV 12, expiry 07/30", "CVV ***, expiry ***/***"],
    ["４０５４ ٤٠٥٤ ४०", "***"],
    ["Wrong key version.", "Wrong key version."],
  ])("masks all digits of %j", (text, masked) => {
    expect(maskDigits(text)).toBe(masked);
  });
});
