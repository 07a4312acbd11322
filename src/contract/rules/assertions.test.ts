import { describe, expect, test } from "vitest";
import {
  CARD_NO,
  catchFailure,
  createExchange,
  createResultBody,
  createSuccessBody,
} from "../../testing/messages/exchanges.ts";
import { createRequestBody, withCard } from "../document/sample-requests.ts";
import {
  expectAccepted,
  expectDocumented,
  expectDocumentedResult,
  expectEcho,
  expectNoCardData,
  expectRejected,
  expectSignature,
  findCardData,
  summarizeResponse,
} from "./assertions.ts";

type Changes = NonNullable<Parameters<typeof createExchange>[0]>;
type Assertion = (exchange: Awaited<ReturnType<typeof createExchange>>) => void;

/** Returns the first line of the failure, or an empty string if the assertion passes. */
async function getFailure(assertion: Assertion, changes: Changes = {}): Promise<string> {
  const exchange = await createExchange(changes);
  return catchFailure(() => assertion(exchange))?.split("\n")[0] ?? "";
}

describe("expectDocumented", () => {
  test.each<readonly [string, Changes, RegExp]>([
    ["accepts a valid response", {}, /^$/],
    ["rejects HTTP status 201", { status: 201 }, /^HTTP status is 201, expected 200\.$/],
    [
      "rejects a missing Content-Type",
      { headers: { "content-type": undefined } },
      /^Response Content-Type is not application\/json in UTF-8/,
    ],
    [
      "rejects the Content-Type text/html",
      { headers: { "content-type": "text/html" } },
      /^Response Content-Type is not/,
    ],
    ["rejects a body that is not JSON", { responseBody: "<html>" }, /^Response body is not JSON\.$/],
    [
      "rejects an unknown field",
      { responseBody: createSuccessBody({ extra: 1 }) },
      /^Response does not match the OpenAPI document: .*\/extra/,
    ],
    [
      "accepts an unknown field in lenient mode",
      { responseBody: createSuccessBody({ extra: 1 }), context: { lenient: true } },
      /^$/,
    ],
    [
      "rejects a missing result even in lenient mode",
      { responseBody: {}, context: { lenient: true } },
      /^Response does not match the OpenAPI document: /,
    ],
  ])("%s", async (_, changes, message) => {
    expect(await getFailure(expectDocumented, changes)).toMatch(message);
  });

  test("uses the schema of the operation", async () => {
    const responseBody = { ...createSuccessBody(), vaultingStatus: "SUCCESS" };
    expect(await getFailure(expectDocumented, { operation: "inquireVaulting", responseBody })).toBe("");
    expect(await getFailure(expectDocumented, { responseBody })).toMatch(/vaultingStatus/);
    expect(await getFailure(expectDocumented, { operation: "createVaultingSession", responseBody })).toMatch(
      /does not match the OpenAPI document/,
    );
  });
});

const NO_SIGNATURE = { signature: undefined, "response-time": undefined };

describe("expectSignature", () => {
  test.each<readonly [string, Changes, RegExp]>([
    ["accepts a valid response", {}, /^$/],
    [
      "accepts an unsigned error with status F",
      { headers: NO_SIGNATURE, responseBody: createResultBody("PROCESS_FAIL", "F") },
      /^$/,
    ],
    [
      "accepts an unsigned error with status U and empty headers",
      {
        headers: { signature: "", "response-time": "" },
        responseBody: createResultBody("UNKNOWN_EXCEPTION", "U"),
      },
      /^$/,
    ],
    ["rejects an unsigned success", { headers: NO_SIGNATURE }, /^Response is not signed, which is allowed only with/],
    [
      "rejects an unsigned error with HTTP status 500",
      { headers: NO_SIGNATURE, responseBody: createResultBody("PROCESS_FAIL", "F"), status: 500 },
      /^Response is not signed/,
    ],
    ["rejects an unsigned page", { headers: NO_SIGNATURE, responseBody: "<html>" }, /^Response is not signed/],
    [
      "rejects a success without a signature",
      { headers: { signature: undefined } },
      /^Response has no signature header: /,
    ],
    [
      "rejects an error without a signature",
      { headers: { signature: undefined }, responseBody: createResultBody("PROCESS_FAIL", "F") },
      /^Response has no signature header: /,
    ],
    [
      "rejects an error without a response-time",
      { headers: { "response-time": undefined }, responseBody: createResultBody("PROCESS_FAIL", "F") },
      /^Response has no response-time header: /,
    ],
    ["accepts a missing client-id", { headers: { "client-id": undefined } }, /^$/],
    [
      "rejects a different client-id",
      { headers: { "client-id": "OTHER" } },
      /^Response header client-id is not the client ID of the request\.$/,
    ],
  ])("%s", async (_, changes, message) => {
    expect(await getFailure(expectSignature, changes)).toMatch(message);
  });
});

