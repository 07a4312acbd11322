import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatVaultingPath, isDashboardRequest, parseVaultingPath } from "./sandbox-paths.ts";

/** Returns the path that a browser requests when it follows a link. */
const followLink = (path: string): string => new URL(path, "http://127.0.0.1/").pathname;

describe("formatVaultingPath and parseVaultingPath", () => {
  test.each([
    ".",
    "..",
    "~",
    "~..",
    "~~",
    "%2e%2e",
    "%2E",
    "a/b",
    "../x",
    "a\\b",
    "?a#b",
    "%",
    "%zz",
    " ",
    "\u202ea",
    "😀",
    "'\"<>&",
    "+ +",
  ])("round-trip %j through a browser", (text) => {
    for (const key of [
      { clientId: "CLIENT", vaultingRequestId: text },
      { clientId: "..", vaultingRequestId: text },
    ]) {
      expect(parseVaultingPath(followLink(formatVaultingPath(key)))).toEqual(key);
    }
  });

  test("round-trip any client ID and request ID", () => {
    const keys = fc.record({
      clientId: fc.string({ unit: "grapheme-ascii", minLength: 1 }),
      vaultingRequestId: fc.string({ unit: "binary", minLength: 1 }),
    });
    fc.assert(
      fc.property(keys, (key) => {
        expect(parseVaultingPath(followLink(formatVaultingPath(key)))).toEqual(key);
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  "/vaultings/",
  "/vaultings/a",
  "/vaultings/a/",
  "/vaultings//b",
  "/vaultings/a/b/c",
  "/vaultings/%/b",
  "/vaultings/a/%ff",
])("parseVaultingPath rejects %s", (path) => {
  expect(parseVaultingPath(path)).toBeUndefined();
});

describe("isDashboardRequest", () => {
  test.each([
    ["GET", "/"],
    ["HEAD", "/"],
    ["GET", "/?q=x"],
    ["GET", "/vaultings/a/b"],
    ["POST", "/vaultings/a/b"],
    ["GET", "/calls"],
    ["GET", "/calls?q=1"],
    ["GET", "/calls/1"],
    ["GET", "/notifications"],
    ["POST", "/notifications/1"],
    ["POST", "/controls"],
    ["GET", "/test-cards"],
    ["GET", "/credentials"],
    ["GET", "/reference"],
    ["GET", "/reference/openapi.json"],
    ["POST", "/reference/sign"],
    ["POST", "/sign-in"],
    ["GET", "/assets/icon.svg"],
    ["GET", "/favicon.ico"],
  ])("accepts %s %s", (method, target) => {
    expect(isDashboardRequest(target, method)).toBe(true);
  });

  test.each([
    ["POST", "/"],
    ["POST", "/?x"],
    ["PUT", "/controls"],
    ["DELETE", "/vaultings/a/b"],
    ["GET", "//"],
    ["GET", "/vaultings"],
    ["POST", "/v1/vaults/vaultPaymentMethod"],
    ["POST", "/ams/api/v1/vaults/vaultPaymentMethod"],
    ["POST", "/vaultings2/a"],
    ["GET", "/callsx"],
    ["GET", "/Calls"],
    ["GET", "/controls2"],
    ["GET", "/referenced"],
    ["GET", "/assets"],
    ["GET", "/favicon.ico2"],
    ["GET", "http://127.0.0.1/"],
    ["GET", ""],
  ])("rejects %s %s", (method, target) => {
    expect(isDashboardRequest(target, method)).toBe(false);
  });
});
