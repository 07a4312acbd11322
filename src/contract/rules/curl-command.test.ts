import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { getCard } from "../../protocol/json-fields.ts";
import { getRequestMessage } from "../document/openapi-document.ts";
import type { SentRequest } from "../model/exchange.ts";
import { toCurlCommand } from "./curl-command.ts";

const request = (body: string | Uint8Array<ArrayBuffer>, change: Partial<SentRequest> = {}): SentRequest => ({
  method: "POST",
  baseUrl: "https://gateway.example",
  path: "/ams/api/v1/vaults/vaultPaymentMethod",
  headers: new Headers({ "client-id": "SANDBOX_X", "content-type": "application/json" }),
  bytes: typeof body === "string" ? new TextEncoder().encode(body) : body,
  expect: "accepted",
  bodyCounts: true,
  otherContent: false,
  ...change,
});

/** The words that a shell makes of a command. */
const wordsOf = (command: string): readonly string[] =>
  execFileSync("sh", ["-c", `curl() { printf '%s\\0' "$@"; }; ${command}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);

const sample = getRequestMessage("vaultPaymentMethod").examples.get("Sample") as Readonly<Record<string, unknown>>;
const withCard = (change: object) => ({
  ...sample,
  paymentMethodDetail: { paymentMethodType: "CARD", card: { ...(getCard(sample) as object), ...change } },
});

describe("a request as a command line", () => {
  test("says all of it, in words that a shell keeps", () => {
    const body = JSON.stringify({ ...sample, vaultingRequestId: 'it\'s "quoted" $HOME `x` \\ 😀' });
    expect(wordsOf(toCurlCommand(request(body)) ?? "")).toEqual([
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

  test("names another method, and sends no media type where there was none", () => {
    const words = wordsOf(toCurlCommand(request("{}", { method: "GET", headers: new Headers() })) ?? "");
    expect(words).toEqual(["-sS", "-i", "-X", "GET", expect.stringContaining("https:")]);
    expect(wordsOf(toCurlCommand(request("{}", { headers: new Headers() })) ?? "")).toContain("content-type;");
  });

  test("sends no body by HEAD", () => {
    expect(wordsOf(toCurlCommand(request("{}", { method: "HEAD" })) ?? "")).not.toContain("--data-binary");
  });

  test.each([
    ["no JSON and no card data", "<a>"],
    ["null and numbers in it", '{"a":null,"b":[1,null,{"c":true}]}'],
    ["a byte order mark before it", "\uFEFF{}"],
  ])("is shown with a body that has %s", (_, body) => {
    expect(wordsOf(toCurlCommand(request(body)) ?? "").at(-1)).toBe(body);
  });

  test.each([
    ["another card number", JSON.stringify(withCard({ cardNo: "4111111111111111" }))],
    ["another CVV", JSON.stringify(withCard({ cvv: "987" }))],
    [
      "a number in a field that is none of the card's",
      JSON.stringify({ ...sample, merchantAccountId: "4111111111111111" }),
    ],
    ["a number in a name", JSON.stringify({ ...sample, "4111111111111111": 1 })],
    ["card data in what is no JSON", `{"cvv":"987"`],
    ["bytes that are no text", new Uint8Array([0x7b, 0xff])],
    ["NUL", '{"a":"\0"}'],
    ["a body that nobody would paste", JSON.stringify({ a: "x".repeat(7000) })],
  ])("is not shown with %s", (_, body) => {
    expect(toCurlCommand(request(body))).toBeUndefined();
  });
});
