import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { getRequestMessage } from "../document/openapi-document.ts";
import { createRequestBody, withCard } from "../document/sample-requests.ts";
import type { SentRequest } from "../model/exchange.ts";
import { toCurlCommand } from "./curl-command.ts";

const createRequest = (body: string | Uint8Array<ArrayBuffer>, change: Partial<SentRequest> = {}): SentRequest => ({
  method: "POST",
  baseUrl: "https://gateway.example",
  path: "/ams/api/v1/vaults/vaultPaymentMethod",
  headers: new Headers({ "client-id": "SANDBOX_X", "content-type": "application/json" }),
  bytes: typeof body === "string" ? new TextEncoder().encode(body) : body,
  expect: "accepted",
  isBodyRead: true,
  reusesId: false,
  ...change,
});

/** Returns the words into which a shell splits a command. */
const splitWords = (command: string): readonly string[] =>
  execFileSync("sh", ["-c", `curl() { printf '%s\\0' "$@"; }; ${command}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);

const sample = getRequestMessage("vaultPaymentMethod").examples.get("Sample") as Readonly<Record<string, unknown>>;
const createBodyWithCard = (card: Readonly<Record<string, unknown>>) =>
  JSON.stringify(createRequestBody("vaultPaymentMethod", "id-1", withCard(card)));

describe("toCurlCommand", () => {
  test("quotes the complete request for a shell", () => {
    const body = JSON.stringify({ ...sample, vaultingRequestId: 'it\'s "quoted" $HOME `x` \\ 😀' });
    expect(splitWords(toCurlCommand(createRequest(body)) ?? "")).toEqual([
      "-sS",
      "-i",
      "https://gateway.example/ams/api/v1/vaults/vaultPaymentMethod",
      "-H",
      "client-id: SANDBOX_X",
      "-H",
      "content-type: application/json",
      "--data-binary",
      body,
    ]);
  });

  test("sets the method, and sends no Content-Type if the request has none", () => {
    const words = splitWords(toCurlCommand(createRequest("{}", { method: "GET", headers: new Headers() })) ?? "");
    expect(words).toEqual(["-sS", "-i", "-X", "GET", expect.stringContaining("https:")]);
    expect(splitWords(toCurlCommand(createRequest("{}", { headers: new Headers() })) ?? "")).toContain("content-type;");
  });

  test("sends no body with HEAD", () => {
    expect(splitWords(toCurlCommand(createRequest("{}", { method: "HEAD" })) ?? "")).not.toContain("--data-binary");
  });

  test.each([
    ["that is not JSON and contains no card data", "<a>"],
    ["with null and numbers", '{"a":null,"b":[1,null,{"c":true}]}'],
    ["with a byte order mark", "\uFEFF{}"],
  ])("includes a body %s", (_, body) => {
    expect(splitWords(toCurlCommand(createRequest(body)) ?? "").at(-1)).toBe(body);
  });

  test.each([
    ["a different card number", createBodyWithCard({ cardNo: "4111111111111111" })],
    ["a different CVV", createBodyWithCard({ cvv: "987" })],
    ["a card number outside of the card object", JSON.stringify({ ...sample, merchantAccountId: "4111111111111111" })],
    ["a card number as a property name", JSON.stringify({ ...sample, "4111111111111111": 1 })],
    ["card data in a body that is not JSON", `{"cvv":"987"`],
    ["a body that is not text", new Uint8Array([0x7b, 0xff])],
    ["a NUL character", '{"a":"\0"}'],
    ["a body that makes the command too long", JSON.stringify({ a: "x".repeat(7000) })],
  ])("returns undefined for %s", (_, body) => {
    expect(toCurlCommand(createRequest(body))).toBeUndefined();
  });
});
