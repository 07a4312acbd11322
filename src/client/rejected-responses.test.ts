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

const call = (answer: ScriptedResponse, options: Partial<VaultClientOptions> = {}) => {
  next = { body: messages.vaultedResponse, ...answer };
  return gateway.client({ retry: false, ...options }).vaultPaymentMethod(messages.vaultRequest);
};
const refusal = (answer: ScriptedResponse, options?: Partial<VaultClientOptions>) => catchError(call(answer, options));

describe("an answer that is not signed", () => {
  test("is not believed", async () => {
    const error = await refusal({ signed: false });
    expect(error).toMatchObject({
      code: "SIGNATURE_MISSING",
      unverified: { resultCode: "SUCCESS", resultMessage: "success." },
    });
    expect(error.message).toContain("The gateway signs every answer but the one to a refused signature.");
  });

  test.each(["INVALID_SIGNATURE", "SIGNATURE_INVALID"])("tells, as %s, what to look at", async (resultCode) => {
    const error = await refusal({
      signed: false,
      body: { result: messages.failureResult(resultCode, "Key 7 of 4054 0768!") },
    });
    expect(error.code).toBe("SIGNATURE_MISSING");
    expect(error.unverified).toEqual({ resultCode, resultMessage: "Key *** of ***!" });
    expect(error.message).toMatch(/merchantPrivateKey.*dashboard.*clientId/);
  });

  test.each([
    ["is text", "<html>9191</html>"],
    ["is null", "null"],
    ["has no result", {}],
    ["has null for a result", { result: null }],
    ["has a code that is none", { result: messages.failureResult("<b>9191</b>") }],
    ["has a code with digits", { result: messages.failureResult("CARD_9191") }],
    ["has a number for a code", { result: { resultCode: 9191 } }],
    ["has a name twice", '{"result":{"resultCode":"A","resultCode":"B"}}'],
  ])("tells nothing of a body that %s", async (_, body) => {
    const error = await refusal({ signed: false, body });
    expect(error.code).toBe("SIGNATURE_MISSING");
    expect(error).not.toHaveProperty("unverified");
  });

  test("is told without the message that is no text, and with no more than 256 characters of a long one", async () => {
    const body = (resultMessage: unknown) => ({ result: { ...messages.failureResult("NO"), resultMessage } });
    expect((await refusal({ signed: false, body: body([9]) })).unverified?.resultMessage).toBe("");
    expect((await refusal({ signed: false, body: body("a".repeat(999)) })).unverified?.resultMessage).toHaveLength(256);
  });

  test.each(["", " "])("may have the header, but %j in it", async (signature) => {
    expect(await refusal({ headers: { signature } })).toMatchObject({ code: "SIGNATURE_MISSING" });
  });
});

describe("an answer that is signed, but not as it should be", () => {
  test.each<[string, ScriptedResponse]>([
    ["with another key", { signed: { key: MERCHANT_PRIVATE_KEY } }],
    ["for another path", { signed: { path: "/ams/sandbox/api/v1/vaults/inquireVaulting" } }],
    ["for production, not the sandbox", { signed: { path: "/ams/api/v1/vaults/vaultPaymentMethod" } }],
    ["for another time", { signed: { time: "2026-11-23T08:04:01Z" } }],
    ["for another client", { signed: { clientId: "SANDBOX_OTHER" } }],
    ["for another client, whose ID it has", { signed: { clientId: "OTHER" }, headers: { "client-id": "OTHER" } }],
    ["for this client, with the ID of another", { headers: { "client-id": "OTHER" } }],
    ["without a time", { headers: { "response-time": undefined } }],
    ["as no base64", { headers: { signature: "algorithm=RSA256,keyVersion=1,signature=!" } }],
    ["with 256 zero bytes", { headers: { signature: `algorithm=RSA256,keyVersion=1,signature=${"A".repeat(342)}==` } }],
    ["as algorithm none", { headers: { signature: "algorithm=none,signature=AAAA" } }],
    ["and reads <html>", { signed: { path: "/" }, body: "<html>" }],
  ])("%s", async (_, answer) => {
    expect(await refusal(answer)).toMatchObject({ code: "SIGNATURE_INVALID" });
  });

  const rewrite = (change: (written: WireResponse) => Partial<WireResponse>): ScriptedResponse => ({
    alter: (written) => ({ ...written, ...change(written) }),
  });
  const text = (written: WireResponse) => new TextDecoder().decode(written.body);
  test.each([
    [
      "the body written anew",
      ({ body }: WireResponse) => ({ body: bytes(JSON.stringify(JSON.parse(decode(body)), null, 1)) }),
    ],
    ["a line feed behind the body", (written: WireResponse) => ({ body: bytes(`${text(written)}\n`) })],
    ["a byte order mark before the body", (written: WireResponse) => ({ body: bytes(`\ufeff${text(written)}`) })],
    [
      "the time in another form",
      ({ headers }: WireResponse) => ({ headers: { ...headers, "response-time": String(Date.now()) } }),
    ],
  ])("%s", async (_, change) => {
    expect(await refusal(rewrite(change))).toMatchObject({ code: "SIGNATURE_INVALID" });
  });

  test("tells what the answer said, as unverified", async () => {
    const error = await refusal({ signed: { path: "/" }, body: messages.failedResponse("PARAM_ILLEGAL") });
    expect(error.unverified).toEqual({ resultCode: "PARAM_ILLEGAL", resultMessage: "No." });
  });
});

