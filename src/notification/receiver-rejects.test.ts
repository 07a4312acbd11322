import { describe, expect, test } from "vitest";
import { OTHER_PKCS8, SPKI } from "../testing/messages/signature-vectors.ts";
import {
  createNotification,
  createTestReceiver,
  EXAMPLES,
  expectRejected,
  NOW,
  PATH,
  TIME,
  VAULTED_BODY,
} from "../testing/servers/notification-receiver.ts";
import { createNotificationReceiver } from "./index.ts";

const MINUTE = 60_000;

/** Expects a new receiver to reject a request without calling the handler, and to report the reason once. */
async function expectRejection(
  request: Request,
  [status, resultCode, reason]: readonly [number, string, RegExp],
  options: Parameters<typeof createTestReceiver>[0] = {},
): Promise<void> {
  const { receive, events, rejections } = createTestReceiver(options);
  const message = await expectRejected(await receive(request), status, resultCode);
  expect(events).toEqual([]);
  expect(rejections).toHaveLength(1);
  expect(rejections[0]?.message).toMatch(reason);
  // The response must not reveal the configuration of the receiver.
  expect(message).not.toMatch(/timeToleranceMs|option|antomPublicKey|common causes/i);
}

describe("the receiver rejects", () => {
  test.each(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])("the method %s", async (method) => {
    await expectRejection(await createNotification({ method }), [405, "METHOD_NOT_SUPPORTED", /must use POST/]);
  });

  test.each([
    "text/plain",
    "text/json",
    "application/xml",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16",
    "application/json; charset=utf-8; charset=utf-8",
    "application/json, application/json",
    "",
  ])("the Content-Type %j", async (mediaType) => {
    const request = await createNotification({ headers: { "content-type": mediaType } });
    await expectRejection(request, [415, "MEDIA_TYPE_NOT_ACCEPTABLE", /application\/json/]);
  });

  test.each([64 * 1024 + 1, 10_000_000])("a body of %i bytes", async (size) => {
    const request = await createNotification({ body: VAULTED_BODY.padEnd(size) });
    await expectRejection(request, [413, "PARAM_ILLEGAL", /larger than 65536 bytes/]);
  });

  test("a body that was already read, and explains how to keep the raw body", async () => {
    const request = await createNotification();
    await request.json();
    await expectRejection(request, [500, "PROCESS_FAIL", /body was read before.*express\.raw/]);
    const { receive, rejections } = createTestReceiver();
    await receive(request);
    expect(rejections).toMatchObject([
      { code: "BODY_ALREADY_PARSED", message: expect.stringMatching(/Fastify.*Next\.js/) },
    ]);
  });

  test("a body that is locked by a reader", async () => {
    const request = await createNotification();
    request.body?.getReader();
    await expectRejection(request, [500, "PROCESS_FAIL", /body was read before/]);
  });

  test("an incomplete body", async () => {
    const { headers } = await createNotification();
    const body = new ReadableStream({
      pull: (controller) => controller.error(new Error("socket hang up 4111111111111111")),
    });
    const init = { method: "POST", headers, body, duplex: "half" } as const;
    await expectRejection(new Request(`https://merchant.example${PATH}`, init), [
      500,
      "PROCESS_FAIL",
      /could not be read/,
    ]);
  });
});

describe("the receiver rejects a signature", () => {
  const CASES: readonly (readonly [string, Promise<Request>])[] = [
    ["made with a different key, such as the merchant's own", createNotification({ key: OTHER_PKCS8 })],
    ["over a different path", createNotification({}, { path: "/other" })],
    ["over the path without its query", createNotification({ path: `${PATH}?a=1` }, { path: PATH })],
    ["over a different time", createNotification({}, { time: "2026-11-23T20:00:01+08:00" })],
    ["over the same time in a different format", createNotification({}, { time: String(NOW) })],
    ["over a different client ID", createNotification({}, { clientId: "SANDBOX_OTHER" })],
    ["over a different body", createNotification({}, { body: VAULTED_BODY.replace("SUCCESS", "FAILURE") })],
    [
      "over the body before it was reserialized",
      createNotification({ body: JSON.stringify(JSON.parse(VAULTED_BODY), null, 2) }, { body: VAULTED_BODY }),
    ],
    [
      "over a body with CRLF instead of LF",
      createNotification({ body: `${VAULTED_BODY}\n` }, { body: `${VAULTED_BODY}\r\n` }),
    ],
  ];
  test.each(CASES)("%s", async (_, request) => {
    await expectRejection(await request, [401, "INVALID_SIGNATURE", /does not match.*set the path option/]);
  });

  test("over the path of the request if the path option differs", async () => {
    await expectRejection(await createNotification(), [401, "INVALID_SIGNATURE", /does not match/], {
      path: "/public",
    });
  });
});

