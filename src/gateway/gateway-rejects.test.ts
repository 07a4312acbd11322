import { describe, expect, test } from "vitest";
import { operationPaths, operations } from "../../generated/operations.ts";
import {
  type CheckedResponse,
  CLIENT_ID,
  createRequest,
  createTestGateway,
  expectValidResponse,
  getOperationPath,
  NOW,
  PATH,
  SAMPLE_BODY,
  type SignedParts,
  type TestRequest,
} from "../testing/servers/gateway.ts";

/** Sends to a fresh gateway: refused with this code, in the API's own form, and nothing handed on. */
async function refusal(sent: Partial<TestRequest>, signed: Partial<SignedParts> = {}): Promise<CheckedResponse> {
  const { gateway, calls, errors } = createTestGateway();
  const { path = PATH, clientId = CLIENT_ID } = sent;
  const answer = await expectValidResponse(await gateway(await createRequest(sent, signed)), { path, clientId });
  expect([calls, errors]).toEqual([[], []]);
  expect(answer.resultStatus).toBe("F");
  expect([...answer.resultMessage].length).toBeLessThanOrEqual(256);
  return answer;
}

describe("the envelope", () => {
  test.each([
    "/",
    "/ams/api/v1/vaults",
    "/ams/api/v2/vaults/vaultPaymentMethod",
    `${PATH}/`,
    PATH.toUpperCase(),
    PATH.replace("/v1", "//v1"),
    PATH.replace("vaultP", "vault%50"),
    operationPaths.vaultPaymentMethod,
    "/ams/api/v1/vaults/__proto__",
    "/constructor",
  ])("no API at %s", async (path) => {
    expect(await refusal({ path })).toMatchObject({ resultCode: "NO_INTERFACE_DEF", signed: true });
  });

  test.each(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s is not supported", async (method) => {
    expect(await refusal({ method })).toMatchObject({ resultCode: "METHOD_NOT_SUPPORTED", signed: true });
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=iso-8859-1",
    "application/json; charset=utf-8; charset=utf-8",
    "application/json, text/plain",
    "",
  ])("Content-Type %j", async (mediaType) => {
    const answer = await refusal({ headers: { "content-type": mediaType } });
    expect(answer).toMatchObject({ resultCode: "MEDIA_TYPE_NOT_ACCEPTABLE", signed: true });
  });

  test.each([
    "gzip",
    "br",
    "deflate",
    "gzip, identity",
    "identity, identity",
  ])("Content-Encoding %s", async (encoding) => {
    const answer = await refusal({ headers: { "content-encoding": encoding } });
    expect(answer).toMatchObject({ resultCode: "MEDIA_TYPE_NOT_ACCEPTABLE", signed: true });
  });

  test.each([undefined, "", "identity", "IDENTITY"])("but not Content-Encoding %s", async (encoding) => {
    const { gateway, calls } = createTestGateway();
    await gateway(await createRequest({ headers: { "content-encoding": encoding } }));
    expect(calls).toHaveLength(1);
  });

  test.each([65_537, 10_000_000])("a body of %i bytes, and the connection is not used again", async (size) => {
    const { gateway, calls } = createTestGateway();
    const response = await gateway(await createRequest({ body: SAMPLE_BODY.padEnd(size) }));
    expect(response.headers.get("connection")).toBe("close");
    expect(await expectValidResponse(response)).toMatchObject({ resultCode: "PARAM_ILLEGAL", signed: true });
    expect(calls).toEqual([]);
  });

  test("but not one of 65,536 bytes", async () => {
    const { gateway, calls } = createTestGateway();
    await gateway(await createRequest({ body: SAMPLE_BODY.padEnd(65_536) }));
    expect(calls).toHaveLength(1);
  });
});

describe("the client", () => {
  test("of whom there is no key: KEY_NOT_FOUND, signed", async () => {
    const { gateway, calls } = createTestGateway({
      findMerchant: () => ({ clientId: CLIENT_ID, publicKeys: undefined }),
    });
    const answer = await expectValidResponse(await gateway(await createRequest()));
    expect(answer).toMatchObject({ resultCode: "KEY_NOT_FOUND", resultStatus: "F", signed: true });
    expect(calls).toEqual([]);
  });

  test("that is not known gets the very answer of a wrong signature", async () => {
    const { gateway, calls } = createTestGateway();
    const wrong = await gateway(await createRequest({}, { body: "{}" }));
    const unknown = await gateway(await createRequest({ clientId: "SANDBOX_9999999999999999" }));
    const headers = [wrong, unknown].map((response) => Object.fromEntries(response.headers));
    expect(headers[1]).toEqual({ ...headers[0], "client-id": "SANDBOX_9999999999999999" });
    const texts = await Promise.all([wrong.text(), unknown.text()]);
    expect(texts[1]).toBe(texts[0]);
    expect(calls).toEqual([]);
  });

  test.each([
    undefined,
    "",
    "a b",
    "a, a",
    "x".repeat(129),
    "Zoë",
  ])("%j is not repeated in the answer's header", async (id) => {
    const { gateway, calls } = createTestGateway();
    const response = await gateway(await createRequest({ headers: { "client-id": id } }));
    expect(await expectValidResponse(response, { clientId: "" })).toMatchObject({ resultCode: "INVALID_SIGNATURE" });
    expect(calls).toEqual([]);
  });
});

