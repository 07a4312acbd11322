import { describe, expect, test } from "vitest";
import { operationPaths, operations } from "../../generated/operations.ts";
import { CARD, findCardNumberForms, listCardNumberForms } from "../testing/attacks/card-forms.ts";
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

/** Sends a request to a new gateway, expects it to reject the request without calling the handler, and returns the rejection. */
async function sendRejected(sent: Partial<TestRequest>, signed: Partial<SignedParts> = {}): Promise<CheckedResponse> {
  const { gateway, calls, errors } = createTestGateway();
  const { path = PATH, clientId = CLIENT_ID } = sent;
  const response = await expectValidResponse(await gateway(await createRequest(sent, signed)), { path, clientId });
  expect([calls, errors]).toEqual([[], []]);
  expect(response.resultStatus).toBe("F");
  expect([...response.resultMessage].length).toBeLessThanOrEqual(256);
  return response;
}

describe("the gateway", () => {
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
  ])("rejects the unknown path %s", async (path) => {
    expect(await sendRejected({ path })).toMatchObject({ resultCode: "NO_INTERFACE_DEF", signed: true });
  });

  test.each(
    listCardNumberForms(CARD.cardNo).filter((_, index) => index % 4 === 0),
  )("rejects a request that repeats its card number as %s", async (form) => {
    const card = { ...CARD };
    const { paymentMethodDetail, ...rest } = JSON.parse(SAMPLE_BODY) as { paymentMethodDetail: object };
    const send = async (more: object) => {
      const body = JSON.stringify({ ...rest, paymentMethodDetail: { ...paymentMethodDetail, card }, ...more });
      const { gateway } = createTestGateway();
      return (await gateway(await createRequest({ body }))).text();
    };
    for (const more of [{ metadata: form }, { vaultingRequestId: form }, { unknown: [{ [form]: 1 }] }]) {
      const text = await send(more);
      expect(text).toMatch(/PARAM_ILLEGAL.* must not contain the card number/);
      expect(findCardNumberForms(text, CARD.cardNo)).toEqual([]);
    }
    expect(await send({ metadata: "4054695723100768" })).not.toContain("must not contain");
  });

  test.each(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])("rejects the method %s", async (method) => {
    expect(await sendRejected({ method })).toMatchObject({ resultCode: "METHOD_NOT_SUPPORTED", signed: true });
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=iso-8859-1",
    "application/json; charset=utf-8; charset=utf-8",
    "application/json, text/plain",
    "text/plain, application/json",
    "application/json, application/json; charset=UTF-16",
    "application/json,",
    "",
  ])("rejects Content-Type %j", async (mediaType) => {
    const response = await sendRejected({ headers: { "content-type": mediaType } });
    expect(response).toMatchObject({ resultCode: "MEDIA_TYPE_NOT_ACCEPTABLE", signed: true });
  });

  test.each([
    "application/json, application/json; charset=UTF-8",
    "application/json;charset=utf-8,application/json,Application/JSON",
  ])("accepts several Content-Type headers, joined as %s", async (mediaTypes) => {
    const { gateway, calls } = createTestGateway();
    await gateway(await createRequest({ headers: { "content-type": mediaTypes } }));
    expect(calls).toHaveLength(1);
  });

  test.each([
    "gzip",
    "br",
    "deflate",
    "gzip, identity",
    "identity, identity",
  ])("rejects Content-Encoding %s", async (encoding) => {
    const response = await sendRejected({ headers: { "content-encoding": encoding } });
    expect(response).toMatchObject({ resultCode: "MEDIA_TYPE_NOT_ACCEPTABLE", signed: true });
  });

  test.each([undefined, "", "identity", "IDENTITY"])("accepts Content-Encoding %j", async (encoding) => {
    const { gateway, calls } = createTestGateway();
    await gateway(await createRequest({ headers: { "content-encoding": encoding } }));
    expect(calls).toHaveLength(1);
  });

  test.each([65_537, 10_000_000])("rejects a body of %i bytes and closes the connection", async (size) => {
    const { gateway, calls } = createTestGateway();
    const response = await gateway(await createRequest({ body: SAMPLE_BODY.padEnd(size) }));
    expect(response.headers.get("connection")).toBe("close");
    expect(await expectValidResponse(response)).toMatchObject({ resultCode: "PARAM_ILLEGAL", signed: true });
    expect(calls).toEqual([]);
  });

  test("accepts a body of 65,536 bytes", async () => {
    const { gateway, calls } = createTestGateway();
    await gateway(await createRequest({ body: SAMPLE_BODY.padEnd(65_536) }));
    expect(calls).toHaveLength(1);
  });

  test("responds with a signed KEY_NOT_FOUND to a client without a public key", async () => {
    const { gateway, calls } = createTestGateway({
      findMerchant: () => ({ clientId: CLIENT_ID, publicKeys: undefined }),
    });
    const response = await expectValidResponse(await gateway(await createRequest()));
    expect(response).toMatchObject({ resultCode: "KEY_NOT_FOUND", resultStatus: "F", signed: true });
    expect(calls).toEqual([]);
  });

  test("responds to an unknown client exactly as to an invalid signature", async () => {
    const { gateway, calls } = createTestGateway();
    const invalid = await gateway(await createRequest({}, { body: "{}" }));
    const unknown = await gateway(await createRequest({ clientId: "SANDBOX_9999999999999999" }));
    const headers = [invalid, unknown].map((response) => Object.fromEntries(response.headers));
    expect(headers[1]).toEqual({ ...headers[0], "client-id": "SANDBOX_9999999999999999" });
    const texts = await Promise.all([invalid.text(), unknown.text()]);
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
  ])("does not echo the invalid client ID %j", async (id) => {
    const { gateway, calls } = createTestGateway();
    const response = await gateway(await createRequest({ headers: { "client-id": id } }));
    expect(await expectValidResponse(response, { clientId: "" })).toMatchObject({ resultCode: "INVALID_SIGNATURE" });
    expect(calls).toEqual([]);
  });

  test.each([
    "",
    "1",
    "2024-02-30T00:00:00Z",
    "2026-11-23T12:00:00",
    "176389920000012345",
    "17638992000001234567",
    "9".repeat(300),
  ])("rejects a validly signed request with the Request-Time %j", async (time) => {
    const response = await sendRejected({ time });
    expect(response).toMatchObject({
      resultCode: "PARAM_ILLEGAL",
      resultMessage: expect.stringMatching(/^Request-Time/),
    });
  });

  test("rejects a request that has no Request-Time and is signed with an empty time", async () => {
    const response = await sendRejected({ headers: { "request-time": undefined } }, { time: "" });
    expect(response).toMatchObject({
      resultCode: "PARAM_ILLEGAL",
      resultMessage: expect.stringMatching(/^Request-Time/),
    });
  });

  test.each([
    "2026-11-23T12:00:00+00:00",
    "2026-11-23T12:00:00.1234567Z",
    "2026-11-23T20:00:00+0800",
    "1000000000000",
    "1763899200000123456",
  ])("accepts the Request-Time %s without checking its age", async (time) => {
    const { gateway, calls } = createTestGateway();
    await gateway(await createRequest({ time }));
    expect(calls).toHaveLength(1);
  });
});

