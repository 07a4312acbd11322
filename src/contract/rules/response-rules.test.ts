import { describe, expect, test } from "vitest";
import { CARD_NO, catchFailure, createExchange, resultBody, successBody } from "../../testing/messages/exchanges.ts";
import { createRequestBody, withCard } from "../document/sample-requests.ts";
import { RESPONSE_RULES } from "./response-rules.ts";

type Changes = NonNullable<Parameters<typeof createExchange>[0]>;

const ruleOf = (id: string) => RESPONSE_RULES.find((rule) => rule.id === id) ?? expect.fail(`there is no rule ${id}`);

/** The first line of what a rule says against an exchange; empty where it says nothing, `undefined` where it does not apply. */
async function saidBy(id: string, changes: Changes = {}): Promise<string | undefined> {
  const { applies, expect: expecting } = ruleOf(id);
  const exchange = await createExchange(changes);
  return applies(exchange) ? (catchFailure(() => expecting(exchange))?.split("\n")[0] ?? "") : undefined;
}

const masked = (maskedCardNo: unknown): object =>
  successBody({ paymentMethodDetail: { paymentMethodType: "CARD", card: { cardToken: "token", maskedCardNo } } });

test("a right answer breaks none, and every rule applies to it", async () => {
  for (const { id } of RESPONSE_RULES) expect([id, await saidBy(id)]).toEqual([id, ""]);
});

describe("an answer in a form of its own is one fault: only that it is not documented is told", () => {
  const changes: Changes = { status: 500, responseBody: "<html>" };
  test.each(["signed", "echo", "masked", "response-time"])("not %s", async (id) => {
    expect(await saidBy(id, changes)).toBeUndefined();
  });

  test("where the request was to be taken", async () => {
    expect(await saidBy("documented", changes)).toBe("The HTTP status is 500; every answer of the API has 200.");
    expect(await saidBy("documented", { ...changes, request: { expect: "rejected" } })).toBeUndefined();
    expect(await saidBy("documented", { responseBody: {}, request: { expect: "rejected" } })).toMatch(
      /breaks the document/,
    );
  });

  test("and card data, which nobody may answer in any form", async () => {
    expect(await saidBy("no-card-data", { status: 500, responseBody: { told: CARD_NO } })).toMatch(/card number/);
  });
});

describe("a signature", () => {
  test("is owed by every answer but the one to a refused signature", async () => {
    const unsigned: Changes = { headers: { signature: undefined } };
    expect(await saidBy("signed", unsigned)).toMatch(/^The answer's signature is refused/);
    expect(await saidBy("signed", { ...unsigned, request: { expect: "rejected" } })).toMatch(/is refused/);
    expect(await saidBy("signed", { ...unsigned, request: { expect: "signature-rejected" } })).toBeUndefined();
  });
});

describe("an ID", () => {
  const other: Changes = { responseBody: successBody({ vaultingRequestId: "id-2" }) };

  test("that is legal is echoed where the body was read", async () => {
    expect(await saidBy("echo", other)).toBe("vaultingRequestId is not the request's.");
    expect(await saidBy("echo", { ...other, request: { bodyCounts: false } })).toBeUndefined();
  });

  test.each([
    ["too long", "x".repeat(65)],
    ["a number", 1],
    ["not there", undefined],
  ])("that is %s need not be", async (_, vaultingRequestId) => {
    const asked = { ...createRequestBody("vaultPaymentMethod", ""), vaultingRequestId };
    expect(await saidBy("echo", { ...other, requestBody: asked })).toBeUndefined();
  });

  test("in what is no JSON need not be", async () => {
    expect(await saidBy("echo", { ...other, requestBody: "{" })).toBeUndefined();
  });
});

describe("maskedCardNo", () => {
  test.each([
    ["the last four", `************${CARD_NO.slice(-4)}`, ""],
    ["fewer", "***764", ""],
    ["none", "****", ""],
    ["five digits", `***********${CARD_NO.slice(-5)}`, "maskedCardNo shows more than the last four digits."],
    ["the first ones too", "4112********8764", "maskedCardNo shows more than the last four digits."],
    ["one digit and the last four", "4***8764", "maskedCardNo shows more than the last four digits."],
    [
      "those of another card",
      "************0768",
      "maskedCardNo shows other digits than the last four of the number that was sent.",
    ],
    ["no text", 8764, ""],
  ])("shows %s", async (_, maskedCardNo, told) => {
    expect(await saidBy("masked", { responseBody: masked(maskedCardNo) })).toBe(told);
  });

  test("may be another card's at a mock, after other content under the ID, and where no number was sent", async () => {
    const answer = masked("************0768");
    expect(await saidBy("masked", { responseBody: answer, context: { isStateful: false } })).toBe("");
    expect(await saidBy("masked", { responseBody: answer, request: { otherContent: true } })).toBe("");
    expect(await saidBy("masked", { responseBody: answer, requestBody: { vaultingRequestId: "id-1" } })).toBe("");
    expect(
      await saidBy("masked", {
        responseBody: answer,
        requestBody: createRequestBody("vaultPaymentMethod", "1", withCard({ cardNo: 1 })),
      }),
    ).toBe("");
    expect(await saidBy("masked", { responseBody: resultBody("PROCESS_FAIL", "F") })).toBe("");
  });
});

describe("response-time", () => {
  const MINUTE = 60_000;
  const iso = (offset: number) => `${new Date(Date.now() + offset).toISOString().slice(0, 19)}Z`;
  const NO_TIME = "The header response-time is missing or no ISO 8601 time with an offset.";

  test.each([
    ["now", () => iso(0), /^$/],
    ["59 minutes ago", () => iso(-59 * MINUTE), /^$/],
    ["in 59 minutes", () => iso(59 * MINUTE), /^$/],
    ["61 minutes ago", () => iso(-61 * MINUTE), /off\.$/],
    ["in 61 minutes", () => iso(61 * MINUTE), /off\.$/],
    ["in milliseconds", () => String(Date.now()), new RegExp(`^${NO_TIME}$`)],
    ["without an offset", () => iso(0).slice(0, -1), new RegExp(`^${NO_TIME}$`)],
  ])("%s", async (_, time, told) => {
    expect(await saidBy("response-time", { time: time() })).toMatch(told);
  });

  test("not at all", async () => {
    expect(await saidBy("response-time", { headers: { "response-time": undefined } })).toBe(NO_TIME);
  });
});
