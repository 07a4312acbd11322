import { describe, expect, test } from "vitest";
import {
  CARD_NO,
  catchFailure,
  createExchange,
  createResultBody,
  createSuccessBody,
} from "../../testing/messages/exchanges.ts";
import { createRequestBody, withCard } from "../document/sample-requests.ts";
import { RESPONSE_RULES } from "./response-rules.ts";

type Changes = NonNullable<Parameters<typeof createExchange>[0]>;

const findRule = (id: string) => RESPONSE_RULES.find((rule) => rule.id === id) ?? expect.fail(`no rule ${id}`);

/** Returns the first line of the failure, an empty string if the rule is satisfied, or `undefined` if it does not apply. */
async function getFailure(id: string, changes: Changes = {}): Promise<string | undefined> {
  const { applies, expect: assertion } = findRule(id);
  const exchange = await createExchange(changes);
  return applies(exchange) ? (catchFailure(() => assertion(exchange))?.split("\n")[0] ?? "") : undefined;
}

const createMaskedBody = (maskedCardNo: unknown): object =>
  createSuccessBody({ paymentMethodDetail: { paymentMethodType: "CARD", card: { cardToken: "token", maskedCardNo } } });

test("all rules apply to a valid response, which satisfies them", async () => {
  for (const { id } of RESPONSE_RULES) expect([id, await getFailure(id)]).toEqual([id, ""]);
});

describe("a malformed response", () => {
  const changes: Changes = { status: 500, responseBody: "<html>" };
  test.each(["signed", "echo", "masked", "response-time"])("is not checked by the rule %s", async (id) => {
    expect(await getFailure(id, changes)).toBeUndefined();
  });

  test('violates the rule "documented" only if the request must be accepted', async () => {
    expect(await getFailure("documented", changes)).toBe("HTTP status is 500, expected 200.");
    expect(await getFailure("documented", { ...changes, request: { expect: "rejected" } })).toBeUndefined();
  });

  test('violates the rule "documented" if the HTTP status is 200, even if the request must be rejected', async () => {
    expect(await getFailure("documented", { responseBody: {}, request: { expect: "rejected" } })).toMatch(
      /does not match the OpenAPI document/,
    );
  });

  test("is checked by the rule no-card-data", async () => {
    expect(await getFailure("no-card-data", { status: 500, responseBody: { note: CARD_NO } })).toMatch(/card number/);
  });
});

describe("rule signed", () => {
  const unsigned: Changes = { headers: { signature: undefined, "response-time": undefined } };

  test.each([
    "accepted",
    "rejected",
    "signature-rejected",
  ] as const)("requires a signature on success, and either both signature and response-time or neither on an error, if the expected result is %s", async (expectation) => {
    const request = { expect: expectation };
    const responseBody = createResultBody("PROCESS_FAIL", "F");
    expect(await getFailure("signed", { ...unsigned, request })).toMatch(/^Response is not signed/);
    expect(await getFailure("signed", { headers: { signature: undefined }, request, responseBody })).toMatch(
      /^Response has no signature header: /,
    );
    expect(await getFailure("signed", { ...unsigned, request, responseBody })).toBeUndefined();
    expect(await getFailure("response-time", { ...unsigned, request, responseBody })).toBeUndefined();
  });
});

describe("rule echo", () => {
  const other: Changes = { responseBody: createSuccessBody({ vaultingRequestId: "id-2" }) };

  test("requires the response to echo a valid ID if the target must read the body", async () => {
    expect(await getFailure("echo", other)).toBe("Response does not echo the vaultingRequestId of the request.");
  });

  test.each([
    ["that is too long", "x".repeat(65)],
    ["that is a number", 1],
    ["that is missing", undefined],
  ])("requires no echo of an ID %s", async (_, vaultingRequestId) => {
    const requestBody = { ...createRequestBody("vaultPaymentMethod", ""), vaultingRequestId };
    const rejection = { ...createResultBody("PARAM_ILLEGAL", "F"), vaultingRequestId: undefined };
    expect(await getFailure("echo", { responseBody: rejection, requestBody })).toBe("");
  });

  test.each<readonly [string, Changes]>([
    ["that the target need not read", { request: { isBodyRead: false } }],
    ["that is not JSON", { requestBody: "{" }],
    ["without an ID", { requestBody: {} }],
  ])("rejects the ID of a different request in the response to a request %s", async (_, changes) => {
    expect(await getFailure("echo", { ...other, ...changes })).toBe(
      "Response contains a vaultingRequestId that differs from the one in the request.",
    );
  });

  test("accepts an ID from a request that is not JSON", async () => {
    expect(await getFailure("echo", { ...other, requestBody: '{"vaultingRequestId":"id-2",' })).toBe("");
  });
});