describe("the gateway treats a field that is null as absent", () => {
  test.each<[string, string]>([
    ["in the body", SAMPLE_BODY.replace("{", '{"merchantRegion":null,"customizedInfo":null,')],
    ["in the card", SAMPLE_BODY.replace('"cvv":"123"', '"cvv":null')],
    ["in an object of the card", SAMPLE_BODY.replace('"city":', '"label":null,"city":')],
    ["instead of an object", SAMPLE_BODY.replace(/"billingAddress":\{[^}]*\}/, '"billingAddress":null')],
  ])("%s, and passes the rest to the handler", async (_, body) => {
    const { gateway, calls } = createTestGateway();
    expect(body).toContain("null");
    await gateway(await createRequest({ body }));
    const withoutNulls: unknown = JSON.parse(body, (_name, value: unknown) => value ?? undefined);
    expect(calls.map((call) => call.body)).toEqual([withoutNulls]);
    expect(JSON.stringify(calls[0]?.body)).not.toContain("null");
  });

  test.each([
    ["/env", SAMPLE_BODY.replace(/"env":\{[^}]*\}/, '"env":null')],
    ["/vaultingRequestId", SAMPLE_BODY.replace(/"vaultingRequestId":"[^"]*"/, '"vaultingRequestId":null')],
    ["/paymentMethodDetail/card/cardNo", SAMPLE_BODY.replace(/"cardNo":"[^"]*"/, '"cardNo":null')],
  ])("and reports %s as missing", async (pointer, body) => {
    const response = await sendRejected({ body });
    expect(response).toMatchObject({ resultCode: "PARAM_ILLEGAL", resultMessage: `${pointer} is required.` });
  });

  test("but verifies the signature over the sent bytes", async () => {
    const body = SAMPLE_BODY.replace("{", '{"merchantRegion":null,');
    const response = await sendRejected({ body }, { body: SAMPLE_BODY });
    expect(response).toMatchObject({ resultCode: "INVALID_SIGNATURE", signed: false });
  });
});

describe("the gateway rejects an API key", () => {
  const KEY = "api-key-canary";
  const headers = { signature: undefined, authorization: `Bearer ${KEY}` };

  test.each([
    ["from Antom", headers],
    ["with the scheme in lowercase", { ...headers, authorization: `bearer ${KEY}` }],
    ["without a client ID and a time", { ...headers, "client-id": undefined, "request-time": undefined }],
    ["with an empty Signature header", { ...headers, signature: "" }],
  ])("%s with an unsigned OAUTH_FAIL that explains what to do", async (_, changed) => {
    const clientId = "client-id" in changed ? "" : CLIENT_ID;
    const { gateway, calls, rejected } = createTestGateway();
    const response = await expectValidResponse(await gateway(await createRequest({ headers: changed })), { clientId });
    expect(response).toMatchObject({ resultCode: "OAUTH_FAIL", resultStatus: "F", signed: false });
    expect(response.resultMessage).toMatch(/^API keys are not supported here: sign the request/);
    expect(response.text).not.toContain("canary");
    expect([calls, rejected]).toEqual([[], []]);
  });

  test.each([
    ["Basic authentication without a signature", { ...headers, authorization: "Basic Zm9v" }],
    ["a key with an invalid signature", { ...headers, signature: "x" }],
  ])("but returns INVALID_SIGNATURE for %s", async (_, changed) => {
    expect(await sendRejected({ headers: changed })).toMatchObject({ resultCode: "INVALID_SIGNATURE", signed: false });
  });

  test("but ignores the key if the signature is valid", async () => {
    const { gateway, calls } = createTestGateway();
    await gateway(await createRequest({ headers: { authorization: headers.authorization } }));
    expect(calls).toHaveLength(1);
  });
});

