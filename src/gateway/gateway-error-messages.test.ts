import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
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

/** What a refusal says. */
async function saidOf(sent: Partial<TestRequest>, signed: Partial<SignedParts> = {}): Promise<string> {
  const { path = PATH, clientId = CLIENT_ID } = sent;
  const { gateway } = createTestGateway();
  return (await expectValidResponse(await gateway(await createRequest(sent, signed)), { path, clientId }))
    .resultMessage;
}

describe("a refusal says what is wrong, in a sentence", () => {
  test.each<readonly [string, Partial<TestRequest>, string | RegExp]>([
    ["the path", { path: "/x" }, "No API is defined at this path."],
    ["the method", { method: "GET" }, "The HTTP method is not supported; use POST."],
    [
      "the media type",
      { headers: { "content-type": "text/plain" } },
      "Content-Type must be application/json; charset=UTF-8.",
    ],
    [
      "the content encoding",
      { headers: { "content-encoding": "gzip" } },
      "Content-Encoding is not accepted; send the body as it is.",
    ],
    ["an encoding that begins like none", { headers: { "content-encoding": "identity2" } }, /^Content-Encoding/],
    ["an encoding that ends like none", { headers: { "content-encoding": "xidentity" } }, /^Content-Encoding/],
    ["the size", { body: SAMPLE_BODY.padEnd(65_537) }, "The body is larger than 65536 bytes."],
    ["the client", { clientId: "SANDBOX_OTHER" }, "The signature is not valid."],
    ["the time", { time: "1" }, "Request-Time must be 13 digits of milliseconds, or ISO 8601 with an offset."],
    ["the body", { body: "{" }, /^The body is not JSON.*\.$/],
    ["a field", { body: SAMPLE_BODY.replace('"CN"', '"XX"') }, /\/region .*\.$/],
  ])("%s", async (_, sent, told) => {
    const said = await saidOf(sent);
    if (typeof told === "string") expect(said).toBe(told);
    else expect(said).toMatch(told);
  });

  test("no key", async () => {
    const { gateway } = createTestGateway({
      findMerchant: async () => ({ clientId: CLIENT_ID, publicKeys: undefined }),
    });
    expect((await expectValidResponse(await gateway(await createRequest()))).resultMessage).toBe(
      "The merchant has uploaded no public key.",
    );
  });

  test.each([
    ["a blank in it", "a b"],
    ["129 characters", "x".repeat(129)],
  ])("an agent-token with %s", async (_, token) => {
    expect(await saidOf({ headers: { "agent-token": token } })).toBe(
      "agent-token must have at most 128 characters of printable ASCII without blanks.",
    );
  });

  test.each([undefined, "", "x".repeat(128)])("but nothing of an agent-token like %j", async (token) => {
    const { gateway, calls } = createTestGateway();
    await gateway(await createRequest({ headers: { "agent-token": token } }));
    expect(calls).toHaveLength(1);
  });

  test("256 characters of it at the most", () => {
    const messageOf = (length: number) => createFailure("PARAM_ILLEGAL", "x".repeat(length)).result.resultMessage;
    expect(messageOf(256)).toBe("x".repeat(256));
    expect(messageOf(257)).toBe(`${"x".repeat(253)}...`);
  });

  test("and that nobody knows, with what to do", () => {
    expect(createUnknownException("1")).toEqual({
      result: {
        resultCode: "UNKNOWN_EXCEPTION",
        resultStatus: "U",
        resultMessage: "Failed for an unknown reason. Call again with the same ID.",
      },
      vaultingRequestId: "1",
    });
    for (const answer of [createUnknownException(), createFailure("PARAM_ILLEGAL", "No.")])
      expect(answer).not.toHaveProperty("vaultingRequestId");
  });
});