describe("rule masked", () => {
  const TOO_MANY_DIGITS = "Response maskedCardNo shows more than the last 4 digits.";
  test.each([
    ["accepts the last 4 digits", `************${CARD_NO.slice(-4)}`, ""],
    ["accepts fewer digits", "***764", ""],
    ["accepts no digits", "****", ""],
    ["rejects 5 digits", `***********${CARD_NO.slice(-5)}`, TOO_MANY_DIGITS],
    ["rejects the first and last 4 digits", "4112********8764", TOO_MANY_DIGITS],
    ["rejects the first digit and the last 4 digits", "4***8764", TOO_MANY_DIGITS],
    [
      "rejects the digits of a different card",
      "************0768",
      "Response maskedCardNo does not match the card number in the request.",
    ],
    ["accepts a JSON number with fewer digits", 764, ""],
    ["ignores an object whose toString is not a function", { toString: 1 }, ""],
  ])("%s", async (_, maskedCardNo, message) => {
    expect(await getFailure("masked", { responseBody: createMaskedBody(maskedCardNo) })).toBe(message);
  });

  test.each([
    ["accepts matching card fields", { lastFour: "8764", last4: "8764", bin: "41122731" }, ""],
    ["rejects a different lastFour", { lastFour: "0768" }, "lastFour"],
    ["rejects a different last4", { last4: "0768" }, "last4"],
    ["rejects a different bin", { bin: "405469" }, "bin"],
    ["rejects a different mask", { mask: "************0768" }, "mask"],
  ])("%s", async (_, details, name) => {
    const responseBody = createSuccessBody({ paymentMethodDetail: { card: details } });
    const message = name === "" ? "" : `Response ${name} does not match the card number in the request.`;
    expect(await getFailure("masked", { responseBody })).toBe(message);
  });

  test("rejects fields with different digits if the card number is unknown", async () => {
    const responseBody = createSuccessBody({
      paymentMethodDetail: { card: { maskedCardNo: "************0768", lastFour: "8764" } },
    });
    expect(await getFailure("masked", { responseBody, requestBody: { vaultingRequestId: "id-1" } })).toBe(
      "Response lastFour does not match the digits in other fields.",
    );
  });

  test("rejects a bin that, together with the last digits, is the complete number", async () => {
    const requestBody = createRequestBody("vaultPaymentMethod", "id-1", withCard({ cardNo: "501800000009" }));
    const responseBody = createSuccessBody({ paymentMethodDetail: { card: { bin: "50180000", lastFour: "0009" } } });
    expect(await getFailure("masked", { responseBody, requestBody })).toBe(
      "Response bin and the last digits together are the complete card number.",
    );
  });

  test("accepts a different card from a mock, for a reused ID, or without a card number in the request", async () => {
    const responseBody = createMaskedBody("************0768");
    expect(await getFailure("masked", { responseBody, context: { isStateful: false } })).toBe("");
    expect(await getFailure("masked", { responseBody, request: { reusesId: true } })).toBe("");
    expect(await getFailure("masked", { responseBody, requestBody: { vaultingRequestId: "id-1" } })).toBe("");
    expect(
      await getFailure("masked", {
        responseBody,
        requestBody: createRequestBody("vaultPaymentMethod", "1", withCard({ cardNo: 1 })),
      }),
    ).toBe("");
    expect(await getFailure("masked", { responseBody: createResultBody("PROCESS_FAIL", "F") })).toBe("");
  });
});

describe("rule response-time", () => {
  const MINUTE = 60_000;
  const iso = (offset: number) => `${new Date(Date.now() + offset).toISOString().slice(0, 19)}Z`;
  const NO_TIME = "Response header response-time is missing or not an ISO 8601 time with an offset.";

  test.each([
    ["accepts the current time", () => iso(0), /^$/],
    ["accepts a time 59 minutes ago", () => iso(-59 * MINUTE), /^$/],
    ["accepts a time 59 minutes from now", () => iso(59 * MINUTE), /^$/],
    ["rejects a time 61 minutes ago", () => iso(-61 * MINUTE), /more than 1 hour\.$/],
    ["rejects a time 61 minutes from now", () => iso(61 * MINUTE), /more than 1 hour\.$/],
    ["rejects milliseconds", () => String(Date.now()), new RegExp(`^${NO_TIME}$`)],
    ["rejects a time without an offset", () => iso(0).slice(0, -1), new RegExp(`^${NO_TIME}$`)],
  ])("%s", async (_, time, message) => {
    expect(await getFailure("response-time", { time: time() })).toMatch(message);
  });

  test("rejects a missing header", async () => {
    expect(await getFailure("response-time", { headers: { "response-time": undefined } })).toBe(NO_TIME);
  });
});
