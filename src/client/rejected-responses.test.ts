import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { generateKeyPair } from "../signature/index.ts";
import * as messages from "../testing/messages/client-messages.ts";
import { OTHER_SPKI } from "../testing/messages/signature-vectors.ts";
import {
  CLIENT_ID,
  catchError,
  MERCHANT_PRIVATE_KEY,
  type ScriptedResponse,
  startScriptedGateway,
  type WireResponse,
} from "../testing/servers/scripted-gateway.ts";
import type { VaultClientOptions } from "./index.ts";

let next: ScriptedResponse = {};
const gateway = await startScriptedGateway(() => next);
afterAll(() => gateway[Symbol.asyncDispose]());

const call = (response: ScriptedResponse, options: Partial<VaultClientOptions> = {}) => {
  next = { body: messages.vaultedResponse, ...response };
  return gateway.client({ retry: false, ...options }).vaultPaymentMethod(messages.vaultRequest);
};
const catchRejection = (response: ScriptedResponse, options?: Partial<VaultClientOptions>) =>
  catchError(call(response, options));

describe("an unsigned response", () => {
  const unsigned = { signed: false, headers: { "response-time": undefined } } as const;

  test.each([
    ["PROCESS_FAIL", messages.createFailedResponse("PROCESS_FAIL")],
    ["UNKNOWN_EXCEPTION", { result: messages.createUnknownResult("UNKNOWN_EXCEPTION") }],
  ])("with the result %s causes an error that says what to do", async (resultCode, body) => {
    const error = await catchRejection({ ...unsigned, body });
    expect(error).toMatchObject({ code: "SIGNATURE_MISSING", unverified: { resultCode } });
    expect(error.message).toContain(
      "The gateway can send unsigned errors, so the result is not verified. Call inquireVaulting, or retry with the same vaultingRequestId.",
    );
  });

  test("with success is rejected, because only errors may be unsigned", async () => {
    const error = await catchRejection(unsigned);
    expect(error).toMatchObject({
      code: "SIGNATURE_MISSING",
      unverified: { resultCode: "SUCCESS", resultMessage: "success." },
    });
    expect(error.message).toContain("Only errors (result status F or U) may be unsigned");
  });

  test.each([
    messages.vaultedResponse,
    messages.createFailedResponse("PROCESS_FAIL"),
  ])("with a response-time header is rejected, because the gateway sends that header only with a signature", async (body) => {
    const error = await catchRejection({ signed: false, body });
    expect(error.code).toBe("SIGNATURE_MISSING");
    expect(error.message).toContain("It has a response-time header without a signature");
  });

  test.each([
    "INVALID_SIGNATURE",
    "SIGNATURE_INVALID",
  ])("with %s causes an error that explains what to check", async (resultCode) => {
    const error = await catchRejection({
      signed: false,
      body: { result: messages.createFailureResult(resultCode, "Key 7 of 4054 0768!") },
    });
    expect(error.code).toBe("SIGNATURE_MISSING");
    expect(error.unverified).toEqual({ resultCode, resultMessage: "Key *** of ***!" });
    expect(error.message).toMatch(/merchantPrivateKey.*dashboard.*clientId/);
  });

  test.each([
    ["is HTML", "<html>9191</html>"],
    ["is null", "null"],
    ["has no result", {}],
    ["has null as its result", { result: null }],
    ["has an invalid code", { result: messages.createFailureResult("<b>9191</b>") }],
    ["has a code with digits", { result: messages.createFailureResult("CARD_9191") }],
    ["has a numeric code", { result: { resultCode: 9191 } }],
    ["has a duplicate name", '{"result":{"resultCode":"A","resultCode":"B"}}'],
  ])("is not quoted in the error if its body %s", async (_, body) => {
    const error = await catchRejection({ signed: false, body });
    expect(error.code).toBe("SIGNATURE_MISSING");
    expect(error).not.toHaveProperty("unverified");
  });

  test("adds at most 256 characters of its message to the error, and only if the message is a string", async () => {
    const createBody = (resultMessage: unknown) => ({
      result: { ...messages.createFailureResult("NO"), resultMessage },
    });
    expect((await catchRejection({ signed: false, body: createBody([9]) })).unverified?.resultMessage).toBe("");
    expect(
      (await catchRejection({ signed: false, body: createBody("a".repeat(999)) })).unverified?.resultMessage,
    ).toHaveLength(256);
  });

  test.each(["", " "])("with the Signature header %j is rejected", async (signature) => {
    expect(await catchRejection({ headers: { signature } })).toMatchObject({ code: "SIGNATURE_MISSING" });
  });
});