const bytes = (text: string) => new TextEncoder().encode(text);
const decode = (body: Uint8Array) => new TextDecoder().decode(body);

describe("an answer's time", () => {
  const HOUR = 60 * 60 * 1000;
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

  test.each([
    ["49 hours old", ago(49 * HOUR), {}],
    ["49 hours ahead", ago(-49 * HOUR), {}],
    ["an hour old, where a minute is allowed", ago(HOUR), { responseTimeToleranceMs: 60_000 }],
    ["49 hours old, in milliseconds since 1970", String(Date.now() - 49 * HOUR), {}],
    ["no time", "yesterday", {}],
    ["a day that does not exist", "2026-02-30T00:00:00Z", { responseTimeToleranceMs: 36_500 * 24 * HOUR }],
  ])("is refused: %s", async (_, time, options) => {
    expect(await refusal({ time }, options)).toMatchObject({ code: "RESPONSE_TIME_OUT_OF_RANGE" });
  });

  test.each([
    ["47 hours old", ago(47 * HOUR), {}],
    [
      "with an offset, to the second",
      `${new Date(Date.now() + 8 * HOUR).toISOString().slice(0, 19)}+08:00`,
      { responseTimeToleranceMs: 60_000 },
    ],
    [
      "a minute old by the client's own clock",
      "2001-01-01T00:00:00Z",
      { clock: { now: () => Date.UTC(2001, 0, 1, 0, 1), sleep: async () => {} } },
    ],
    ["20 years old, where any is allowed", "2006-01-01T00:00:00Z", { responseTimeToleranceMs: false }],
  ] as const)("is accepted: %s", async (_, time, options) => {
    expect(await call({ time }, options)).toHaveProperty("outcome", "vaulted");
  });
});

describe("an answer that is signed, but breaks the document", () => {
  test.each([
    ["no JSON", "card 9191", "is not JSON"],
    ["nothing", "", "is empty"],
    ["a name twice", '{"result":{},"result":{}}', "contains a duplicate name in an object"],
    ["the name __proto__", '{"__proto__":{"result":{}}}', "contains the name __proto__"],
    ["a byte order mark", '\ufeff{"result":{}}', "starts with a byte order mark"],
    ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22), "is not UTF-8"],
    ["17 levels", "[".repeat(17) + "]".repeat(17), "is nested deeper than 16 levels"],
  ])("%s", async (_, body, message) => {
    expect(await refusal({ body })).toMatchObject({
      code: "RESPONSE_NOT_JSON",
      message: `The answer is signed, but its body ${message}.`,
    });
  });

  test.each([
    ["null", null],
    ["a list", []],
    ["no result", { vaultingRequestId: messages.ID }],
    ["success without a card", { ...messages.vaultedResponse, paymentMethodDetail: undefined }],
    [
      "success without a token",
      { ...messages.vaultedResponse, paymentMethodDetail: { paymentMethodType: "CARD", card: {} } },
    ],
    ["success without an ID", { ...messages.vaultedResponse, vaultingRequestId: undefined }],
    [
      "a status that is none",
      { ...messages.vaultedResponse, result: { ...messages.successResult, resultStatus: "X" } },
    ],
    ["SUCCESS as a failure", messages.failedResponse("SUCCESS")],
    ["an address that is none", { ...messages.verifyingResponse, normalUrl: "javascript:alert(1)" }],
    ["an empty address", { ...messages.verifyingResponse, normalUrl: "" }],
  ])("%s", async (_, body) => {
    const error = await refusal({ body });
    expect(error.code).toBe("RESPONSE_INVALID");
    expect(error.issues).toContainEqual({
      pointer: expect.any(String),
      rule: expect.any(String),
      message: expect.any(String),
    });
  });

  test("the ID of another call", async () => {
    const error = await refusal({ body: { ...messages.vaultedResponse, vaultingRequestId: "vault-0002" } });
    expect(error.code).toBe("RESPONSE_INVALID");
    expect(error.issues).toEqual([
      { pointer: "/vaultingRequestId", rule: "echo", message: "is not the ID of the request" },
    ]);
  });
});

