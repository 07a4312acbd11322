/** Tests delivery over real sockets, including to a listener that fails, hangs, or resets connections. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type GatewayKeys, generateCredentials, importSigningKey } from "../../gateway/index.ts";
import { openTestOutbox } from "../../testing/sandbox/outbox.ts";
import { type Listener, type Reply, startListener } from "../../testing/sandbox/sandbox.ts";
import { createNotificationDelivery, type DeliverNotification } from "./deliver-notification.ts";
import { createPoster } from "./http-post.ts";

const CLIENT_ID = "CLIENT";
const ACKNOWLEDGEMENT = { result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" } };

let keys: GatewayKeys;
let listener: Listener;
let reply: () => Reply | Promise<Reply> = () => "acknowledge";
beforeAll(async () => {
  keys = await generateCredentials();
  listener = await startListener({ clientId: CLIENT_ID, antomPublicKey: keys.antomPublicKey }, () => reply());
});
afterAll(() => listener[Symbol.asyncDispose]());

async function createDelivery(timeoutMs: number): Promise<DeliverNotification> {
  const privateKey = await importSigningKey(keys.gatewayPrivateKey, "gateway");
  const post = createPoster({ scope: "loopback", ownPort: () => 0, timeoutMs });
  return createNotificationDelivery(post, { privateKey, keyVersion: "1" });
}

async function attempt(url = listener.url, timeoutMs = 2000) {
  await using outbox = await openTestOutbox();
  await outbox.enqueue([url]);
  const deliver = await createDelivery(timeoutMs);
  return deliver(await outbox.getRow("0"), "valid", new AbortController().signal);
}

describe("the merchant's response", () => {
  const json = (body: unknown, status = 200): Reply => ({ status, body: JSON.stringify(body) });
  const withResult = (more: object) => json({ result: { ...ACKNOWLEDGEMENT.result, ...more } });
  test.each<readonly [string, Reply, string]>([
    ["the response of antom-vault's receiver", "acknowledge", "ACKNOWLEDGED"],
    ["the documented body", json(ACKNOWLEDGEMENT), "ACKNOWLEDGED"],
    ["the documented body with spaces", { body: JSON.stringify(ACKNOWLEDGEMENT, null, 2) }, "ACKNOWLEDGED"],
    ["an empty object", json({}), "NOT_ACKNOWLEDGED"],
    ["an empty body", { body: "" }, "NOT_ACKNOWLEDGED"],
    ["null", { body: "null" }, "NOT_ACKNOWLEDGED"],
    ["an array", { body: "[]" }, "NOT_ACKNOWLEDGED"],
    ["HTML", { contentType: "text/html", body: "<p>ok</p>" }, "NOT_ACKNOWLEDGED"],
    [
      "the documented body as text/plain",
      { contentType: "text/plain", body: JSON.stringify(ACKNOWLEDGEMENT) },
      "NOT_ACKNOWLEDGED",
    ],
    ["a truncated body", { body: JSON.stringify(ACKNOWLEDGEMENT).slice(0, 40) }, "NOT_ACKNOWLEDGED"],
    ["result status F", withResult({ resultStatus: "F" }), "NOT_ACKNOWLEDGED"],
    ["a different result code", withResult({ resultCode: "OK" }), "NOT_ACKNOWLEDGED"],
    ["no result code", json({ result: { resultStatus: "S" } }), "NOT_ACKNOWLEDGED"],
    ["HTTP 201", json(ACKNOWLEDGEMENT, 201), "UNEXPECTED_HTTP_STATUS"],
    ["HTTP 204", { status: 204 }, "UNEXPECTED_HTTP_STATUS"],
    [
      "HTTP 302",
      { status: 302, body: JSON.stringify(ACKNOWLEDGEMENT), location: "http://169.254.169.254/" },
      "UNEXPECTED_HTTP_STATUS",
    ],
    ["HTTP 500", json(ACKNOWLEDGEMENT, 500), "UNEXPECTED_HTTP_STATUS"],
    ["a connection reset", "reset", "CONNECTION_FAILED"],
  ])("(%s) yields %s", async (_, response, outcome) => {
    reply = () => response;
    const result = await attempt();
    expect(result.outcome).toBe(outcome);
    expect((result.detail ?? "").length).toBeLessThanOrEqual(256);
    if (outcome !== "ACKNOWLEDGED") expect(result.detail).toMatch(/\w/);
  });

  test("is not followed if it is a redirect", async () => {
    const before = listener.deliveries.length;
    reply = () => ({ status: 307, location: listener.url });
    expect(await attempt()).toMatchObject({ outcome: "UNEXPECTED_HTTP_STATUS", httpStatus: 307 });
    expect(listener.deliveries).toHaveLength(before + 1);
  });

  test("yields TIMEOUT if it arrives too late, and the next attempt succeeds", async () => {
    const late = Promise.withResolvers<Reply>();
    reply = () => late.promise;
    expect(await attempt(listener.url, 100)).toMatchObject({ outcome: "TIMEOUT", httpStatus: null });
    late.resolve("acknowledge");
    reply = () => "acknowledge";
    expect(await attempt()).toMatchObject({ outcome: "ACKNOWLEDGED" });
    // The receiver handles the notification only once.
    expect(listener.events).toHaveLength(1);
  });
});

describe("an attempt", () => {
  test("signs the path and query, with a signature that differs from that of an earlier attempt", async () => {
    reply = () => "acknowledge";
    await using outbox = await openTestOutbox();
    await outbox.enqueue([listener.url]);
    const deliver = await createDelivery(2000);
    const row = await outbox.getRow("0");
    const before = listener.deliveries.length;
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      await deliver(row, "valid", new AbortController().signal);
      vi.setSystemTime(Date.now() + 60_000);
      await deliver(row, "valid", new AbortController().signal);
    } finally {
      vi.useRealTimers();
    }
    const [one, two] = listener.deliveries.slice(before);
    expect(one).toMatchObject({ path: "/antom/notify?shop=1", accepted: true });
    expect(two).toMatchObject({ accepted: true, body: one?.body });
    expect(two?.time).not.toBe(one?.time);
    expect(two?.signature).not.toBe(one?.signature);
  });

  test("returns the request that it signed, and the response", async () => {
    reply = () => ({ status: 500, contentType: "text/plain", body: "no" });
    const { request, response } = await attempt();
    const [delivery] = listener.deliveries.slice(-1);
    expect(request).toEqual({ time: delivery?.time, signature: delivery?.signature });
    expect(response).toMatchObject({ headers: { "content-type": "text/plain" }, body: "no", truncated: false });
    const blocked = await attempt("http://127.0.0.1:22/");
    expect([blocked.request, blocked.response]).toEqual([undefined, undefined]);
  });

  test("returns the status and the start of a response that is too large", async () => {
    reply = () => ({ status: 500, contentType: "text/html", body: `<h1>Error</h1>${"x".repeat(200_000)}` });
    const result = await attempt();
    expect(result).toMatchObject({ outcome: "RESPONSE_TOO_LARGE", httpStatus: 500, response: { truncated: true } });
    expect(result.response?.body).toMatch(/^<h1>Error<\/h1>x{100}/);
  });

  test("uses HTTPS for a URL without a scheme, and reports an invalid URL without throwing", async () => {
    const port = new URL(listener.url).port;
    expect(await attempt(`127.0.0.1:${port}/notify`)).toMatchObject({ outcome: "TLS_FAILED" });
    expect(await attempt("http://[")).toMatchObject({ outcome: "ADDRESS_BLOCKED", httpStatus: null });
  });
});

test("the dispatcher delivers 1,000 notifications to a listener that rejects 30% of the requests, ignores 10%, and resets the connection for 10%", async () => {
  // A seeded generator makes the test deterministic.
  let seed = 20_261_123;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  await using faulty = await startListener({ clientId: CLIENT_ID, antomPublicKey: keys.antomPublicKey }, () => {
    const luck = random();
    if (luck < 0.3) return { status: 500 };
    if (luck < 0.4) return "hang";
    return luck < 0.5 ? "reset" : "acknowledge";
  });
  await using outbox = await openTestOutbox();
  outbox.startDispatcher({ deliver: await createDelivery(100), perHost: 16 });
  await outbox.enqueue(Array.from({ length: 1000 }, () => faulty.url));
  const expectNothingDue = async () => {
    const due = (await outbox.listRows()).filter(({ state, dueAt }) => state === "PENDING" && dueAt <= outbox.now());
    expect(due).toHaveLength(0);
  };
  for (let round = 0; round < 40 && (await outbox.store.outbox.countPending()) > 0; round++) {
    await vi.waitFor(expectNothingDue, { timeout: 120_000, interval: 250 });
    // Half of the attempts fail, so about 4 of 1,000 notifications fail 8 times. These are resent.
    for (const { seq, state } of await outbox.listRows()) {
      if (state === "EXHAUSTED") await outbox.store.outbox.resend(seq, outbox.now());
    }
    outbox.advance(15 * 3_600_000);
  }
  const acknowledged = (await outbox.listRows()).filter(({ state }) => state === "ACKNOWLEDGED");
  expect(new Set(acknowledged.map(({ vaultingRequestId }) => vaultingRequestId)).size).toBe(1000);
  expect(new Set(faulty.events.map(({ vaultingRequestId }) => vaultingRequestId)).size).toBe(1000);
  expect(faulty.rejections).toEqual([]);
  expect(outbox.errors).toEqual([]);
}, 240_000);