describe("a response with an invalid signature is rejected:", () => {
  test.each<[string, ScriptedResponse]>([
    ["signed with a different key", { signed: { key: MERCHANT_PRIVATE_KEY } }],
    ["signed for a different path", { signed: { path: "/ams/sandbox/api/v1/vaults/inquireVaulting" } }],
    ["signed for production instead of the sandbox", { signed: { path: "/ams/api/v1/vaults/vaultPaymentMethod" } }],
    ["signed for a different time", { signed: { time: "2026-11-23T08:04:01Z" } }],
    ["signed for a different client", { signed: { clientId: "SANDBOX_OTHER" } }],
    [
      "signed for a different client, with the client-id header of that client",
      { signed: { clientId: "OTHER" }, headers: { "client-id": "OTHER" } },
    ],
    ["signed for this client, with a different client-id header", { headers: { "client-id": "OTHER" } }],
    ["without a time", { headers: { "response-time": undefined } }],
    ["with an empty time", { headers: { "response-time": "" } }],
    ["with a signature that is not base64", { headers: { signature: "algorithm=RSA256,keyVersion=1,signature=!" } }],
    [
      "with a signature of 256 zero bytes",
      { headers: { signature: `algorithm=RSA256,keyVersion=1,signature=${"A".repeat(342)}==` } },
    ],
    ["with algorithm none", { headers: { signature: "algorithm=none,signature=AAAA" } }],
    ["with an HTML body", { signed: { path: "/" }, body: "<html>" }],
  ])("%s", async (_, response) => {
    expect(await catchRejection(response)).toMatchObject({ code: "SIGNATURE_INVALID" });
  });

  test.each<[string, (wireResponse: WireResponse) => Partial<WireResponse>]>([
    ["with a reserialized body", ({ body }) => ({ body: encode(JSON.stringify(JSON.parse(decode(body)), null, 1)) })],
    ["with a line feed after the body", ({ body }) => ({ body: encode(`${decode(body)}\n`) })],
    ["with a byte order mark before the body", ({ body }) => ({ body: encode(`\ufeff${decode(body)}`) })],
    [
      "with the time in a different format",
      ({ headers }) => ({ headers: { ...headers, "response-time": String(Date.now()) } }),
    ],
  ])("%s", async (_, change) => {
    const alter = (wireResponse: WireResponse) => ({ ...wireResponse, ...change(wireResponse) });
    expect(await catchRejection({ alter })).toMatchObject({ code: "SIGNATURE_INVALID" });
  });

  test("with its result in the error, marked as unverified", async () => {
    const error = await catchRejection({ signed: { path: "/" }, body: messages.createFailedResponse("PARAM_ILLEGAL") });
    expect(error.unverified).toEqual({ resultCode: "PARAM_ILLEGAL", resultMessage: "No." });
  });
});

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (body: Uint8Array) => new TextDecoder().decode(body);