describe("expectAccepted", () => {
  const createAssertion =
    (alsoAccepted?: string): Assertion =>
    (exchange) =>
      expectAccepted(exchange, alsoAccepted);

  test.each([
    ["SUCCESS", "S"],
    ["ANY", "S"],
    ["VERIFICATION_IN_PROCESS", "U"],
    ["VERIFICATION_FAIL", "F"],
    ["PROCESS_FAIL", "F"],
    ["RISK_REJECT", "F"],
    ["VAULTING_NOT_EXIST", "F"],
  ])("accepts %s / %s", async (code, status) => {
    expect(await getFailure(createAssertion(), { responseBody: createResultBody(code, status) })).toBe("");
  });

  test.each<readonly [string, Changes, string]>([
    ["the code PARAM_ILLEGAL", { responseBody: createResultBody("PARAM_ILLEGAL", "F") }, "F / PARAM_ILLEGAL"],
    [
      "the code UNKNOWN_EXCEPTION",
      { responseBody: createResultBody("UNKNOWN_EXCEPTION", "U") },
      "U / UNKNOWN_EXCEPTION",
    ],
    [
      "a result without a status",
      { responseBody: { result: { resultCode: "PROCESS_FAIL" } } },
      "no status / PROCESS_FAIL",
    ],
    ["a result without a code", { responseBody: { result: { resultStatus: "F" } } }, "F / no code"],
    ["a response without a result", { responseBody: {} }, "HTTP status 200"],
    ["a response without a result and with HTTP status 404", { responseBody: "", status: 404 }, "HTTP status 404"],
    ["success with HTTP status 202", { status: 202 }, "HTTP status 202 with S / SUCCESS"],
  ])("rejects %s", async (_, changes, summary) => {
    expect(await getFailure(createAssertion(), changes)).toBe(`Target rejected a valid request: ${summary}.`);
    expect(summarizeResponse(await createExchange(changes))).toBe(summary);
  });

  test("accepts the additional code only with HTTP status 200, and accepts no other code", async () => {
    const responseBody = createResultBody("PARAM_ILLEGAL", "F");
    expect(await getFailure(createAssertion("PARAM_ILLEGAL"), { responseBody })).toBe("");
    expect(await getFailure(createAssertion("PARAM_ILLEGAL"), { responseBody, status: 400 })).toMatch(
      /rejected a valid request/,
    );
    expect(await getFailure(createAssertion("INVALID_API"), { responseBody })).toMatch(/rejected a valid request/);
    expect(await getFailure(createAssertion(undefined), { responseBody: {} })).toMatch(/rejected a valid request/);
  });
});

describe("expectRejected", () => {
  const responseBody = createResultBody("PARAM_ILLEGAL", "F");
  const { vaultingRequestId: _, ...unsignedBody } = {
    vaultingRequestId: "",
    ...createResultBody("INVALID_SIGNATURE", "F"),
  };
  const expectParamIllegal: Assertion = (exchange) => expectRejected(exchange, "PARAM_ILLEGAL");
  const expectInvalidSignature: Assertion = (exchange) => expectRejected(exchange, "INVALID_SIGNATURE");
  const request = { expect: "signature-rejected" } as const;

  test.each<readonly [string, Changes, RegExp]>([
    ["passes for the expected rejection", { responseBody }, /^$/],
    [
      "fails for HTTP status 400",
      { responseBody, status: 400 },
      /^Rejection is not an API response with HTTP status 200 and a result\.$/,
    ],
    ["fails for a response without a result", { responseBody: {} }, /^Rejection is not an API response/],
    [
      "fails for a successful response",
      {},
      /^Target did not reject an invalid request with F \/ PARAM_ILLEGAL: S \/ SUCCESS\.$/,
    ],
    ["fails for a different code", { responseBody: createResultBody("PROCESS_FAIL", "F") }, /: F \/ PROCESS_FAIL\.$/],
    [
      "fails for a different result status",
      { responseBody: createResultBody("PARAM_ILLEGAL", "U") },
      /: U \/ PARAM_ILLEGAL\.$/,
    ],
    ["fails for a result without a code", { responseBody: { result: { resultStatus: "F" } } }, /: F \/ no code\.$/],
    [
      "fails for a result without a status",
      { responseBody: { result: { resultCode: "PARAM_ILLEGAL" } } },
      /: no status \/ PARAM/,
    ],
    [
      "fails for an unknown field",
      { responseBody: { ...responseBody, extra: 1 } },
      /^Response does not match the OpenAPI document/,
    ],
    ["passes for a rejection without signature and response-time", { responseBody, headers: NO_SIGNATURE }, /^$/],
    [
      "fails for a response-time without a signature",
      { responseBody, headers: { signature: undefined } },
      /^Response has no signature header: /,
    ],
  ])("%s", async (_name, changes, message) => {
    expect(await getFailure(expectParamIllegal, changes)).toMatch(message);
  });

  test("shows the expected code if there is no result", async () => {
    const exchange = await createExchange({ responseBody: "", status: 502 });
    expect(catchFailure(() => expectParamIllegal(exchange))).toMatch(
      /\nExpected F \/ PARAM_ILLEGAL, got HTTP status 502\.\n/,
    );
  });

  test("requires an unsigned response to an invalid signature", async () => {
    const unsigned = { responseBody: unsignedBody, request, headers: NO_SIGNATURE };
    expect(await getFailure(expectInvalidSignature, unsigned)).toBe("");
    expect(await getFailure(expectInvalidSignature, { ...unsigned, headers: { signature: undefined } })).toMatch(
      /^Response has no signature header: /,
    );
    expect(await getFailure(expectInvalidSignature, { responseBody: unsignedBody, request })).toBe(
      "Response to a request with an invalid signature is signed; it must be unsigned.",
    );
  });
});