describe("the receiver rejects a Signature header", () => {
  const encodeZeros = (length: number) => encodeURIComponent(Buffer.alloc(length).toString("base64"));
  test.each([
    ["that is missing", undefined],
    ["that is empty", ""],
    ["that contains only a space", " "],
    ["without a signature", "algorithm=RSA256,keyVersion=1,signature="],
    ["without fields", "xyz"],
    ["with algorithm none", `algorithm=none,keyVersion=1,signature=${encodeZeros(256)}`],
    ["with algorithm HS256", `algorithm=HS256,keyVersion=1,signature=${encodeZeros(256)}`],
    ["without an algorithm", `keyVersion=1,signature=${encodeZeros(256)}`],
    ["with a negative key version", `algorithm=RSA256,keyVersion=-1,signature=${encodeZeros(256)}`],
    ["with 255 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${encodeZeros(255)}`],
    ["with 256 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${encodeZeros(256)}`],
    ["with 257 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${encodeZeros(257)}`],
    ["of 64 KiB", `algorithm=RSA256,keyVersion=1,signature=${"A".repeat(65_536)}`],
  ])("%s", async (_, signature) => {
    await expectRejection(await createNotification({ headers: { signature } }), [
      401,
      "INVALID_SIGNATURE",
      /[Ss]ignature/,
    ]);
  });

  test("that was sent twice, even if one or both values are valid", async () => {
    const valid = (await createNotification()).headers.get("signature") ?? "";
    const invalid = `algorithm=RSA256,keyVersion=1,signature=${encodeZeros(256)}`;
    for (const signature of [`${valid}, ${invalid}`, `${invalid}, ${valid}`, `${valid}, ${valid}`])
      await expectRejection(await createNotification({ headers: { signature } }), [
        401,
        "INVALID_SIGNATURE",
        /sent twice/,
      ]);
  });

  test("in which form decoding replaced a plus sign with a space", async () => {
    const request = await createNotification();
    const decoded = (request.headers.get("signature") ?? "").replaceAll("%2B", " ").replaceAll("%2F", "/");
    request.headers.set("signature", decoded);
    await expectRejection(request, [401, "INVALID_SIGNATURE", /space in it is a \+/]);
  });
});

describe("the receiver rejects a notification", () => {
  test("for a different client with a valid signature", async () => {
    await expectRejection(await createNotification({ clientId: "SANDBOX_OTHER" }), [
      401,
      "INVALID_SIGNATURE",
      /Client-Id/,
    ]);
  });

  test.each(["client-id", "request-time"])("without %s", async (name) => {
    const request = await createNotification({ headers: { [name]: undefined } });
    await expectRejection(request, [401, "INVALID_SIGNATURE", new RegExp(name, "i")]);
  });

  test.each([
    "",
    "1",
    "2024-02-30T00:00:00Z",
    "2026-11-23T12:00:00",
    "Mon, 23 Nov 2026 12:00:00 GMT",
    "9".repeat(300),
  ])("with Request-Time %j and a valid signature", async (time) => {
    await expectRejection(await createNotification({ time }), [400, "PARAM_ILLEGAL", /13 digits/]);
  });

  test.each([
    ["that is over 48 hours old", {}, NOW - 48 * 60 * MINUTE - 1],
    ["that is over 48 hours ahead", {}, NOW + 48 * 60 * MINUTE + 1],
    ["that is 6 minutes old with a tolerance of 5 minutes", { timeToleranceMs: 5 * MINUTE }, NOW - 6 * MINUTE],
    ["that is 6 minutes ahead with a tolerance of 5 minutes", { timeToleranceMs: 5 * MINUTE }, NOW + 6 * MINUTE],
  ])("%s", async (_, options, time) => {
    await expectRejection(
      await createNotification({ time: String(time) }),
      [401, "INVALID_SIGNATURE", /timeToleranceMs/],
      options,
    );
  });
});

describe("the receiver rejects a signed body", () => {
  test.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    ["that is empty", "", /is empty/],
    ["that is truncated", VAULTED_BODY.slice(0, -1), /is not JSON/],
    ["that is form data", "a=1&b=2", /is not JSON/],
    ["with a byte order mark", `\uFEFF${VAULTED_BODY}`, /byte order mark/],
    ["that is not UTF-8", Uint8Array.of(0x22, 0xff, 0x22), /is not UTF-8/],
    ["with a duplicate name", VAULTED_BODY.replace("{", '{"vaultingRequestId":"different",'), /duplicate name/],
    [
      "with duplicate names, one of them escaped",
      VAULTED_BODY.replace("{", '{"\\u0076aultingRequestId":"another",'),
      /duplicate name/,
    ],
    ["with the name __proto__", VAULTED_BODY.replace("{", '{"__proto__":{"result":1},'), /__proto__/],
    ["with a number that parsers read differently", VAULTED_BODY.replace("{", '{"x":1e400,'), /a number that/],
    ["with 20,000 nested arrays", "[".repeat(20_000), /nested deeper/],
    ["that is null", "null", /violates the API contract/],
    ["that is an array", "[]", /violates the API contract/],
    ["that is a string", '"x"', /violates the API contract/],
    ["without a result", '{"vaultingRequestId":"r"}', /result/],
    [
      "without a vaultingRequestId",
      '{"result":{"resultCode":"POLICY","resultStatus":"F","resultMessage":"x"}}',
      /vaultingRequestId/,
    ],
    ["with a numeric ID", VAULTED_BODY.replace('"123456789206"', "123456789206"), /\/vaultingRequestId/],
    ["with an ID of 65 characters", VAULTED_BODY.replace("123456789206", "1".repeat(65)), /\/vaultingRequestId/],
    ["with NUL in the ID", VAULTED_BODY.replace("123456789206", "1\\u0000"), /NUL/],
    ["with a lone surrogate in the ID", VAULTED_BODY.replace("123456789206", "\\ud800"), /lone surrogate/],
    ["with success but no token", VAULTED_BODY.replace("cardToken", "token"), /cardToken/],
    ["with success but status U", VAULTED_BODY.replace('"resultStatus":"S"', '"resultStatus":"U"'), /resultStatus/],
    [
      "with success but status F",
      VAULTED_BODY.replace('"resultStatus":"S"', '"resultStatus":"F"'),
      /violates the API contract/,
    ],
    [
      "with a failure but status S",
      JSON.stringify(EXAMPLES.get("POLICY")).replace('"F"', '"S"'),
      /violates the API contract/,
    ],
    ["with an unmasked card number", VAULTED_BODY.replace("************8764", "4112273146798764"), /\/maskedCardNo/],
  ])("%s", async (_, body, reason) => {
    await expectRejection(await createNotification({ body }), [400, "PARAM_ILLEGAL", reason]);
  });

  test("and reports each issue with its pointer and rule", async () => {
    const { receive, rejections } = createTestReceiver();
    await receive(await createNotification({ body: VAULTED_BODY.replace('"123456789206"', "5") }));
    expect(rejections).toMatchObject([
      { code: "NOTIFICATION_REJECTED", issues: [{ pointer: "/vaultingRequestId", rule: "type" }] },
    ]);
  });
});

describe("createNotificationReceiver rejects invalid options:", () => {
  const create = (options: object) => () =>
    createNotificationReceiver({ clientId: "C", antomPublicKey: SPKI, onVaulting: () => {}, ...options });

  test.each(["", "a b", "a\n", "ä", "x".repeat(129), undefined, 5])("clientId %j", (clientId) => {
    expect(create({ clientId })).toThrow(expect.objectContaining({ code: "CONFIGURATION_INVALID" }));
  });

  test.each(["", "hook", "https://merchant.example/hook", 5])("path %j", (path) => {
    expect(create({ path })).toThrow(expect.objectContaining({ code: "CONFIGURATION_INVALID" }));
  });

  test.each<[string, object, RegExp]>([
    [
      "a missing key",
      { antomPublicKey: undefined },
      /^antomPublicKey is undefined: check that the environment variable is set/,
    ],
    ["an empty key", { antomPublicKey: "" }, /^antomPublicKey is empty/],
    ["a missing handler", { onVaulting: undefined }, /onVaulting must be a function/],
    ["an onRejected that is not a function", { onRejected: false }, /onRejected must be a function/],
    ["an onConflict that is not a function", { onConflict: "log" }, /onConflict must be a function/],
    ["a rememberResult that is not a function", { rememberResult: new Map() }, /rememberResult must be a function/],
    ["a now that is not a function", { now: 5 }, /now must be a function/],
    ["a tolerance that is not a number", { timeToleranceMs: Number.NaN }, /timeToleranceMs must be a number/],
    ["a tolerance in a string", { timeToleranceMs: "300000" }, /timeToleranceMs must be a number/],
    ["a negative tolerance", { timeToleranceMs: -1 }, /timeToleranceMs must be a number/],
    ["an unknown option", { onReject: () => {} }, /has no option onReject\. Did you mean onRejected\?/],
  ])("%s", (_, options, message) => {
    expect(create(options)).toThrow(
      expect.objectContaining({ code: "CONFIGURATION_INVALID", message: expect.stringMatching(message) }),
    );
  });

  test("missing options", () => {
    expect(() => Reflect.apply(createNotificationReceiver, undefined, [])).toThrow(
      /requires an options object\. The options are clientId, antomPublicKey/,
    );
  });

  test("but accepts credentials that are spread into the options", () => {
    expect(create({ merchantPrivateKey: "x", baseUrl: "http://127.0.0.1:4020" })).not.toThrow();
  });
});

test("the receiver runs its checks in the documented order, and verifies the signature before it parses the body", async () => {
  const { receive } = createTestReceiver();
  const getStatus = async (request: Request) => (await receive(request)).status;
  const bad = { time: "1", body: "not JSON", headers: { signature: "x", "content-type": "text/plain" } };
  expect(await getStatus(await createNotification({ ...bad, method: "PUT" }))).toBe(405);
  expect(await getStatus(await createNotification(bad))).toBe(415);
  const json = { ...bad, headers: { signature: "x" } };
  expect(await getStatus(await createNotification({ ...json, body: "x".repeat(65_537) }))).toBe(413);
  expect(await getStatus(await createNotification(json))).toBe(401);
  expect(await getStatus(await createNotification({ ...json, headers: {} }))).toBe(400);
  expect(await getStatus(await createNotification({ time: TIME, body: "not JSON" }))).toBe(400);
});