describe("whoever keeps a journal is told", () => {
  async function aboutOf(
    sent: Partial<TestRequest> = {},
    signed: Partial<SignedParts> = {},
    change: Partial<GatewayRequest> = {},
    options: Partial<GatewayOptions> = {},
  ) {
    const { path = PATH, body = SAMPLE_BODY } = sent;
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const headers = await createHeaders(sent, signed);
    const { gateway, errors } = createTestGateway(options);
    const answer = await gateway.answer({ method: "POST", target: path, headers, body: async () => bytes, ...change });
    return { ...answer, errors };
  }
  const route = { operation: "vaultPaymentMethod", environment: "sandbox" };

  test("of a call: its route, its client and its body", async () => {
    expect((await aboutOf()).about).toEqual({ route, clientId: CLIENT_ID, parsed: JSON.parse(SAMPLE_BODY) });
  });

  test.each<readonly [string, GatewayOptions["handle"]]>([
    ["answered", async (call) => createResponseBody(call)],
    ["answered as text", async (call) => JSON.stringify(createResponseBody(call))],
    ["failed", () => Promise.reject(new Error("No."))],
  ])("of a call that was %s: the text that handle noted", async (_, answer) => {
    const handle: GatewayOptions["handle"] = (call, note) => {
      note("A note.");
      return answer(call, note);
    };
    expect((await aboutOf({}, {}, {}, { handle })).about).toMatchObject({ clientId: CLIENT_ID, noted: "A note." });
  });

  test("of a path that leads nowhere: only the client that it names", async () => {
    expect((await aboutOf({ path: "/x" })).about).toEqual({ clientId: CLIENT_ID });
    const { about, headers } = await aboutOf({ path: "/x", headers: { "client-id": "a b" } });
    expect(about).toEqual({ clientId: "" });
    expect(headers).not.toHaveProperty("client-id");
  });

  test("of a refused signature: why, and no body as parsed", async () => {
    const { about, headers } = await aboutOf({}, { body: "{}" });
    const reason = "The signature does not fit the message and the key.";
    expect(about).toMatchObject({ route, clientId: CLIENT_ID, refused: { reason, path: PATH, clientId: CLIENT_ID } });
    expect(about).not.toHaveProperty("parsed");
    expect(headers).not.toHaveProperty("signature");
  });

  test.each<readonly [string, Partial<TestRequest>, unknown]>([
    ["a body that breaks the document", { body: '{"a":1}' }, { a: 1 }],
    ["a body that is no JSON", { body: "{" }, undefined],
    ["a time in no form", { time: "1" }, undefined],
  ])("of %s, rightly signed: the body as far as it was read", async (_, sent, parsed) => {
    const { about, headers } = await aboutOf(sent);
    expect(about).toEqual({ route, clientId: CLIENT_ID, ...(parsed === undefined ? {} : { parsed }) });
    expect(headers).not.toHaveProperty("connection");
  });

  test("of another method, before the body: the route", async () => {
    expect((await aboutOf({}, {}, { method: "PUT" })).about).toEqual({ route, clientId: CLIENT_ID });
  });

  test("of a body that broke off: only that it did, and the connection ends", async () => {
    const broken = new Error("It broke off.");
    const { about, headers, body, errors } = await aboutOf({}, {}, { body: () => Promise.reject(broken) });
    expect([about, headers["connection"], errors]).toEqual([{ clientId: CLIENT_ID }, "close", [broken]]);
    expect(JSON.parse(body)).toMatchObject({ result: { resultCode: "UNKNOWN_EXCEPTION" } });
  });

  test("whether the body is asked for up to its limit", async () => {
    const limits: number[] = [];
    const { headers, about } = await aboutOf({}, {}, { body: async (limit) => void limits.push(limit) });
    expect([limits, about, headers["connection"]]).toEqual([[65_536], { route, clientId: CLIENT_ID }, "close"]);
  });
});

test("headers that are not there are empty texts to whoever explains a refusal and to whoever knows the merchants", async () => {
  const asked: string[] = [];
  const { gateway, refused } = createTestGateway({ findMerchant: (clientId) => void asked.push(clientId) });
  await gateway(
    await createRequest({ headers: { "client-id": undefined, "request-time": undefined, signature: undefined } }),
  );
  expect(refused).toMatchObject([{ clientId: "", time: "", headerValue: "", merchant: undefined }]);
  expect(asked).toEqual([""]);
});

describe("INVALID_SIGNATURE, whoever gives it", () => {
  const result = { resultCode: "INVALID_SIGNATURE", resultStatus: "F", resultMessage: "No." };

  test("as a value is not signed", async () => {
    const { gateway } = createTestGateway({ handle: async () => ({ result }) });
    expect(await expectValidResponse(await gateway(await createRequest()))).toMatchObject({
      resultMessage: "No.",
      signed: false,
    });
  });

  test.each([{}, { result: undefined }, { result: { resultCode: 1 } }])("but %j is", async (answer) => {
    const { gateway } = createTestGateway({ handle: async () => answer });
    const response = await gateway(await createRequest());
    expect([response.headers.has("signature"), await response.text()]).toEqual([true, JSON.stringify(answer)]);
  });
});

test("without a clock of its own the gateway takes the machine's", async () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const gateway = createGateway({
    findMerchant: () => undefined,
    privateKey: await importSigningKey(privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "gateway"),
    keyVersion: "1",
    handle: () => expect.fail("nobody is known"),
  });
  const time = Date.parse((await gateway(await createRequest())).headers.get("response-time") ?? "");
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
});