describe("expectDocumentedResult", () => {
  test.each<readonly [string, Changes, RegExp]>([
    ["accepts success", {}, /^$/],
    ["accepts a rejection", { responseBody: createResultBody("PARAM_ILLEGAL", "F") }, /^$/],
    ["rejects HTTP status 500", { status: 500 }, /an API response with a result: HTTP status 500 with S \/ SUCCESS\.$/],
    ["rejects a missing result", { responseBody: {} }, /an API response with a result: HTTP status 200\.$/],
    [
      "rejects an unknown field",
      { responseBody: createSuccessBody({ extra: 1 }) },
      /^Response does not match the OpenAPI document/,
    ],
    [
      "rejects a result with status U",
      { responseBody: createResultBody("UNKNOWN_EXCEPTION", "U") },
      / U \/ UNKNOWN_EXCEPTION, expected a result with status S or F\.$/,
    ],
  ])("%s", async (_, changes, message) => {
    expect(await getFailure(expectDocumentedResult, changes)).toMatch(message);
  });
});

describe("expectEcho", () => {
  const NO_ECHO = "Response does not echo the vaultingRequestId of the request.";
  test.each<readonly [string, Changes, string]>([
    ["accepts the same ID", {}, ""],
    ["rejects a different ID", { responseBody: createSuccessBody({ vaultingRequestId: "id-2" }) }, NO_ECHO],
    ["rejects a missing ID", { responseBody: { result: {} } }, NO_ECHO],
    [
      "accepts the response to createVaultingSession, which has no ID",
      { operation: "createVaultingSession", responseBody: { result: {} } },
      "",
    ],
  ])("%s", async (_, changes, message) => {
    expect(await getFailure(expectEcho, changes)).toBe(message);
  });
});

describe("findCardData", () => {
  const requestBody = createRequestBody("vaultPaymentMethod", "id-1", withCard({ cardNo: CARD_NO, cvv: "123" }));

  test.each<readonly [string, unknown, string | undefined]>([
    ["finds the number", CARD_NO, "card number"],
    ["finds the number with spaces and hyphens", { a: ["4112 2731-4679 8764"] }, "card number"],
    ["finds the number in a string", { a: { b: `of ${CARD_NO}.` } }, "card number"],
    ["finds the number as a property name", { [CARD_NO]: 1 }, "card number"],
    ["finds the CVV", { a: [{ b: "123" }] }, "CVV"],
    ["finds the CVV in an unknown field", { cvvResultRaw: "123" }, "CVV"],
    [
      "ignores the last 4 digits and a ZIP code if they equal the CVV",
      { lastFour: "123", billingAddress: { zipCode: "123" } },
      undefined,
    ],
    ["finds the number in an address", { billingAddress: { address1: CARD_NO } }, "card number"],
    [
      "ignores the BIN, last 4 digits, and a different number",
      { bin: "41122731", lastFour: "8764", networkTransactionId: "4054695723100768" },
      undefined,
    ],
    ["ignores a string that contains the digits of the CVV", { a: "01234" }, undefined],
    ["ignores the masked number", "************8764", undefined],
    ["ignores undefined", undefined, undefined],
  ])("%s", (_, value, found) => {
    expect(findCardData(value, requestBody)).toBe(found);
  });

  test("finds nothing if the request has no card, or if its card data is not text", () => {
    expect(findCardData("123", { vaultingRequestId: "id-1" })).toBeUndefined();
    expect(
      findCardData("123", createRequestBody("vaultPaymentMethod", "id-1", withCard({ cardNo: 4, cvv: 123 }))),
    ).toBeUndefined();
  });
});

test("expectNoCardData names the card data that the response contains", async () => {
  const responseBody = createSuccessBody({ normalUrl: `https://gateway.example/?card=${CARD_NO}` });
  expect(await getFailure(expectNoCardData, { responseBody })).toBe("Response contains the card number.");
  expect(await getFailure(expectNoCardData)).toBe("");
});