describe("the response time", () => {
  const HOUR = 60 * 60 * 1000;
  const formatTimeAgo = (ms: number) => new Date(Date.now() - ms).toISOString();

  test.each([
    ["49 hours old", formatTimeAgo(49 * HOUR), {}],
    ["49 hours ahead", formatTimeAgo(-49 * HOUR), {}],
    ["an hour old with a tolerance of a minute", formatTimeAgo(HOUR), { responseTimeToleranceMs: 60_000 }],
    ["49 hours old, in Unix milliseconds", String(Date.now() - 49 * HOUR), {}],
    ["not a time", "yesterday", {}],
    ["a day that does not exist", "2026-02-30T00:00:00Z", { responseTimeToleranceMs: 36_500 * 24 * HOUR }],
  ])("is rejected if it is %s", async (_, time, options) => {
    expect(await catchRejection({ time }, options)).toMatchObject({ code: "RESPONSE_TIME_OUT_OF_RANGE" });
  });

  test.each([
    ["47 hours old", formatTimeAgo(47 * HOUR), {}],
    [
      "a time with an offset, to the second",
      `${new Date(Date.now() + 8 * HOUR).toISOString().slice(0, 19)}+08:00`,
      { responseTimeToleranceMs: 60_000 },
    ],
    [
      "a minute old by the client's clock",
      "2001-01-01T00:00:00Z",
      { clock: { now: () => Date.UTC(2001, 0, 1, 0, 1), sleep: async () => {} } },
    ],
    ["20 years old with the time check disabled", "2006-01-01T00:00:00Z", { responseTimeToleranceMs: false }],
  ] as const)("is accepted if it is %s", async (_, time, options) => {
    expect(await call({ time }, options)).toHaveProperty("outcome", "vaulted");
  });
});

describe("a signed response that violates the API contract is rejected:", () => {
  test.each([
    ["invalid JSON", "card 9191", "is not JSON"],
    ["an empty body", "", "is empty"],
    ["a duplicate name", '{"result":{},"result":{}}', "contains a duplicate name in an object"],
    ["the name __proto__", '{"__proto__":{"result":{}}}', "contains the name __proto__"],
    ["a byte order mark", '\ufeff{"result":{}}', "starts with a byte order mark"],
    ["invalid UTF-8", Uint8Array.of(0x22, 0xff, 0x22), "is not UTF-8"],
    ["17 levels of nesting", "[".repeat(17) + "]".repeat(17), "is nested deeper than 16 levels"],
  ])("%s", async (_, body, message) => {
    expect(await catchRejection({ body })).toMatchObject({
      code: "RESPONSE_NOT_JSON",
      message: `The response is signed, but its body ${message}.`,
    });
  });

  test.each([
    ["null", null],
    ["an array", []],
    ["no result", { vaultingRequestId: messages.ID }],
    ["success without a card", { ...messages.vaultedResponse, paymentMethodDetail: undefined }],
    [
      "success without a token",
      { ...messages.vaultedResponse, paymentMethodDetail: { paymentMethodType: "CARD", card: {} } },
    ],
    ["success without an ID", { ...messages.vaultedResponse, vaultingRequestId: undefined }],
    ["an invalid status", { ...messages.vaultedResponse, result: { ...messages.successResult, resultStatus: "X" } }],
    ["SUCCESS as a failure", messages.createFailedResponse("SUCCESS")],
    ["an invalid URL", { ...messages.verifyingResponse, normalUrl: "javascript:alert(1)" }],
    ["an empty URL", { ...messages.verifyingResponse, normalUrl: "" }],
  ])("%s", async (_, body) => {
    const error = await catchRejection({ body });
    expect(error.code).toBe("RESPONSE_INVALID");
    expect(error.issues).toContainEqual({
      pointer: expect.any(String),
      rule: expect.any(String),
      message: expect.any(String),
    });
  });

  test("the ID of a different call", async () => {
    const error = await catchRejection({ body: { ...messages.vaultedResponse, vaultingRequestId: "vault-0002" } });
    expect(error.code).toBe("RESPONSE_INVALID");
    expect(error.issues).toEqual([
      { pointer: "/vaultingRequestId", rule: "echo", message: "is not the ID of the request" },
    ]);
  });
});