describe("Request-Time", () => {
  test.each([
    "",
    "1",
    "2024-02-30T00:00:00Z",
    "2026-11-23T12:00:00",
    "9".repeat(300),
  ])("%j, rightly signed", async (time) => {
    const answer = await refusal({ time });
    expect(answer).toMatchObject({
      resultCode: "PARAM_ILLEGAL",
      resultMessage: expect.stringMatching(/^Request-Time/),
    });
  });

  test("missing, and signed as empty", async () => {
    const answer = await refusal({ headers: { "request-time": undefined } }, { time: "" });
    expect(answer).toMatchObject({
      resultCode: "PARAM_ILLEGAL",
      resultMessage: expect.stringMatching(/^Request-Time/),
    });
  });

  test.each([
    "2026-11-23T12:00:00+00:00",
    "2026-11-23T12:00:00.1234567Z",
    "2026-11-23T20:00:00+0800",
    "1000000000000",
  ])("%s is accepted, however old", async (time) => {
    const { gateway, calls } = createTestGateway();
    await gateway(await createRequest({ time }));
    expect(calls).toHaveLength(1);
  });
});

describe("the body, rightly signed", () => {
  test.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    ["empty", "", /is empty/],
    ["cut off", SAMPLE_BODY.slice(0, -1), /is not JSON/],
    ["a byte order mark before it", `\uFEFF${SAMPLE_BODY}`, /byte order mark/],
    ["no UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), /is not UTF-8/],
    ["a name twice", SAMPLE_BODY.replace("{", '{"redirectUrl":"x",'), /a name twice/],
    ["deep nesting", "[".repeat(60_000), /nested deeper than 16/],
    ["__proto__", SAMPLE_BODY.replace("{", '{"__proto__":{},'), /__proto__/],
    ["NUL", SAMPLE_BODY.replace("123456789206", "\\u0000"), /NUL/],
    ["null", "null", /the body /],
    ["a text for an object", SAMPLE_BODY.replace(/"env":\{[^}]*\}/, '"env":"app"'), /\/env /],
    ["a number for the CVV", SAMPLE_BODY.replace('"cvv":"123"', '"cvv":123'), /\/paymentMethodDetail\/card\/cvv /],
    ["a month of 13", SAMPLE_BODY.replace('"08"', '"13"'), /\/paymentMethodDetail\/card\/expiryMonth /],
    ["an unknown region", SAMPLE_BODY.replace('"CN"', '"XX"'), /\/region /],
    ["another scheme", SAMPLE_BODY.replaceAll("www.test.com", "javascript:alert(1)"), /\/redirectUrl /],
    ["no terminalType", SAMPLE_BODY.replace("terminalType", "terminal"), /\/env\/terminalType is required/],
  ])("%s: PARAM_ILLEGAL says where and which rule", async (_, body, reason) => {
    const answer = await refusal({ body });
    expect(answer).toMatchObject({ resultCode: "PARAM_ILLEGAL", signed: true });
    expect(answer.resultMessage).toMatch(reason);
  });

  test.each(operations)("many faults of %s are told in at most 256 characters", async (operation) => {
    const { gateway } = createTestGateway();
    const path = getOperationPath(operation);
    const wrong = { cardholderName: { firstName: 1, lastName: 2 }, billingAddress: { region: 3, address1: 4 } };
    const body = JSON.stringify({
      vaultingRequestId: 5,
      paymentMethodDetail: { card: wrong },
      env: {},
      redirectUrl: 6,
    });
    const answer = await expectValidResponse(await gateway(await createRequest({ path, body })), { path, operation });
    expect(answer.resultCode).toBe("PARAM_ILLEGAL");
    expect([...answer.resultMessage].length).toBeLessThanOrEqual(256);
  });
});

test("the checks come in one order: each fault hides those behind it, and nothing of a body counts before its signature", async () => {
  const bad = { path: "/x", method: "PUT", time: "1", body: "x".repeat(65_537), key: undefined };
  const { key: _, ...wrong } = {
    ...bad,
    headers: { "content-type": "text/plain", "content-encoding": "gzip", signature: "x" },
  };
  const { headers, ...rest } = wrong;
  const codeOf = async (sent: Partial<TestRequest>) => (await refusal(sent)).resultCode;
  const at = { ...rest, path: PATH };
  const post = { ...at, method: "POST" };
  const small = { ...post, body: "not JSON" };
  expect(await codeOf({ ...rest, headers })).toBe("NO_INTERFACE_DEF");
  expect(await codeOf({ ...at, headers })).toBe("METHOD_NOT_SUPPORTED");
  expect(await codeOf({ ...post, headers })).toBe("MEDIA_TYPE_NOT_ACCEPTABLE");
  expect(await codeOf({ ...post, headers: { ...headers, "content-type": undefined } })).toBe(
    "MEDIA_TYPE_NOT_ACCEPTABLE",
  );
  expect((await refusal({ ...post, headers: { signature: "x" } })).resultMessage).toMatch(/larger than/);
  expect(await codeOf({ ...small, headers: { signature: "x" } })).toBe("INVALID_SIGNATURE");
  expect((await refusal({ ...small, headers: {} })).resultMessage).toMatch(/^Request-Time/);
  expect((await refusal({ ...small, headers: {}, time: String(NOW) })).resultMessage).toMatch(/is not JSON/);
});
