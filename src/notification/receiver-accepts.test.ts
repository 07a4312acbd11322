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

describe("the receiver acknowledges every documented example", () => {
  test("of which there are more than 20", () => {
    expect(EXAMPLES.size).toBeGreaterThan(20);
  });

  test.each([...EXAMPLES])("%s", async (name, example) => {
    const { receive, events, rejections } = createTestReceiver();
    await expectAcknowledged(await receive(await createNotification({ body: JSON.stringify(example) })));
    expect(rejections).toEqual([]);
    expect(events).toHaveLength(1);
    expect(events[0]?.notification).toEqual(example);
    expect(events[0]?.outcome).toBe(name.startsWith("SUCCESS") ? "vaulted" : "failed");
  });

  test("and passes its ID, metadata, and result to the handler", async () => {
    const { receive, events } = createTestReceiver();
    await receive(await createNotification());
    const failed = JSON.stringify(EXAMPLES.get("VERIFICATION_FAIL")).replace("123456789206", "r-2");
    await receive(await createNotification({ body: failed }));
    expect(events).toMatchObject([
      {
        outcome: "vaulted",
        vaultingRequestId: "123456789206",
        metadata: '{"customer":"c-17"}',
        cardToken: expect.stringMatching(/^ALIPAY/),
        paymentMethodDetail: { card: { maskedCardNo: "************8764" } },
      },
      { outcome: "failed", vaultingRequestId: "r-2", code: "VERIFICATION_FAIL", message: expect.any(String) },
    ]);
    expect(events[1]).not.toHaveProperty("metadata");
  });
});

describe("the receiver accepts additions to the API:", () => {
  test.each([
    ["unknown fields at every level", { extra: 1, result: { ...createResult("F", "VERIFICATION_FAIL"), extra: {} } }],
    ["an undocumented result code", { result: createResult("F", "ISSUER_ON_HOLIDAY") }],
    [
      "fields named like properties of Object.prototype",
      { toString: "x", constructor: "y", result: createResult("F", "POLICY") },
    ],
  ])("%s", async (_, more) => {
    const { receive, events } = createTestReceiver();
    const body = JSON.stringify({ vaultingRequestId: "r-1", ...more });
    await expectAcknowledged(await receive(await createNotification({ body })));
    expect(events).toMatchObject([{ outcome: "failed", code: more.result.resultCode, notification: JSON.parse(body) }]);
  });

  test("sensitive card fields, which the event does not contain", async () => {
    const { receive, events } = createTestReceiver();
    const hidden = '"expiryYear":"30","expiryMonth":"08","cardholderName":{"firstName":"Ana"},"billingAddress":{}';
    const body = VAULTED_BODY.replace('"VISA"', `"VISA",${hidden}`);
    await expectAcknowledged(await receive(await createNotification({ body })));
    expect(events).toMatchObject([{ paymentMethodDetail: { card: { brand: "VISA", lastFour: "8764" } } }]);
    expect(JSON.stringify(events)).not.toMatch(/expiry|cardholder|billing/);
  });

  test("new brand and funding values", async () => {
    const { receive, events } = createTestReceiver();
    const body = VAULTED_BODY.replace('"VISA"', '"NEWBRAND"').replace('"CREDIT"', '"MOONSTONE"');
    await expectAcknowledged(await receive(await createNotification({ body })));
    expect(events).toMatchObject([{ paymentMethodDetail: { card: { brand: "NEWBRAND", funding: "MOONSTONE" } } }]);
  });

  function createResult(resultStatus: string, resultCode: string) {
    return { resultStatus, resultCode, resultMessage: "x" };
  }
});

describe("the receiver verifies the raw bytes of a body", () => {
  test.each([
    ["that is indented", JSON.stringify(JSON.parse(VAULTED_BODY), null, 3)],
    ["with CRLF", VAULTED_BODY.replace(",", ",\r\n")],
    ["with escapes", VAULTED_BODY.replaceAll("r", "\\u0072")],
    ["with characters outside ASCII", VAULTED_BODY.replace("c-17", "Zoë 王小明 🌍")],
    ["of exactly 64 KiB", VAULTED_BODY.padEnd(64 * 1024)],
  ])("%s", async (_, body) => {
    const { receive, events } = createTestReceiver();
    await expectAcknowledged(await receive(await createNotification({ body })));
    expect(events[0]?.notification).toEqual(JSON.parse(body));
  });
});

