import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import { catchError, startScriptedGateway, type TestGateway } from "../testing/servers/scripted-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startScriptedGateway(() => ({ body: messages.vaultedResponse }));
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** Returns the issues of an invalid request, which must not have been sent. */
async function findIssues(request: unknown) {
  const error = await catchError(gateway.client().vaultPaymentMethod(request as typeof messages.vaultRequest));
  expect(error.code).toBe("REQUEST_INVALID");
  expect(error.message).toMatch(/^The request was not sent: /);
  expect(gateway.received).toEqual([]);
  return error.issues;
}

const withCard = (card: Readonly<Record<string, unknown>>) => ({
  ...messages.vaultRequest,
  paymentMethodDetail: {
    paymentMethodType: "CARD",
    card: { ...messages.vaultRequest.paymentMethodDetail.card, ...card },
  },
});
const CARD = "/paymentMethodDetail/card";

describe("the client rejects an invalid request and reports the pointer and rule, but not the value:", () => {
  test.each([
    ["a short number", withCard({ cardNo: "91919191919" }), `${CARD}/cardNo`, "minLength"],
    ["a number with spaces", withCard({ cardNo: "9191 9191 9191 9191" }), `${CARD}/cardNo`, "pattern"],
    ["full-width digits", withCard({ cardNo: "９１９１９１９１９１９１９１９１" }), `${CARD}/cardNo`, "pattern"],
    ["a numeric CVV", withCard({ cvv: 919 }), `${CARD}/cvv`, "type"],
    ["a CVV that is null", withCard({ cvv: null }), `${CARD}/cvv`, "type"],
    ["a CVV of 5 digits", withCard({ cvv: "91919" }), `${CARD}/cvv`, "maxLength"],
    ["the month 13", withCard({ expiryMonth: "13" }), `${CARD}/expiryMonth`, "pattern"],
    ["the year 2091", withCard({ expiryYear: "2091" }), `${CARD}/expiryYear`, "maxLength"],
    ["the region UK", { ...messages.vaultRequest, merchantRegion: "UK" }, "/merchantRegion", "enum"],
    ["no env", { ...messages.vaultRequest, env: undefined }, "/env", "required"],
    ["no card", { ...messages.vaultRequest, paymentMethodDetail: { paymentMethodType: "CARD" } }, CARD, "required"],
    [
      "an ID of 65 characters",
      { ...messages.vaultRequest, vaultingRequestId: "9".repeat(65) },
      "/vaultingRequestId",
      "maxLength",
    ],
    ["an empty ID", { ...messages.vaultRequest, vaultingRequestId: "" }, "/vaultingRequestId", "minLength"],
    [
      "an ID with a line feed",
      { ...messages.vaultRequest, vaultingRequestId: "9\n9" },
      "/vaultingRequestId",
      "pattern",
    ],
    [
      "a javascript: URL",
      { ...messages.vaultRequest, redirectUrl: "javascript:alert(91919)" },
      "/redirectUrl",
      "pattern",
    ],
    ["null as the request", null, "", "type"],
    ["an array as the request", [], "", "type"],
    ["a string as the request", "91919", "", "type"],
  ])("%s", async (_, request, pointer, rule) => {
    const issues = await findIssues(request);
    expect(issues).toContainEqual({ pointer, rule, message: expect.any(String) });
    expect(JSON.stringify(issues)).not.toMatch(/91919|９１９１|2091|UK/);
  });

  test("an expiry year of four digits, with the expected format in the message", async () => {
    const issues = await findIssues(withCard({ expiryYear: "2091" }));
    const message = "must be two digits, for example 26, not 2026";
    expect(issues).toContainEqual({ pointer: `${CARD}/expiryYear`, rule: "pattern", message });
  });

  test("all issues of a request in one error", async () => {
    const issues = await findIssues({ ...withCard({ cvv: "1" }), env: {} });
    expect(issues?.map(({ pointer }) => pointer).sort()).toEqual(["/env/terminalType", `${CARD}/cvv`]);
  });
});

describe("the client does not send a request that is not I-JSON, is nested too deeply, or is too large:", () => {
  const cyclic: Record<string, unknown> = { ...messages.vaultRequest };
  cyclic["self"] = cyclic;
  let deep: unknown = "x";
  for (let level = 0; level < 6000; level++) deep = [deep];

  test.each([
    ["undefined", undefined],
    ["a function", () => messages.vaultRequest],
    ["a BigInt", { ...messages.vaultRequest, amount: 91919n }],
    ["a cycle", cyclic],
    [
      "a toJSON that throws",
      {
        toJSON: () => {
          throw new Error("91919");
        },
      },
    ],
    ["a lone surrogate in a value", { ...messages.vaultRequest, vaultingRequestId: "91919\ud800" }],
    ["a lone surrogate in a name", { ...messages.vaultRequest, "91919\udfff": "" }],
    ["NUL", { ...messages.vaultRequest, metadata: "91919\0" }],
    ["the name __proto__", { ...messages.vaultRequest, ["__proto__"]: { isAdmin: "91919" } }],
    ["6,000 nested arrays", { ...messages.vaultRequest, deep }],
    ["more than 64 KiB", { ...messages.vaultRequest, note: "91919".repeat(20_000) }],
  ])("%s", async (_, request) => {
    const issues = await findIssues(request);
    expect(issues).toEqual([{ pointer: "", rule: "json", message: expect.any(String) }]);
    expect(JSON.stringify(issues)).not.toContain("91919");
  });
});

test.each([
  ["vaultingRequestId", "/vaultingRequestId"],
  ["metadata", "/metadata"],
])("the client rejects a request that repeats its card number in %s, in any format", async (name, pointer) => {
  for (const text of [
    "4054695723100768",
    "a-4054-6957-2310-0768",
    "4054.6957/2310_0768",
    "４０５４６９５７２３１００７６８",
  ]) {
    const issues = await findIssues({ ...withCard({ cardNo: "4054695723100768" }), [name]: text });
    expect(issues).toEqual([{ pointer, rule: "card-number", message: "must not contain the card number" }]);
  }
});

test.each([
  ["createVaultingSession", { vaultingRequestId: "x" }],
  ["inquireVaulting", {}],
] as const)("the client validates the request of %s", async (operation, request) => {
  const call: (request: never) => Promise<unknown> = gateway.client()[operation];
  expect(await catchError(call(request as never))).toMatchObject({ code: "REQUEST_INVALID" });
  expect(gateway.received).toEqual([]);
});

test.each([
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  86_400_001,
])("the client rejects a call timeout of %d", async (timeoutMs) => {
  const error = await catchError(gateway.client().vaultPaymentMethod(messages.vaultRequest, { timeoutMs }));
  expect(error).toMatchObject({ code: "CONFIGURATION_INVALID", message: expect.stringContaining("timeoutMs") });
  expect(gateway.received).toEqual([]);
});

test("the client accepts an ID of 64 emoji", async () => {
  const vaultingRequestId = "😀".repeat(64);
  await using other = await startScriptedGateway(() => ({ body: { ...messages.vaultedResponse, vaultingRequestId } }));
  const outcome = await other.client().vaultPaymentMethod({ ...messages.vaultRequest, vaultingRequestId });
  expect(outcome).toMatchObject({ outcome: "vaulted", vaultingRequestId });
});