describe("the gateway responds with PARAM_ILLEGAL to a validly signed body", () => {
  test.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    ["that is empty", "", /is empty/],
    ["that is truncated", SAMPLE_BODY.slice(0, -1), /is not JSON/],
    ["with a byte order mark", `\uFEFF${SAMPLE_BODY}`, /byte order mark/],
    ["that is not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), /is not UTF-8/],
    ["with a duplicate name", SAMPLE_BODY.replace("{", '{"redirectUrl":"x",'), /duplicate name/],
    ["with deep nesting", "[".repeat(60_000), /nested deeper than 16/],
    ["with __proto__", SAMPLE_BODY.replace("{", '{"__proto__":{},'), /__proto__/],
    ["with NUL", SAMPLE_BODY.replace("123456789206", "\\u0000"), /NUL/],
    [
      "with a number that parsers read differently",
      SAMPLE_BODY.replace("{", '{"x":9007199254740993,'),
      /a number that/,
    ],
    ["that is null", "null", /the body /],
    ["with a string instead of an object", SAMPLE_BODY.replace(/"env":\{[^}]*\}/, '"env":"app"'), /\/env /],
    ["with a number as CVV", SAMPLE_BODY.replace('"cvv":"123"', '"cvv":123'), /\/paymentMethodDetail\/card\/cvv /],
    ["with the month 13", SAMPLE_BODY.replace('"08"', '"13"'), /\/paymentMethodDetail\/card\/expiryMonth /],
    ["with an unknown region", SAMPLE_BODY.replace('"CN"', '"XX"'), /\/region /],
    [
      "with an unsupported URL scheme",
      SAMPLE_BODY.replaceAll("www.test.example", "javascript:alert(1)"),
      /\/redirectUrl /,
    ],
    ["without terminalType", SAMPLE_BODY.replace("terminalType", "terminal"), /\/env\/terminalType is required/],
  ])("%s, and explains why", async (_, body, reason) => {
    const response = await sendRejected({ body });
    expect(response).toMatchObject({ resultCode: "PARAM_ILLEGAL", signed: true });
    expect(response.resultMessage).toMatch(reason);
  });

  test.each(operations)("of %s with many errors, in at most 256 characters", async (operation) => {
    const { gateway } = createTestGateway();
    const path = getOperationPath(operation);
    const card = { cardholderName: { firstName: 1, lastName: 2 }, billingAddress: { region: 3, address1: 4 } };
    const body = JSON.stringify({
      vaultingRequestId: 5,
      paymentMethodDetail: { card },
      env: {},
      redirectUrl: 6,
    });
    const response = await expectValidResponse(await gateway(await createRequest({ path, body })), { path, operation });
    expect(response.resultCode).toBe("PARAM_ILLEGAL");
    expect([...response.resultMessage].length).toBeLessThanOrEqual(256);
  });
});

test("the gateway runs its checks in a fixed order and verifies the signature before it parses the body", async () => {
  const headers = { "content-type": "text/plain", "content-encoding": "gzip", signature: "x" };
  const unknownPath = { path: "/x", method: "PUT", time: "1", body: "x".repeat(65_537) };
  const sendAndReadCode = async (sent: Partial<TestRequest>) => (await sendRejected(sent)).resultCode;
  const put = { ...unknownPath, path: PATH };
  const post = { ...put, method: "POST" };
  const small = { ...post, body: "not JSON" };
  expect(await sendAndReadCode({ ...unknownPath, headers })).toBe("NO_INTERFACE_DEF");
  expect(await sendAndReadCode({ ...put, headers })).toBe("METHOD_NOT_SUPPORTED");
  expect(await sendAndReadCode({ ...post, headers })).toBe("MEDIA_TYPE_NOT_ACCEPTABLE");
  expect(await sendAndReadCode({ ...post, headers: { ...headers, "content-type": undefined } })).toBe(
    "MEDIA_TYPE_NOT_ACCEPTABLE",
  );
  expect((await sendRejected({ ...post, headers: { signature: "x" } })).resultMessage).toMatch(/larger than/);
  expect(await sendAndReadCode({ ...small, headers: { signature: "x" } })).toBe("INVALID_SIGNATURE");
  expect((await sendRejected({ ...small, headers: {} })).resultMessage).toMatch(/^Request-Time/);
  expect((await sendRejected({ ...small, headers: {}, time: String(NOW) })).resultMessage).toMatch(/is not JSON/);
});
