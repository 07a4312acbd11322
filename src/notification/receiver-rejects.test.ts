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

/** Sends to a fresh receiver: refused as told, no handler called, no acknowledgement, the reason told once. */
async function expectNotTaken(
  request: Request,
  [status, resultCode, reason]: readonly [number, string, RegExp],
  options: Parameters<typeof createTestReceiver>[0] = {},
): Promise<void> {
  const { receive, events, refused } = createTestReceiver(options);
  const message = await expectRejected(await receive(request), status, resultCode);
  expect(events).toEqual([]);
  expect(refused).toHaveLength(1);
  expect(refused[0]?.message).toMatch(reason);
  // Whoever sent it learns nothing of how the receiver is set up.
  expect(message).not.toMatch(/timeToleranceMs|option|antomPublicKey|usual causes/i);
}

describe("the envelope", () => {
  test.each(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s is no notification", async (method) => {
    await expectNotTaken(await createNotification({ method }), [405, "METHOD_NOT_SUPPORTED", /is a POST/]);
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
  ])("Content-Type %j", async (mediaType) => {
    const request = await createNotification({ headers: { "content-type": mediaType } });
    await expectNotTaken(request, [415, "MEDIA_TYPE_NOT_ACCEPTABLE", /application\/json/]);
  });

  test.each([64 * 1024 + 1, 10_000_000])("a body of %i bytes", async (size) => {
    const request = await createNotification({ body: VAULTED_BODY.padEnd(size) });
    await expectNotTaken(request, [413, "PARAM_ILLEGAL", /larger than 65536 bytes/]);
  });

  test("a body that was read before says how to keep it", async () => {
    const request = await createNotification();
    await request.json();
    await expectNotTaken(request, [500, "PROCESS_FAIL", /body was read before.*express\.raw/]);
    const { receive, refused } = createTestReceiver();
    await receive(request);
    expect(refused).toMatchObject([
      { code: "BODY_ALREADY_PARSED", message: expect.stringMatching(/Fastify.*Next\.js/) },
    ]);
  });

  test("a body that somebody else is reading is as good as read", async () => {
    const request = await createNotification();
    request.body?.getReader();
    await expectNotTaken(request, [500, "PROCESS_FAIL", /body was read before/]);
  });

  test("a body that breaks off", async () => {
    const { headers } = await createNotification();
    const body = new ReadableStream({
      pull: (controller) => controller.error(new Error("socket hang up 4111111111111111")),
    });
    const init = { method: "POST", headers, body, duplex: "half" } as const;
    await expectNotTaken(new Request(`https://merchant.example${PATH}`, init), [
      500,
      "PROCESS_FAIL",
      /could not be read/,
    ]);
  });
});

describe("a signature that does not verify", () => {
  const CASES: readonly (readonly [string, Promise<Request>])[] = [
    ["with another key, such as the merchant's own", createNotification({ key: OTHER_PKCS8 })],
    ["over another path", createNotification({}, { path: "/other" })],
    ["over the path without its query string", createNotification({ path: `${PATH}?a=1` }, { path: PATH })],
    ["over another time", createNotification({}, { time: "2026-11-23T20:00:01+08:00" })],
    ["over the same instant in another form", createNotification({}, { time: String(NOW) })],
    ["over another client's ID", createNotification({}, { clientId: "SANDBOX_OTHER" })],
    ["over another body", createNotification({}, { body: VAULTED_BODY.replace("SUCCESS", "FAILURE") })],
    [
      "over the body written again",
      createNotification({ body: JSON.stringify(JSON.parse(VAULTED_BODY), null, 2) }, { body: VAULTED_BODY }),
    ],
    ["over CRLF where LF came", createNotification({ body: `${VAULTED_BODY}\n` }, { body: `${VAULTED_BODY}\r\n` })],
  ];
  test.each(CASES)("%s", async (_, request) => {
    await expectNotTaken(await request, [401, "INVALID_SIGNATURE", /does not match.*set the option path/]);
  });

  test("over the request's own path where the option names another", async () => {
    await expectNotTaken(await createNotification(), [401, "INVALID_SIGNATURE", /does not match/], { path: "/public" });
  });
});

