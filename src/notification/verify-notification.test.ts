import { describe, expect, test } from "vitest";
import { OTHER_SPKI, SPKI } from "../testing/messages/signature-vectors.ts";
import {
  CLIENT_ID,
  createSignedHeaders,
  EXAMPLES,
  NOW,
  PATH,
  TIME,
  VAULTED_BODY,
} from "../testing/servers/notification-receiver.ts";
import { type NotificationToVerify, verifyNotification } from "./index.ts";

const HEADERS = await createSignedHeaders({ path: PATH, clientId: CLIENT_ID, time: TIME, body: VAULTED_BODY });
const SIGNATURE = HEADERS["signature"] ?? "";

const verify = (changes: Partial<NotificationToVerify> | object = {}) =>
  verifyNotification({
    body: VAULTED_BODY,
    headers: HEADERS,
    path: PATH,
    clientId: CLIENT_ID,
    antomPublicKey: SPKI,
    now: () => NOW,
    ...changes,
  });

const EVENT = { outcome: "vaulted", vaultingRequestId: "123456789206", cardToken: expect.stringMatching(/^ALIPAY/) };

describe("verifyNotification returns the event of a body that is", () => {
  test.each([
    ["text", VAULTED_BODY],
    ["bytes", new TextEncoder().encode(VAULTED_BODY)],
    ["a Buffer within a larger buffer", Buffer.from(`before${VAULTED_BODY}after`).subarray(6, -5)],
  ])("%s", async (_, body) => {
    expect(await verify({ body })).toMatchObject(EVENT);
  });

  test("text with characters outside ASCII", async () => {
    const body = VAULTED_BODY.replace("c-17", "王小明 🌍");
    const headers = await createSignedHeaders({ path: PATH, clientId: CLIENT_ID, time: TIME, body });
    expect(await verify({ body, headers })).toMatchObject({ metadata: '{"customer":"王小明 🌍"}' });
  });
});

describe("the headers that verifyNotification receives", () => {
  const entries = Object.entries(HEADERS);
  test.each<[string, NotificationToVerify["headers"]]>([
    ["Headers", new Headers(HEADERS)],
    ["an object with lowercase names", HEADERS],
    ["an object with uppercase names", Object.fromEntries(entries.map(([name, value]) => [name.toUpperCase(), value]))],
    ["an object of arrays", Object.fromEntries(entries.map(([name, value]) => [name, [value]]))],
    ["an object with undefined values and pseudo-headers", { ...HEADERS, ":path": "/other", cookie: undefined }],
    ["rawHeaders", ["Host", "merchant.example", ...entries.flat()]],
  ])("can be %s", async (_, headers) => {
    expect(await verify({ headers })).toMatchObject(EVENT);
  });

  test.each<[string, NotificationToVerify["headers"]]>([
    ["an array with two values", { ...HEADERS, signature: [SIGNATURE, SIGNATURE] }],
    ["two names that differ in case", { ...HEADERS, Signature: SIGNATURE }],
    ["rawHeaders with the header twice", [...entries.flat(), "SIGNATURE", SIGNATURE]],
  ])("are rejected if they contain the signature twice: %s", async (_, headers) => {
    await expect(verify({ headers })).rejects.toMatchObject({
      httpStatus: 401,
      message: expect.stringMatching(/sent twice/),
    });
  });
});

