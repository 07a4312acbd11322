import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { SIGNATURE_MISMATCH } from "../signature/index.ts";
import {
  CLIENT_ID,
  createHeaders,
  createRequest,
  createResponseBody,
  createTestGateway,
  expectValidResponse,
  PATH,
  SAMPLE_BODY,
  type SignedParts,
  type TestRequest,
} from "../testing/servers/gateway.ts";
import { createFailure, createUnknownException } from "./gateway-results.ts";
import { createGateway, type GatewayOptions, type GatewayRequest, importSigningKey } from "./index.ts";

/** Sends a request that the gateway rejects, and returns the message of the rejection. */
async function sendAndReadMessage(sent: Partial<TestRequest>, signed: Partial<SignedParts> = {}): Promise<string> {
  const { path = PATH, clientId = CLIENT_ID } = sent;
  const { gateway } = createTestGateway();
  return (await expectValidResponse(await gateway(await createRequest(sent, signed)), { path, clientId }))
    .resultMessage;
}

describe("the gateway", () => {
  test.each<readonly [string, Partial<TestRequest>, string | RegExp]>([
    [
      "an unknown path",
      { path: "/x" },
      "No API is defined at this path. Call, for example, /ams/sandbox/api/v1/vaults/vaultPaymentMethod.",
    ],
    ["an unsupported method", { method: "GET" }, "The HTTP method is not supported; use POST."],
    [
      "an unsupported media type",
      { headers: { "content-type": "text/plain" } },
      "Content-Type must be application/json; charset=UTF-8.",
    ],
    [
      "a content encoding",
      { headers: { "content-encoding": "gzip" } },
      "Content-Encoding is not accepted; send the body uncompressed.",
    ],
    ["an encoding that starts like identity", { headers: { "content-encoding": "identity2" } }, /^Content-Encoding/],
    ["an encoding that ends like identity", { headers: { "content-encoding": "xidentity" } }, /^Content-Encoding/],
    ["a body that is too large", { body: SAMPLE_BODY.padEnd(65_537) }, "The body is larger than 65536 bytes."],
    ["an unknown client", { clientId: "SANDBOX_OTHER" }, "The signature is not valid."],
    [
      "an invalid time",
      { time: "1" },
      "Request-Time must be Unix milliseconds (13 digits) or ISO 8601 with an offset.",
    ],
    [
      "an expiry year of four digits",
      { body: SAMPLE_BODY.replace(/"expiryYear":"\d\d"/, '"expiryYear":"2026"') },
      /^\/paymentMethodDetail\/card\/expiryYear .*expiryYear must be two digits, for example 26, not 2026\.$/,
    ],
    ["an invalid body", { body: "{" }, /^The body is not JSON.*\.$/],
    ["an invalid field", { body: SAMPLE_BODY.replace('"CN"', '"XX"') }, /\/region .*\.$/],
  ])("reports %s in a sentence", async (_, sent, expected) => {
    const message = await sendAndReadMessage(sent);
    if (typeof expected === "string") expect(message).toBe(expected);
    else expect(message).toMatch(expected);
  });

  test("reports that the merchant has no public key", async () => {
    const { gateway } = createTestGateway({
      findMerchant: async () => ({ clientId: CLIENT_ID, publicKeys: undefined }),
    });
    expect((await expectValidResponse(await gateway(await createRequest()))).resultMessage).toBe(
      "The merchant has not uploaded a public key.",
    );
  });

  test.each([
    ["a space", "a b"],
    ["129 characters", "x".repeat(129)],
  ])("reports an agent-token with %s", async (_, token) => {
    expect(await sendAndReadMessage({ headers: { "agent-token": token } })).toBe(
      "agent-token must be at most 128 printable ASCII characters without spaces.",
    );
  });

  test.each([undefined, "", "x".repeat(128)])("accepts the agent-token %j", async (token) => {
    const { gateway, calls } = createTestGateway();
    await gateway(await createRequest({ headers: { "agent-token": token } }));
    expect(calls).toHaveLength(1);
  });
});

test("createFailure truncates the message to 256 characters", () => {
  const createMessage = (length: number) => createFailure("PARAM_ILLEGAL", "x".repeat(length)).result.resultMessage;
  expect(createMessage(256)).toBe("x".repeat(256));
  expect(createMessage(257)).toBe(`${"x".repeat(253)}...`);
});

test("createUnknownException advises the client to retry with the same ID", () => {
  expect(createUnknownException("1")).toEqual({
    result: {
      resultCode: "UNKNOWN_EXCEPTION",
      resultStatus: "U",
      resultMessage: "The request failed for an unknown reason. Retry with the same ID.",
    },
    vaultingRequestId: "1",
  });
  for (const response of [createUnknownException(), createFailure("PARAM_ILLEGAL", "No.")])
    expect(response).not.toHaveProperty("vaultingRequestId");
});