describe("what is no answer", () => {
  test.each([500, 404, 201, 204, 400, 413])("HTTP %d, signed or not", async (status) => {
    expect(await refusal({ status })).toMatchObject({ code: "UNEXPECTED_HTTP_STATUS", httpStatus: status });
    expect(await refusal({ status, signed: false })).toMatchObject({
      code: "UNEXPECTED_HTTP_STATUS",
      httpStatus: status,
    });
  });

  test("a page of HTML with status 200", async () => {
    const error = await refusal({ body: "<html>", signed: false, headers: { "content-type": "text/html" } });
    expect(error).toMatchObject({ code: "SIGNATURE_MISSING" });
  });

  test("over 64 KiB", async () => {
    const padded = (length: number) => ({
      ...messages.vaultedResponse,
      more: "x".repeat(length - JSON.stringify({ ...messages.vaultedResponse, more: "" }).length),
    });
    expect(await call({ body: padded(65_536) })).toHaveProperty("outcome", "vaulted");
    expect(await refusal({ body: padded(65_537) })).toMatchObject({ code: "RESPONSE_TOO_LARGE" });
  });

  test("a gzip bomb", async () => {
    const body = Uint8Array.from(gzipSync(Buffer.alloc(50_000_000)));
    expect(body.byteLength).toBeLessThan(64 * 1024);
    const error = await refusal({ body, headers: { "content-encoding": "gzip" } });
    expect(error).toMatchObject({ code: "RESPONSE_TOO_LARGE" });
  });

  test.each(["truncation", "reset"] as const)("a %s", async (fault) => {
    const error = await refusal({ fault });
    expect(error.code).toBe("CONNECTION_FAILED");
    expect(error.message).toContain("repeat it with the same vaultingRequestId, or inquire");
    expect(error.cause).toEqual({
      name: expect.any(String),
      code: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/),
    });
  });
});

describe("Antom's keys by version", async () => {
  const added = await generateKeyPair();
  const antomPublicKey = { 1: OTHER_SPKI, 2: added.publicKey };
  const versioned = (keyVersion: string, key?: string): ScriptedResponse => ({
    signed: key === undefined ? {} : { key },
    alter: (written) => {
      const signature = written.headers["signature"]?.replace(
        "keyVersion=1,",
        keyVersion && `keyVersion=${keyVersion},`,
      );
      return { ...written, headers: { ...written.headers, signature: signature ?? "" } };
    },
  });

  test.each([
    ["1", undefined],
    ["2", added.privateKey],
    ["02", added.privateKey],
    ["", added.privateKey],
  ])("version %j verifies", async (version, key) => {
    expect(await call(versioned(version, key), { antomPublicKey })).toHaveProperty("outcome", "vaulted");
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
  ])("version %j does not", async (version) => {
    expect(await refusal(versioned(version), { antomPublicKey })).toMatchObject({ code: "SIGNATURE_INVALID" });
  });

  test("one key serves whatever version", async () => {
    expect(await call(versioned("7"))).toHaveProperty("outcome", "vaulted");
  });
});

test("an answer for this client without a client-id header is verified with its own ID", async () => {
  expect(await call({ headers: { "client-id": undefined } })).toHaveProperty("outcome", "vaulted");
  expect(await refusal({ headers: { "client-id": `${CLIENT_ID}, ${CLIENT_ID}` } })).toMatchObject({
    code: "SIGNATURE_INVALID",
  });
});
