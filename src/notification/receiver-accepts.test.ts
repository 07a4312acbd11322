import { describe, expect, test } from "vitest";
import { OTHER_PKCS8, OTHER_SPKI, SPKI } from "../testing/messages/signature-vectors.ts";
import {
  createNotification,
  createTestReceiver,
  EXAMPLES,
  expectAcknowledged,
  NOW,
  PATH,
  TIME,
  VAULTED_BODY,
} from "../testing/servers/notification-receiver.ts";

const HOUR = 60 * 60 * 1000;

describe("each example of the document is handed over and acknowledged", () => {
  test("there are examples", () => {
    expect(EXAMPLES.size).toBeGreaterThan(20);
  });

  test.each([...EXAMPLES])("%s", async (name, example) => {
    const { receive, events, refused } = createTestReceiver();
    await expectAcknowledged(await receive(await createNotification({ body: JSON.stringify(example) })));
    expect(refused).toEqual([]);
    expect(events).toHaveLength(1);
    expect(events[0]?.notification).toEqual(example);
    expect(events[0]?.outcome).toBe(name.startsWith("SUCCESS") ? "vaulted" : "failed");
  });

  test("with the fields that a merchant needs at hand", async () => {
    const { receive, events } = createTestReceiver();
    await receive(await createNotification());
    await receive(await createNotification({ body: JSON.stringify(EXAMPLES.get("VERIFICATION_FAIL")) }));
    expect(events).toMatchObject([
      {
        outcome: "vaulted",
        vaultingRequestId: "123456789206",
        metadata: '{"customer":"c-17"}',
        cardToken: expect.stringMatching(/^ALIPAY/),
        paymentMethodDetail: { card: { maskedCardNo: "************8764" } },
      },
      { outcome: "failed", vaultingRequestId: "123456789206", code: "VERIFICATION_FAIL", message: expect.any(String) },
    ]);
    expect(events[1]).not.toHaveProperty("metadata");
  });
});

describe("what the gateway may add is accepted", () => {
  test.each([
    ["unknown fields at every level", { extra: 1, result: { ...result("F", "VERIFICATION_FAIL"), extra: {} } }],
    ["a code that the document does not name", { result: result("F", "ISSUER_ON_HOLIDAY") }],
    ["a field named like a method of every object", { toString: "x", constructor: "y", result: result("F", "POLICY") }],
  ])("%s", async (_, more) => {
    const { receive, events } = createTestReceiver();
    const body = JSON.stringify({ vaultingRequestId: "r-1", ...more });
    await expectAcknowledged(await receive(await createNotification({ body })));
    expect(events).toMatchObject([{ outcome: "failed", code: more.result.resultCode, notification: JSON.parse(body) }]);
  });

  test("a brand and a funding that are new", async () => {
    const { receive, events } = createTestReceiver();
    const body = VAULTED_BODY.replace('"VISA"', '"NEWBRAND","funding":"MOONSTONE"');
    await expectAcknowledged(await receive(await createNotification({ body })));
    expect(events).toMatchObject([{ paymentMethodDetail: { card: { brand: "NEWBRAND", funding: "MOONSTONE" } } }]);
  });

  function result(resultStatus: string, resultCode: string) {
    return { resultStatus, resultCode, resultMessage: "x" };
  }
});

describe("the body is taken as its bytes are", () => {
  test.each([
    ["indented", JSON.stringify(JSON.parse(VAULTED_BODY), null, 3)],
    ["with CRLF", VAULTED_BODY.replace(",", ",\r\n")],
    ["with escapes", VAULTED_BODY.replaceAll("r", "\\u0072")],
    ["with text outside ASCII", VAULTED_BODY.replace("c-17", "Zoë 王小明 🌍")],
    ["of exactly 64 KiB", VAULTED_BODY.padEnd(64 * 1024)],
  ])("%s", async (_, body) => {
    const { receive, events } = createTestReceiver();
    await expectAcknowledged(await receive(await createNotification({ body })));
    expect(events[0]?.notification).toEqual(JSON.parse(body));
  });
});