describe("verifyNotification rejects", () => {
  test.each<[string, object, object]>([
    ["a changed body", { body: `${VAULTED_BODY} ` }, { code: "NOTIFICATION_REJECTED", httpStatus: 401 }],
    ["a different path", { path: "/other" }, { code: "NOTIFICATION_REJECTED", httpStatus: 401 }],
    ["a different client", { clientId: "OTHER" }, { httpStatus: 401, message: expect.stringMatching(/Client-Id/) }],
    [
      "a different key",
      { antomPublicKey: OTHER_SPKI },
      { httpStatus: 401, message: expect.stringMatching(/does not match/) },
    ],
    [
      "an old notification",
      { now: () => NOW + 1e12 },
      { httpStatus: 401, message: expect.stringMatching(/timeToleranceMs/) },
    ],
    ["missing headers", { headers: {} }, { httpStatus: 401, message: expect.stringMatching(/Request-Time header/) }],
    ["a body over 64 KiB", { body: "x".repeat(65_537) }, { httpStatus: 413 }],
    ["an invalid key", { antomPublicKey: "hello" }, { code: "KEY_INVALID" }],
    [
      "a base64 body that was not decoded",
      { body: btoa(VAULTED_BODY) },
      { httpStatus: 401, message: expect.stringMatching(/looks like base64: decode it first/) },
    ],
  ])("%s", async (_, changes, error) => {
    await expect(verify(changes)).rejects.toMatchObject(error);
  });

  test("signed JSON that violates the API contract", async () => {
    const body = "{}";
    const headers = await createSignedHeaders({ path: PATH, clientId: CLIENT_ID, time: TIME, body });
    await expect(verify({ body, headers })).rejects.toMatchObject({
      code: "NOTIFICATION_REJECTED",
      httpStatus: 400,
      issues: expect.any(Array),
    });
  });

  test.each([
    JSON.parse(VAULTED_BODY),
    undefined,
    null,
    5,
  ])("a body that is neither bytes nor text, and explains how to keep the raw body: %#", async (body) => {
    await expect(verify({ body })).rejects.toMatchObject({
      code: "BODY_ALREADY_PARSED",
      httpStatus: 500,
      message: expect.stringMatching(/must be the raw bytes.*express\.raw.*rawBody: true.*parseAs.*event\.body/),
    });
  });

  test.each<[object, RegExp]>([
    [{ path: undefined }, /^path must be/],
    [{ path: "antom" }, /^path must be/],
    [{ headers: undefined }, /^headers must be/],
    [{ antomPublicKey: undefined }, /^antomPublicKey is undefined: check that the environment variable is set/],
    [{ clientId: undefined }, /^clientId is undefined/],
    [{ onVaulting: () => {} }, /^verifyNotification has no option onVaulting/],
  ])("an invalid option: %o", async (changes, message) => {
    await expect(verify(changes)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringMatching(message),
    });
  });
});

test("verifyNotification accepts the complete URL as the path", async () => {
  expect(await verify({ path: `https://merchant.example${PATH}` })).toMatchObject(EVENT);
});

describe("verifyNotification in AWS Lambda", () => {
  interface LambdaEvent {
    readonly body: string | null;
    readonly isBase64Encoded: boolean;
    readonly headers: Readonly<Record<string, string | undefined>>;
  }

  /** A handler like the one in docs/notifications.md. */
  async function handler(event: LambdaEvent) {
    try {
      const { outcome } = await verify({
        body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
        headers: event.headers,
      });
      return { statusCode: 200, body: outcome };
    } catch (error) {
      return { statusCode: Object(error).httpStatus ?? 500, body: "" };
    }
  }

  const capitalized = Object.fromEntries(
    Object.entries(HEADERS).map(([name, value]) => [
      name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()),
      value,
    ]),
  );
  /** The fields of the two event formats that a handler can use. */
  const v1 = { resource: "/{proxy+}", path: PATH, httpMethod: "POST", headers: capitalized };
  const v2 = { version: "2.0", rawPath: PATH, rawQueryString: "", headers: HEADERS };
  test.each([
    ["an event of format 1.0", v1],
    ["an event of format 2.0", v2],
  ])("accepts %s with a text or base64 body", async (_, event) => {
    const base64 = Buffer.from(VAULTED_BODY).toString("base64");
    expect(await handler({ ...event, body: VAULTED_BODY, isBase64Encoded: false })).toMatchObject({ statusCode: 200 });
    expect(await handler({ ...event, body: base64, isBase64Encoded: true })).toMatchObject({ statusCode: 200 });
  });

  test("rejects a changed body, and an event without a body", async () => {
    const changed = VAULTED_BODY.replace("123456789206", "other");
    expect(await handler({ ...v2, body: changed, isBase64Encoded: false })).toMatchObject({ statusCode: 401 });
    expect(await handler({ ...v2, body: null, isBase64Encoded: false })).toMatchObject({ statusCode: 401 });
  });
});

test("verifyNotification returns the event of every documented example", async () => {
  for (const example of EXAMPLES.values()) {
    const body = JSON.stringify(example);
    const headers = await createSignedHeaders({ path: PATH, clientId: CLIENT_ID, time: TIME, body });
    expect((await verify({ body, headers })).notification).toEqual(example);
  }
});