describe("a Signature header that cannot be read", () => {
  const zeros = (length: number) => encodeURIComponent(Buffer.alloc(length).toString("base64"));
  test.each([
    ["missing", undefined],
    ["empty", ""],
    ["blank", " "],
    ["with no signature in it", "algorithm=RSA256,keyVersion=1,signature="],
    ["nonsense", "xyz"],
    ["algorithm none", `algorithm=none,keyVersion=1,signature=${zeros(256)}`],
    ["algorithm HS256", `algorithm=HS256,keyVersion=1,signature=${zeros(256)}`],
    ["no algorithm", `keyVersion=1,signature=${zeros(256)}`],
    ["a negative key version", `algorithm=RSA256,keyVersion=-1,signature=${zeros(256)}`],
    ["255 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${zeros(255)}`],
    ["256 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${zeros(256)}`],
    ["257 zero bytes", `algorithm=RSA256,keyVersion=1,signature=${zeros(257)}`],
    ["64 KiB of it", `algorithm=RSA256,keyVersion=1,signature=${"A".repeat(65_536)}`],
  ])("%s", async (_, signature) => {
    await expectNotTaken(await createNotification({ headers: { signature } }), [
      401,
      "INVALID_SIGNATURE",
      /[Ss]ignature/,
    ]);
  });

  test("sent twice, the right one first or last", async () => {
    const right = (await createNotification()).headers.get("signature") ?? "";
    const wrong = `algorithm=RSA256,keyVersion=1,signature=${zeros(256)}`;
    for (const signature of [`${right}, ${wrong}`, `${wrong}, ${right}`, `${right}, ${right}`])
      await expectNotTaken(await createNotification({ headers: { signature } }), [
        401,
        "INVALID_SIGNATURE",
        /sent twice/,
      ]);
  });

  test("a plus that form decoding made a blank", async () => {
    const request = await createNotification();
    const spoilt = (request.headers.get("signature") ?? "").replaceAll("%2B", " ").replaceAll("%2F", "/");
    request.headers.set("signature", spoilt);
    await expectNotTaken(request, [401, "INVALID_SIGNATURE", /blank in it is a plus/]);
  });
});

describe("the client and the time", () => {
  test("another client's notification, rightly signed", async () => {
    await expectNotTaken(await createNotification({ clientId: "SANDBOX_OTHER" }), [
      401,
      "INVALID_SIGNATURE",
      /Client-Id/,
    ]);
  });

  test.each(["client-id", "request-time"])("no %s", async (name) => {
    const request = await createNotification({ headers: { [name]: undefined } });
    await expectNotTaken(request, [401, "INVALID_SIGNATURE", new RegExp(name, "i")]);
  });

  test.each([
    "",
    "1",
    "2024-02-30T00:00:00Z",
    "2026-11-23T12:00:00",
    "Mon, 23 Nov 2026 12:00:00 GMT",
    "9".repeat(300),
  ])("Request-Time %j, rightly signed", async (time) => {
    await expectNotTaken(await createNotification({ time }), [400, "PARAM_ILLEGAL", /13 digits/]);
  });

  test.each([
    ["over 48 hours old", {}, NOW - 48 * 60 * MINUTE - 1],
    ["over 48 hours ahead", {}, NOW + 48 * 60 * MINUTE + 1],
    ["6 minutes old with a tolerance of 5", { timeToleranceMs: 5 * MINUTE }, NOW - 6 * MINUTE],
    ["6 minutes ahead with a tolerance of 5", { timeToleranceMs: 5 * MINUTE }, NOW + 6 * MINUTE],
  ])("%s", async (_, options, time) => {
    await expectNotTaken(
      await createNotification({ time: String(time) }),
      [401, "INVALID_SIGNATURE", /timeToleranceMs/],
      options,
    );
  });
});

describe("a body that is signed, but is no notification", () => {
  test.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    ["empty", "", /is empty/],
    ["cut off", VAULTED_BODY.slice(0, -1), /is not JSON/],
    ["a form", "a=1&b=2", /is not JSON/],
    ["a byte order mark before it", `\uFEFF${VAULTED_BODY}`, /byte order mark/],
    ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22), /is not UTF-8/],
    ["a name twice", VAULTED_BODY.replace("{", '{"vaultingRequestId":"another",'), /duplicate name/],
    ["a name twice, once escaped", VAULTED_BODY.replace("{", '{"\\u0076aultingRequestId":"another",'), /duplicate name/],
    ["__proto__", VAULTED_BODY.replace("{", '{"__proto__":{"result":1},'), /__proto__/],
    ["200,000 nested arrays would be too large; 20,000", "[".repeat(20_000), /nested deeper/],
    ["null", "null", /breaks the document/],
    ["an array", "[]", /breaks the document/],
    ["a text", '"x"', /breaks the document/],
    ["no result", '{"vaultingRequestId":"r"}', /result/],
    [
      "no vaultingRequestId",
      '{"result":{"resultCode":"POLICY","resultStatus":"F","resultMessage":"x"}}',
      /vaultingRequestId/,
    ],
    ["a number for an ID", VAULTED_BODY.replace('"123456789206"', "123456789206"), /\/vaultingRequestId/],
    ["an ID of 65 characters", VAULTED_BODY.replace("123456789206", "1".repeat(65)), /\/vaultingRequestId/],
    ["a NUL in the ID", VAULTED_BODY.replace("123456789206", "1\\u0000"), /NUL/],
    ["a lone surrogate in the ID", VAULTED_BODY.replace("123456789206", "\\ud800"), /lone surrogate/],
    ["success without a token", VAULTED_BODY.replace("cardToken", "token"), /cardToken/],
    ["success told as U", VAULTED_BODY.replace('"resultStatus":"S"', '"resultStatus":"U"'), /resultStatus/],
    ["success told as F", VAULTED_BODY.replace('"resultStatus":"S"', '"resultStatus":"F"'), /breaks the document/],
    ["a failure told as S", JSON.stringify(EXAMPLES.get("POLICY")).replace('"F"', '"S"'), /breaks the document/],
    [
      "a card number that is not masked",
      VAULTED_BODY.replace("************8764", "4112273146798764"),
      /\/maskedCardNo/,
    ],
  ])("%s", async (_, body, reason) => {
    await expectNotTaken(await createNotification({ body }), [400, "PARAM_ILLEGAL", reason]);
  });

  test("is told with its issues, by pointer and rule", async () => {
    const { receive, refused } = createTestReceiver();
    await receive(await createNotification({ body: VAULTED_BODY.replace('"123456789206"', "5") }));
    expect(refused).toMatchObject([
      { code: "NOTIFICATION_REJECTED", issues: [{ pointer: "/vaultingRequestId", rule: "type" }] },
    ]);
  });
});