describe("Request-Time", () => {
  test.each([
    String(NOW),
    "2026-11-23T12:00:00Z",
    "2026-11-23T20:00:00+08:00",
    "2026-11-23T17:30:00+0530",
    "2026-11-23T12:00:00.1234567Z",
    "2026-11-23T12:00:00.123+00:00",
  ])("%s is read", async (time) => {
    const { receive } = createTestReceiver({ timeToleranceMs: 1000 });
    await expectAcknowledged(await receive(await createNotification({ time })));
  });

  test.each([
    ["48 hours old", {}, NOW - 48 * HOUR],
    ["48 hours ahead", {}, NOW + 48 * HOUR],
    ["4 minutes old with a tolerance of 5", { timeToleranceMs: 5 * 60_000 }, NOW - 4 * 60_000],
    ["years old with the tolerance switched off", { timeToleranceMs: false }, 1_000_000_000_000],
  ] as const)("%s is accepted", async (_, options, time) => {
    const { receive } = createTestReceiver(options);
    await expectAcknowledged(await receive(await createNotification({ time: String(time) })));
  });
});

describe("headers in the other forms there are", () => {
  test.each([
    ["application/json"],
    ["application/json;charset=utf-8"],
    ["APPLICATION/JSON; charset=UTF-8"],
    [undefined],
  ])("Content-Type: %s", async (mediaType) => {
    const { receive } = createTestReceiver();
    const request = await createNotification({
      headers: { "content-type": mediaType },
      body: new TextEncoder().encode(VAULTED_BODY),
    });
    await expectAcknowledged(await receive(request));
  });

  test.each([
    ["a blank behind the commas, as the vendor's page prints it", (value: string) => value.replaceAll(",", ", ")],
    ["lower-case hex, as .NET writes it", (value: string) => value.replace(/%../g, (hex) => hex.toLowerCase())],
    ["base64 as it is", (value: string) => decodeURIComponent(value)],
    ["no key version", (value: string) => value.replace("keyVersion=1,", "")],
  ])("Signature with %s", async (_, rewrite) => {
    const { receive } = createTestReceiver();
    const request = await createNotification();
    request.headers.set("signature", rewrite(request.headers.get("signature") ?? ""));
    await expectAcknowledged(await receive(request));
  });
});

describe("several public keys, while one is being replaced", () => {
  const keys = { 1: SPKI, 2: OTHER_SPKI };
  const from = async (key: string | undefined, version: string) => {
    const request = await createNotification(key === undefined ? {} : { key });
    const value = request.headers.get("signature") ?? "";
    request.headers.set("signature", value.replace("keyVersion=1,", version));
    return request;
  };

  test.each([
    ["the old one by its version", undefined, "keyVersion=1,"],
    ["the new one by its version", OTHER_PKCS8, "keyVersion=2,"],
    ["the new one without a version", OTHER_PKCS8, ""],
  ])("%s", async (_, key, version) => {
    const { receive } = createTestReceiver({ antomPublicKey: keys });
    await expectAcknowledged(await receive(await from(key, version)));
  });

  test.each([
    ["the old key under the new version", undefined, "keyVersion=2,"],
    ["the old key without a version", undefined, ""],
    ["a version that is not there", undefined, "keyVersion=999999999,"],
    ["a version that is a property of every object", undefined, "keyVersion=__proto__,"],
  ])("not %s", async (_, key, version) => {
    const { receive, events } = createTestReceiver({ antomPublicKey: keys });
    expect((await receive(await from(key, version))).status).toBe(401);
    expect(events).toEqual([]);
  });
});

describe("the path that is signed", () => {
  test("is the request's, query string included", async () => {
    const { receive } = createTestReceiver();
    await expectAcknowledged(await receive(await createNotification({ path: `${PATH}?shop=7&x=%C3%A9` })));
  });

  test("is the option's where something on the way rewrites it", async () => {
    const { receive } = createTestReceiver({ path: "/public/hook?shop=7" });
    await expectAcknowledged(
      await receive(await createNotification({ path: "/internal" }, { path: "/public/hook?shop=7" })),
    );
  });

  test("does not name the host", async () => {
    const { receive } = createTestReceiver();
    const { headers } = await createNotification({ time: TIME });
    const elsewhere = new Request(`http://10.0.0.1:8080${PATH}`, { method: "POST", headers, body: VAULTED_BODY });
    await expectAcknowledged(await receive(elsewhere));
  });
});