describe("a message that is not an API response is rejected:", () => {
  test.each([500, 404, 201, 204, 400, 413])("HTTP %d, signed or not", async (status) => {
    expect(await catchRejection({ status })).toMatchObject({ code: "UNEXPECTED_HTTP_STATUS", httpStatus: status });
    expect(await catchRejection({ status, signed: false })).toMatchObject({
      code: "UNEXPECTED_HTTP_STATUS",
      httpStatus: status,
    });
  });

  test("HTML with status 200", async () => {
    const error = await catchRejection({ body: "<html>", signed: false, headers: { "content-type": "text/html" } });
    expect(error).toMatchObject({ code: "SIGNATURE_MISSING" });
  });

  test("a body over 64 KiB, but not a body of 64 KiB", async () => {
    const padBody = (length: number) => ({
      ...messages.vaultedResponse,
      more: "x".repeat(length - JSON.stringify({ ...messages.vaultedResponse, more: "" }).length),
    });
    expect(await call({ body: padBody(65_536) })).toHaveProperty("outcome", "vaulted");
    expect(await catchRejection({ body: padBody(65_537) })).toMatchObject({ code: "RESPONSE_TOO_LARGE" });
  });

  test("a gzip bomb", async () => {
    const body = Uint8Array.from(gzipSync(Buffer.alloc(50_000_000)));
    expect(body.byteLength).toBeLessThan(64 * 1024);
    const error = await catchRejection({ body, headers: { "content-encoding": "gzip" } });
    expect(error).toMatchObject({ code: "RESPONSE_TOO_LARGE" });
  });

  test.each(["truncation", "reset"] as const)("a failed connection (%s)", async (fault) => {
    const error = await catchRejection({ fault });
    expect(error.code).toBe("CONNECTION_FAILED");
    expect(error.message).toContain("retry with the same vaultingRequestId, or call inquireVaulting");
    expect(error.cause).toEqual({
      name: expect.any(String),
      code: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/),
    });
  });
});

describe("a response signature", async () => {
  const added = await generateKeyPair();
  const antomPublicKey = { 1: OTHER_SPKI, 2: added.publicKey };
  const createVersionedResponse = (keyVersion: string, key?: string): ScriptedResponse => ({
    signed: key === undefined ? {} : { key },
    alter: (wireResponse) => {
      const signature = wireResponse.headers["signature"]?.replace(
        "keyVersion=1,",
        keyVersion && `keyVersion=${keyVersion},`,
      );
      return { ...wireResponse, headers: { ...wireResponse.headers, signature: signature ?? "" } };
    },
  });

  test.each([
    ["1", undefined],
    ["2", added.privateKey],
    ["02", added.privateKey],
    ["", added.privateKey],
  ])("with key version %j is accepted if a key matches", async (version, key) => {
    expect(await call(createVersionedResponse(version, key), { antomPublicKey })).toHaveProperty("outcome", "vaulted");
  });

  test.each([
    "2",
    "3",
    "-1",
    "999999999",
    "9999999999",
    "__proto__",
    "constructor",
    "1.0",
    "0x1",
  ])("with key version %j is rejected if no key matches", async (version) => {
    expect(await catchRejection(createVersionedResponse(version), { antomPublicKey })).toMatchObject({
      code: "SIGNATURE_INVALID",
    });
  });

  test("with any key version is accepted if there is only one key and it matches", async () => {
    expect(await call(createVersionedResponse("7"))).toHaveProperty("outcome", "vaulted");
  });
});

test("a response without a client-id header is verified with the client's ID, and a repeated client-id is rejected", async () => {
  expect(await call({ headers: { "client-id": undefined } })).toHaveProperty("outcome", "vaulted");
  expect(await catchRejection({ headers: { "client-id": `${CLIENT_ID}, ${CLIENT_ID}` } })).toMatchObject({
    code: "SIGNATURE_INVALID",
  });
});
