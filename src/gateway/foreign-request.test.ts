import { describe, expect, test } from "vitest";
import { findForeignHeader, isExposed } from "./foreign-request.ts";

const LOCAL = { baseUrl: "http://127.0.0.1:4020", isExposed: false };
const EXPOSED = { baseUrl: "https://dev.example/vault", isExposed: true, names: ["Sandbox.Test"] };

const findHeader = (
  head: Readonly<Record<string, string>>,
  address: Parameters<typeof findForeignHeader>[1] = LOCAL,
  kind?: Parameters<typeof findForeignHeader>[2],
  method = "GET",
) => findForeignHeader({ method, headers: new Headers({ host: "127.0.0.1:4020", ...head }) }, address, kind);

describe("findForeignHeader", () => {
  test.each([
    "127.0.0.1",
    "127.1.2.3:1",
    "localhost",
    "LOCALHOST:4020",
    "[::1]:4020",
    "host.docker.internal:4020",
  ])("accepts the host %s", (host) => {
    expect(findHeader({ host })).toBeUndefined();
    expect(findHeader({ host }, EXPOSED)).toBeUndefined();
  });

  test.each([
    "192.0.2.1",
    "sandbox",
    "dev.example",
    "[2001:db8::1]",
  ])("accepts the host %s only on an exposed server", (host) => {
    expect(findHeader({ host })).toBe("Host");
    expect(findHeader({ host }, EXPOSED)).toBeUndefined();
  });

  test.each([
    "",
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.dev.example",
    "127.0.0.1, evil.example",
    "127.0.0.1@evil.example",
    "evil.example@127.0.0.1",
    "127.0.0.1/evil.example",
    "127.0.0.1?",
    "1.2.3.4.5",
    "127.0.0.1:99999",
  ])("rejects the host %j", (host) => {
    expect(findHeader({ host })).toBe("Host");
    expect(findHeader({ host }, EXPOSED)).toBe("Host");
  });

  test("accepts additional host names, and ignores their case", () => {
    expect(findHeader({ host: "SANDBOX.test:1" }, EXPOSED)).toBeUndefined();
  });

  test("accepts the scheme of a TLS proxy in an origin only on an exposed server", () => {
    const origin = "https://127.0.0.1:4020";
    expect(findHeader({ origin })).toBe("Origin");
    expect(findHeader({ origin }, EXPOSED)).toBeUndefined();
    expect(findHeader({ origin: "https://dev.example" }, EXPOSED)).toBeUndefined();
    expect(findHeader({ origin: "http://dev.example" }, EXPOSED)).toBe("Origin");
    expect(findHeader({ origin: "http://127.0.0.1:4020" })).toBeUndefined();
    expect(findHeader({ origin: "http://127.0.0.1:4021" })).toBe("Origin");
  });

  test("accepts a link from a different site only if it opens a page", () => {
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    expect(findHeader(link)).toBe("Sec-Fetch-Site");
    expect(findHeader(link, LOCAL, "link")).toBeUndefined();
    expect(findHeader({ ...link, "sec-fetch-dest": "iframe" }, LOCAL, "link")).toBe("Sec-Fetch-Site");
    expect(findHeader({ ...link, host: "evil.example" }, LOCAL, "link")).toBe("Host");
    expect(findHeader(link, LOCAL, "link", "POST")).toBe("Sec-Fetch-Site");
  });

  test("accepts a form with a hidden origin, but not if Sec-Fetch-Site is none", () => {
    const form = { origin: "null", "sec-fetch-site": "same-origin" };
    expect(findHeader(form, LOCAL, "form", "POST")).toBeUndefined();
    expect(findHeader({ ...form, "sec-fetch-site": "none" }, LOCAL, "form", "POST")).toBe("Sec-Fetch-Site");
    expect(findHeader({ ...form, origin: "https://evil.example" }, LOCAL, "form", "POST")).toBe("Origin");
    expect(findHeader(form)).toBe("Origin");
  });
});

test.each([
  [{ host: "127.0.0.1" }, false],
  [{ host: "localhost" }, false],
  [{ host: "0.0.0.0" }, true],
  [{ host: "127.0.0.1", publicUrl: "http://127.0.0.1:1" }, true],
])("isExposed(%j) returns %j", (options, expected) => {
  expect(isExposed(options)).toBe(expected);
});