describe("the receiver accepts Request-Time", () => {
  test.each([
    String(NOW),
    "2026-11-23T12:00:00Z",
    "2026-11-23T20:00:00+08:00",
    "2026-11-23T17:30:00+0530",
    "2026-11-23T12:00:00.1234567Z",
    "2026-11-23T12:00:00.123+00:00",
  ])("in the format %s", async (time) => {
    const { receive } = createTestReceiver({ timeToleranceMs: 1000 });
    await expectAcknowledged(await receive(await createNotification({ time })));
  });

  test.each([
    ["48 hours old", {}, NOW - 48 * HOUR],
    ["48 hours ahead", {}, NOW + 48 * HOUR],
    ["4 minutes old with a tolerance of 5 minutes", { timeToleranceMs: 5 * 60_000 }, NOW - 4 * 60_000],
    ["years old with the time check disabled", { timeToleranceMs: false }, 1_000_000_000_000],
  ] as const)("if it is %s", async (_, options, time) => {
    const { receive } = createTestReceiver(options);
    await expectAcknowledged(await receive(await createNotification({ time: String(time) })));
  });
});

describe("the receiver accepts", () => {
  test.each([
    ["application/json"],
    ["application/json;charset=utf-8"],
    ["APPLICATION/JSON; charset=UTF-8"],
    [undefined],
  ])("a Content-Type of %s", async (mediaType) => {
    const { receive } = createTestReceiver();
    const request = await createNotification({
      headers: { "content-type": mediaType },
      body: new TextEncoder().encode(VAULTED_BODY),
    });
    await expectAcknowledged(await receive(request));
  });

  test.each([
    ["spaces after commas, as in Antom's documentation", (value: string) => value.replaceAll(",", ", ")],
    ["lowercase hex digits, as .NET writes them", (value: string) => value.replace(/%../g, (hex) => hex.toLowerCase())],
    ["raw base64", (value: string) => decodeURIComponent(value)],
    ["no key version", (value: string) => value.replace("keyVersion=1,", "")],
  ])("a Signature header with %s", async (_, rewrite) => {
    const { receive } = createTestReceiver();
    const request = await createNotification();
    request.headers.set("signature", rewrite(request.headers.get("signature") ?? ""));
    await expectAcknowledged(await receive(request));
  });
});

describe("the receiver with two public keys", () => {
  const keys = { 1: SPKI, 2: OTHER_SPKI };
  const createSigned = async (key: string | undefined, version: string) => {
    const request = await createNotification(key === undefined ? {} : { key });
    const value = request.headers.get("signature") ?? "";
    request.headers.set("signature", value.replace("keyVersion=1,", version));
    return request;
  };

  test.each([
    ["the old key with its version", undefined, "keyVersion=1,"],
    ["the new key with its version", OTHER_PKCS8, "keyVersion=2,"],
    ["the new key without a version", OTHER_PKCS8, ""],
  ])("accepts %s", async (_, key, version) => {
    const { receive } = createTestReceiver({ antomPublicKey: keys });
    await expectAcknowledged(await receive(await createSigned(key, version)));
  });

  test.each([
    ["the old key with the new version", undefined, "keyVersion=2,"],
    ["the old key without a version", undefined, ""],
    ["an unknown version", undefined, "keyVersion=999999999,"],
    ["the version __proto__", undefined, "keyVersion=__proto__,"],
  ])("rejects %s", async (_, key, version) => {
    const { receive, events } = createTestReceiver({ antomPublicKey: keys });
    expect((await receive(await createSigned(key, version))).status).toBe(401);
    expect(events).toEqual([]);
  });
});

describe("the signed path", () => {
  test("is the path of the request with its query", async () => {
    const { receive } = createTestReceiver();
    await expectAcknowledged(await receive(await createNotification({ path: `${PATH}?shop=7&x=%C3%A9` })));
  });

  test("is the path option if a proxy rewrites the path", async () => {
    const { receive } = createTestReceiver({ path: "/public/hook?shop=7" });
    await expectAcknowledged(
      await receive(await createNotification({ path: "/internal" }, { path: "/public/hook?shop=7" })),
    );
  });

  test("does not include the host", async () => {
    const { receive } = createTestReceiver();
    const { headers } = await createNotification({ time: TIME });
    const elsewhere = new Request(`http://10.0.0.1:8080${PATH}`, { method: "POST", headers, body: VAULTED_BODY });
    await expectAcknowledged(await receive(elsewhere));
  });
});
