import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatVaultingPath, isDashboardRequest, parseVaultingPath } from "./sandbox-paths.ts";

/** The path that a browser asks for when it follows a link. */
const followed = (path: string): string => new URL(path, "http://127.0.0.1/").pathname;

describe("the path of a vaulting", () => {
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
  ])("%j comes through a browser as it was", (text) => {
    for (const name of [
      { clientId: "CLIENT", vaultingRequestId: text },
      { clientId: "..", vaultingRequestId: text },
    ]) {
      expect(parseVaultingPath(followed(formatVaultingPath(name)))).toEqual(name);
    }
  });

  test("any two texts come through, and no two share a path", () => {
    const name = fc.record({
      clientId: fc.string({ unit: "grapheme-ascii", minLength: 1 }),
      vaultingRequestId: fc.string({ unit: "binary", minLength: 1 }),
    });
    fc.assert(
      fc.property(name, (each) => {
        expect(parseVaultingPath(followed(formatVaultingPath(each)))).toEqual(each);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    "/vaultings/",
    "/vaultings/a",
    "/vaultings/a/",
    "/vaultings//b",
    "/vaultings/a/b/c",
    "/vaultings/%/b",
    "/vaultings/a/%ff",
  ])("%s names none", (path) => {
    expect(parseVaultingPath(path)).toBeUndefined();
  });
});

describe("which requests are the dashboard's", () => {
  test.each([
    ["GET", "/"],
    ["HEAD", "/"],
    ["GET", "/?q=x"],
    ["GET", "/vaultings/a/b"],
    ["POST", "/vaultings/a/b"],
    ["GET", "/calls"],
    ["GET", "/calls?q=1"],
    ["GET", "/calls/1"],
    ["POST", "/controls"],
    ["GET", "/test-cards"],
    ["GET", "/credentials"],
    ["GET", "/reference"],
    ["GET", "/reference/openapi.json"],
    ["POST", "/reference/sign"],
    ["POST", "/sign-in"],
    ["GET", "/assets/icon.svg"],
    ["GET", "/favicon.ico"],
  ])("%s %s", (method, target) => {
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
  ])("not %s %s", (method, target) => {
    expect(isDashboardRequest(target, method)).toBe(false);
  });
});