describe("options that cannot be right are refused at once", () => {
  const create = (options: object) => () =>
    createNotificationReceiver({ clientId: "C", antomPublicKey: SPKI, onVaulting: () => {}, ...options });

  test.each(["", "a b", "a\n", "ä", "x".repeat(129), undefined, 5])("clientId %j", (clientId) => {
    expect(create({ clientId })).toThrow(expect.objectContaining({ code: "CONFIGURATION_INVALID" }));
  });

  test.each(["", "hook", "https://merchant.example/hook"])("path %j", (path) => {
    expect(create({ path })).toThrow(expect.objectContaining({ code: "CONFIGURATION_INVALID" }));
  });
});

test("the checks come in the order that is told: nothing of a body counts before its signature", async () => {
  const { receive } = createTestReceiver();
  const statusOf = async (request: Request) => (await receive(request)).status;
  const bad = { time: "1", body: "not JSON", headers: { signature: "x", "content-type": "text/plain" } };
  expect(await statusOf(await createNotification({ ...bad, method: "PUT" }))).toBe(405);
  expect(await statusOf(await createNotification(bad))).toBe(415);
  const json = { ...bad, headers: { signature: "x" } };
  expect(await statusOf(await createNotification({ ...json, body: "x".repeat(65_537) }))).toBe(413);
  expect(await statusOf(await createNotification(json))).toBe(401);
  expect(await statusOf(await createNotification({ ...json, headers: {} }))).toBe(400);
  expect(await statusOf(await createNotification({ time: TIME, body: "not JSON" }))).toBe(400);
});