describe("the request summary contains", () => {
  async function send(
    sent: Partial<TestRequest> = {},
    signed: Partial<SignedParts> = {},
    change: Partial<GatewayRequest> = {},
    options: Partial<GatewayOptions> = {},
  ) {
    const { path = PATH, body = SAMPLE_BODY } = sent;
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const headers = await createHeaders(sent, signed);
    const { gateway, errors } = createTestGateway(options);
    const response = await gateway.respond({
      method: "POST",
      target: path,
      headers,
      body: async () => bytes,
      ...change,
    });
    return { ...response, errors };
  }
  const route = { operation: "vaultPaymentMethod", environment: "sandbox" };

  test("the route, client, and body of a valid request", async () => {
    expect((await send()).about).toEqual({ route, clientId: CLIENT_ID, parsedBody: JSON.parse(SAMPLE_BODY) });
  });

  test.each<readonly [string, GatewayOptions["handle"]]>([
    ["succeeds", async (call) => createResponseBody(call)],
    ["succeeds with text", async (call) => JSON.stringify(createResponseBody(call))],
    ["fails", () => Promise.reject(new Error("No."))],
  ])("the note of a call that %s", async (_, respond) => {
    const handle: GatewayOptions["handle"] = (call, note) => {
      note("A note.");
      return respond(call, note);
    };
    expect((await send({}, {}, {}, { handle })).about).toMatchObject({ clientId: CLIENT_ID, note: "A note." });
  });

  test("only the client for an unknown path", async () => {
    expect((await send({ path: "/x" })).about).toEqual({ clientId: CLIENT_ID });
    const { about, headers } = await send({ path: "/x", headers: { "client-id": "a b" } });
    expect(about).toEqual({ clientId: "" });
    expect(headers).not.toHaveProperty("client-id");
  });

  test("the reason, and no parsed body, for a rejected signature", async () => {
    const { about, headers } = await send({}, { body: "{}" });
    const rejectedSignature = { reason: SIGNATURE_MISMATCH, path: PATH, clientId: CLIENT_ID };
    expect(about).toMatchObject({ route, clientId: CLIENT_ID, rejectedSignature });
    expect(about).not.toHaveProperty("parsedBody");
    expect(headers).not.toHaveProperty("signature");
  });

  test.each<readonly [string, Partial<TestRequest>, unknown]>([
    ["a body that does not match the OpenAPI document", { body: '{"a":1}' }, { a: 1 }],
    ["a body that is not JSON", { body: "{" }, undefined],
    ["an invalid time", { time: "1" }, undefined],
  ])("the parsed body, if any, for %s with a valid signature", async (_, sent, parsedBody) => {
    const { about, headers } = await send(sent);
    expect(about).toEqual({ route, clientId: CLIENT_ID, ...(parsedBody === undefined ? {} : { parsedBody }) });
    expect(headers).not.toHaveProperty("connection");
  });

  test("the route and the client for an unsupported method", async () => {
    expect((await send({}, {}, { method: "PUT" })).about).toEqual({ route, clientId: CLIENT_ID });
  });

  test("only the client for an aborted body, and the connection is closed", async () => {
    const broken = new Error("Aborted.");
    const { about, headers, body, errors } = await send({}, {}, { body: () => Promise.reject(broken) });
    expect([about, headers["connection"], errors]).toEqual([{ clientId: CLIENT_ID }, "close", [broken]]);
    expect(JSON.parse(body)).toMatchObject({ result: { resultCode: "UNKNOWN_EXCEPTION" } });
  });

  test("the route and the client for a body over the limit, and the connection is closed", async () => {
    const limits: number[] = [];
    const { headers, about } = await send({}, {}, { body: async (limit) => void limits.push(limit) });
    expect([limits, about, headers["connection"]]).toEqual([[65_536], { route, clientId: CLIENT_ID }, "close"]);
  });
});

test("the gateway passes missing headers as empty strings to onSignatureRejected and findMerchant", async () => {
  const requested: string[] = [];
  const { gateway, rejected } = createTestGateway({ findMerchant: (clientId) => void requested.push(clientId) });
  await gateway(
    await createRequest({ headers: { "client-id": undefined, "request-time": undefined, signature: undefined } }),
  );
  expect(rejected).toMatchObject([{ clientId: "", time: "", headerValue: "", merchant: undefined }]);
  expect(requested).toEqual([""]);
});

describe("if the handler returns", () => {
  const result = { resultCode: "INVALID_SIGNATURE", resultStatus: "F", resultMessage: "No." };

  test("INVALID_SIGNATURE, the gateway does not sign the response", async () => {
    const { gateway } = createTestGateway({ handle: async () => ({ result }) });
    expect(await expectValidResponse(await gateway(await createRequest()))).toMatchObject({
      resultMessage: "No.",
      signed: false,
    });
  });

  test.each([
    {},
    { result: undefined },
    { result: { resultCode: 1 } },
  ])("%j, the gateway signs the response", async (body) => {
    const { gateway } = createTestGateway({ handle: async () => body });
    const response = await gateway(await createRequest());
    expect([response.headers.has("signature"), await response.text()]).toEqual([true, JSON.stringify(body)]);
  });
});

test("the gateway uses the system clock by default", async () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const gateway = createGateway({
    findMerchant: () => undefined,
    privateKey: await importSigningKey(privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "gateway"),
    keyVersion: "1",
    handle: () => expect.fail("The handler was called."),
  });
  const request = await createRequest({ method: "GET" });
  const time = Date.parse((await gateway(request)).headers.get("response-time") ?? "");
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
});
