import { describe, expect, test } from "vitest";
import {
  CARD_NO,
  catchFailure,
  createExchange,
  createSuccessBody,
  PATH,
  toBytes,
} from "../../testing/messages/exchanges.ts";
import { createRequestBody, withCard } from "../document/sample-requests.ts";
import { fail, formatBody, formatRequestBody } from "../rules/fail.ts";

describe("readExchange", () => {
  test("parses the response and verifies its signature", async () => {
    const before = Date.now();
    const exchange = await createExchange();
    expect(exchange).toMatchObject({
      operation: "vaultPaymentMethod",
      status: 200,
      requestBody: createRequestBody("vaultPaymentMethod", "id-1"),
      body: createSuccessBody(),
      resultCode: "SUCCESS",
      resultStatus: "S",
    });
    expect(exchange.signatureError).toBeUndefined();
    expect(exchange.receivedAt).toBeGreaterThanOrEqual(before);
    expect(exchange.receivedAt).toBeLessThanOrEqual(Date.now());
  });

  test.each([
    ["a missing signature", { headers: { signature: undefined } }, /header is missing/],
    ["a signature over a different time", { headers: { "response-time": "2026-11-25T08:52:00Z" } }, /does not match/],
    ["a missing time", { headers: { "response-time": undefined } }, /does not match/],
    [
      "a signature for a different client",
      { request: { headers: new Headers({ "client-id": "OTHER" }) } },
      /does not match/,
    ],
    ["a request without a client ID", { request: { headers: new Headers() } }, /does not match/],
    ["a signature over a different path", { request: { path: `${PATH}/` } }, /does not match/],
  ])("reports an error for %s", async (_, changes, message) => {
    expect((await createExchange(changes)).signatureError).toMatch(message);
  });

  test.each([
    ["a body that is not JSON", "<html>", undefined, undefined],
    ["an empty body", "", undefined, undefined],
    ["the body null", "null", undefined, undefined],
    ["a result that is a string", { result: "SUCCESS" }, undefined, undefined],
    ["a result with numbers instead of strings", { result: { resultCode: 1, resultStatus: 2 } }, undefined, undefined],
    ["a result with only a code", { result: { resultCode: "FINE" } }, "FINE", undefined],
    ["a result with only a status", { result: { resultStatus: "S" } }, undefined, "S"],
  ])("reads the result of %s", async (_, responseBody, resultCode, resultStatus) => {
    const exchange = await createExchange({ responseBody });
    expect([exchange.resultCode, exchange.resultStatus]).toEqual([resultCode, resultStatus]);
  });

  test("leaves requestBody undefined if the body of the request is not JSON", async () => {
    expect((await createExchange({ requestBody: "{" })).requestBody).toBeUndefined();
  });
});

describe("fail", () => {
  test("adds the request, the response, and a curl command to the message", async () => {
    const exchange = await createExchange({
      requestBody: { vaultingRequestId: "id-1" },
      responseBody: { a: 1 },
      status: 500,
    });
    const [summary, request, response, command, ...more] = (catchFailure(() => fail(exchange, "Failed.")) ?? "").split(
      "\n",
    );
    expect([summary, request, response, more]).toEqual([
      "Failed.",
      'Request: {"vaultingRequestId":"id-1"}',
      'Response: 500 {"a":1}',
      [],
    ]);
    expect(command).toMatch(
      /^Reproduce: curl -sS -i http:\/\/gateway\.example\/ams\S* .* --data-binary '\{"vaultingRequestId":"id-1"}'$/,
    );
  });

  test("masks card data, and omits the curl command if it would contain a card that is not in the OpenAPI document", async () => {
    const requestBody = createRequestBody(
      "vaultPaymentMethod",
      "id-1",
      withCard({ cardNo: "4111111111111111", cvv: "987" }),
    );
    const exchange = await createExchange({ requestBody, responseBody: { cardNo: CARD_NO } });
    const message = catchFailure(() => fail(exchange, "Failed.")) ?? "";
    expect(message).not.toMatch(/4111111111111111|987|4112273146798764|\nReproduce/);
    expect(message).toMatch(/"cardNo":"\*{12}1111".*\nResponse: 200 \{"cardNo":"\*{12}8764"}$/);
  });
});

describe("formatBody", () => {
  test("shows the first 2,048 characters, while formatRequestBody shows the first 4,096", () => {
    const long = toBytes("x".repeat(5000));
    expect(formatBody(long, [])).toBe("x".repeat(2048));
    expect(formatRequestBody({ bytes: long })).toBe("x".repeat(4096));
  });

  test.each([
    ["escapes line breaks", "a\r\nb", "a\\u000d\\u000ab"],
    ["escapes terminal escape sequences", "a\u001b[31mb", "a\\u001b[31mb"],
    ["escapes C1 control characters", "a\u0085b", "a\\u0085b"],
    ["escapes Unicode line separators", "a\u2028\u2029b", "a\\u2028\\u2029b"],
    [
      "escapes bidirectional controls",
      "a\u061c\u200e\u200f\u202a\u202e\u2066\u2069b",
      "a\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069b",
    ],
    ["keeps letters and emoji", "Zoë 王 😀", "Zoë 王 😀"],
  ])("%s", (_, text, expected) => {
    expect(formatBody(toBytes(text), [])).toBe(expected);
  });
});
