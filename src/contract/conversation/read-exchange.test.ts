import { describe, expect, test } from "vitest";
import { CARD_NO, catchFailure, createExchange, PATH, successBody, toBytes } from "../../testing/messages/exchanges.ts";
import { createRequestBody, withCard } from "../document/sample-requests.ts";
import { fail, formatBody, formatRequestBody } from "../rules/fail.ts";

describe("an answer that is read", () => {
  test("is parsed, and its signature verified", async () => {
    const before = Date.now();
    const exchange = await createExchange();
    expect(exchange).toMatchObject({
      operation: "vaultPaymentMethod",
      status: 200,
      asked: createRequestBody("vaultPaymentMethod", "id-1"),
      body: successBody(),
      resultCode: "SUCCESS",
      resultStatus: "S",
    });
    expect(exchange.signatureError).toBeUndefined();
    expect(exchange.receivedAt).toBeGreaterThanOrEqual(before);
    expect(exchange.receivedAt).toBeLessThanOrEqual(Date.now());
  });

  test.each([
    ["no signature", { headers: { signature: undefined } }, /header is missing/],
    ["a signature over another time", { headers: { "response-time": "2026-11-25T08:52:00Z" } }, /does not fit/],
    ["no time", { headers: { "response-time": undefined } }, /does not fit/],
    ["a signature for another client", { request: { headers: new Headers({ "client-id": "OTHER" }) } }, /does not fit/],
    ["a signature for a request without client", { request: { headers: new Headers() } }, /does not fit/],
    ["a signature over another path", { request: { path: `${PATH}/` } }, /does not fit/],
  ])("with %s says so", async (_, changes, told) => {
    expect((await createExchange(changes)).signatureError).toMatch(told);
  });

  test.each([
    ["no JSON", "<html>", undefined, undefined],
    ["nothing", "", undefined, undefined],
    ["null", "null", undefined, undefined],
    ["a result that is a text", { result: "SUCCESS" }, undefined, undefined],
    ["numbers for texts", { result: { resultCode: 1, resultStatus: 2 } }, undefined, undefined],
    ["a code alone", { result: { resultCode: "FINE" } }, "FINE", undefined],
    ["a status alone", { result: { resultStatus: "S" } }, undefined, "S"],
  ])("that is %s", async (_, answer, resultCode, resultStatus) => {
    const exchange = await createExchange({ responseBody: answer });
    expect([exchange.resultCode, exchange.resultStatus]).toEqual([resultCode, resultStatus]);
  });

  test("to a request that is no JSON", async () => {
    expect((await createExchange({ requestBody: "{" })).requestBody).toBeUndefined();
  });
});

describe("a failure shows the exchange", () => {
  test("line by line", async () => {
    const exchange = await createExchange({
      requestBody: { vaultingRequestId: "id-1" },
      responseBody: { a: 1 },
      status: 500,
    });
    const [what, sent, came, again, ...more] = (catchFailure(() => fail(exchange, "So not.")) ?? "").split("\n");
    expect([what, sent, came, more]).toEqual([
      "So not.",
      'Sent: {"vaultingRequestId":"id-1"}',
      'Came: 500 {"a":1}',
      [],
    ]);
    expect(again).toMatch(
      /^Again: curl -sS -i http:\/\/gateway\.example\/ams\S* .* --data-binary '\{"vaultingRequestId":"id-1"}'$/,
    );
  });

  test("masked, and without a command that would tell a card that is nobody's example", async () => {
    const asked = createRequestBody("vaultPaymentMethod", "id-1", withCard({ cardNo: "4111111111111111", cvv: "987" }));
    const exchange = await createExchange({ requestBody: asked, responseBody: { cardNo: CARD_NO } });
    const told = catchFailure(() => fail(exchange, "So not.")) ?? "";
    expect(told).not.toMatch(/4111111111111111|987|4112273146798764|\nAgain/);
    expect(told).toMatch(/"cardNo":"\*{12}1111".*\nCame: 200 \{"cardNo":"\*{12}8764"}$/);
  });
});

describe("a body for people", () => {
  test("is cut where it is long: what was sent later than what came", () => {
    const long = toBytes("x".repeat(5000));
    expect(formatBody(long)).toBe("x".repeat(2048));
    expect(formatRequestBody({ bytes: long })).toBe("x".repeat(4096));
  });

  test.each([
    ["line ends", "a\r\nb", "a\\u000d\\u000ab"],
    ["an escape of a terminal", "a\u001b[31mb", "a\\u001b[31mb"],
    ["a control of the second kind", "a\u0085b", "a\\u0085b"],
    ["line ends of Unicode", "a\u2028\u2029b", "a\\u2028\\u2029b"],
    [
      "text turned round",
      "a\u061c\u200e\u200f\u202a\u202e\u2066\u2069b",
      "a\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069b",
    ],
    ["letters of any script", "Zoë 王 😀", "Zoë 王 😀"],
  ])("shows %s", (_, text, told) => {
    expect(formatBody(toBytes(text))).toBe(told);
  });
});
