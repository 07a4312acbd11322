/** Attempts over real sockets: what acknowledges, and that a merchant who fails, hangs and resets gets every result all the same. */
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

async function notifyWithin(timeoutMs: number): Promise<DeliverNotification> {
  const privateKey = await importSigningKey(keys.gatewayPrivateKey, "gateway");
  const post = createPoster({ scope: "loopback", ownPort: () => 0, timeoutMs });
  return createNotificationDelivery(post, { privateKey, keyVersion: "1" });
}

/** What comes of one attempt. */
async function attempt(url = listener.url, timeoutMs = 2000) {
  await using office = await openTestOutbox();
  await office.enqueue([url]);
  const notify = await notifyWithin(timeoutMs);
  return notify(await office.getRow("0"), "right", new AbortController().signal);
}

describe("only HTTP 200 with the documented body acknowledges", () => {
  const json = (body: unknown, status = 200): Reply => ({ status, body: JSON.stringify(body) });
  const result = (more: object) => json({ result: { ...ACKNOWLEDGEMENT.result, ...more } });
  test.each<readonly [string, Reply, string]>([
    ["our own receiver's answer", "acknowledge", "ACKNOWLEDGED"],
    ["the documented body", json(ACKNOWLEDGEMENT), "ACKNOWLEDGED"],
    ["the body with blanks", { body: JSON.stringify(ACKNOWLEDGEMENT, null, 2) }, "ACKNOWLEDGED"],
    ["{}", json({}), "NOT_ACKNOWLEDGED"],
    ["nothing", { body: "" }, "NOT_ACKNOWLEDGED"],
    ["null", { body: "null" }, "NOT_ACKNOWLEDGED"],
    ["an array", { body: "[]" }, "NOT_ACKNOWLEDGED"],
    ["HTML", { contentType: "text/html", body: "<p>ok</p>" }, "NOT_ACKNOWLEDGED"],
    [
      "the right body as text",
      { contentType: "text/plain", body: JSON.stringify(ACKNOWLEDGEMENT) },
      "NOT_ACKNOWLEDGED",
    ],
    ["half a body", { body: JSON.stringify(ACKNOWLEDGEMENT).slice(0, 40) }, "NOT_ACKNOWLEDGED"],
    ["F in the place of S", result({ resultStatus: "F" }), "NOT_ACKNOWLEDGED"],
    ["another code", result({ resultCode: "OK" }), "NOT_ACKNOWLEDGED"],
    ["no code", json({ result: { resultStatus: "S" } }), "NOT_ACKNOWLEDGED"],
    ["201", json(ACKNOWLEDGEMENT, 201), "UNEXPECTED_HTTP_STATUS"],
    ["204", { status: 204 }, "UNEXPECTED_HTTP_STATUS"],
    [
      "302",
      { status: 302, body: JSON.stringify(ACKNOWLEDGEMENT), location: "http://169.254.169.254/" },
      "UNEXPECTED_HTTP_STATUS",
    ],
    ["500", json(ACKNOWLEDGEMENT, 500), "UNEXPECTED_HTTP_STATUS"],
    ["a reset", "reset", "CONNECTION_FAILED"],
  ])("%s: %s", async (_, answer, outcome) => {
    reply = () => answer;
    const delivered = await attempt();
    expect(delivered.outcome).toBe(outcome);
    expect((delivered.detail ?? "").length).toBeLessThanOrEqual(256);
    if (outcome !== "ACKNOWLEDGED") expect(delivered.detail).toMatch(/\w/);
  });

  test("a redirect back to the listener is not followed", async () => {
    const before = listener.deliveries.length;
    reply = () => ({ status: 307, location: listener.url });
    expect(await attempt()).toMatchObject({ outcome: "UNEXPECTED_HTTP_STATUS", httpStatus: 307 });
    expect(listener.deliveries).toHaveLength(before + 1);
  });

  test("what is acknowledged after the time is over is a failed attempt, and the receiver takes the next one once", async () => {
    const late = Promise.withResolvers<Reply>();
    reply = () => late.promise;
    expect(await attempt(listener.url, 100)).toMatchObject({ outcome: "TIMEOUT", httpStatus: null });
    late.resolve("acknowledge");
    reply = () => "acknowledge";
    expect(await attempt()).toMatchObject({ outcome: "ACKNOWLEDGED" });
    // The same result of the same vaulting: the handler ran with the first.
    expect(listener.events).toHaveLength(1);
  });
});

describe("what is sent", () => {
  test("the path with its query is signed, and each attempt is signed anew", async () => {
    reply = () => "acknowledge";
    await using office = await openTestOutbox();
    await office.enqueue([listener.url]);
    const notify = await notifyWithin(2000);
    const row = await office.getRow("0");
    const before = listener.deliveries.length;
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      await notify(row, "right", new AbortController().signal);
      vi.setSystemTime(Date.now() + 60_000);
      await notify(row, "right", new AbortController().signal);
    } finally {
      vi.useRealTimers();
    }
    const [one, two] = listener.deliveries.slice(before);
    expect(one).toMatchObject({ path: "/antom/notify?shop=1", taken: true });
    expect(two).toMatchObject({ taken: true, body: one?.body });
    expect(two?.time).not.toBe(one?.time);
    expect(two?.signature).not.toBe(one?.signature);
  });

  test("an address without a scheme is tried as https, and what cannot be read is refused, not thrown", async () => {
    const port = new URL(listener.url).port;
    expect(await attempt(`127.0.0.1:${port}/notify`)).toMatchObject({ outcome: "TLS_FAILED" });
    expect(await attempt("http://[")).toMatchObject({ outcome: "ADDRESS_BLOCKED", httpStatus: null });
  });
});

test("a listener that fails 30 % of the time, hangs 10 % and resets 10 %: 1,000 of 1,000 results are acknowledged", async () => {
  const taken = new Set<string>();
  // A generator with a seed: the same course each time.
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
  await using office = await openTestOutbox();
  office.startDispatcher({ notify: await notifyWithin(100), perHost: 16 });
  await office.enqueue(Array.from({ length: 1000 }, () => faulty.url));
  const settled = async () => {
    // Whatever is due has been tried: the rest waits for the clock.
    const waiting = (await office.listRows()).filter(
      ({ state, dueAt }) => state === "PENDING" && dueAt <= office.now(),
    );
    expect(waiting).toHaveLength(0);
  };
  for (let round = 0; round < 40 && (await office.store.outbox.countPending()) > 0; round++) {
    await vi.waitFor(settled, { timeout: 30_000, interval: 250 });
    // Half of all attempts fail, so some four of a thousand use up their eight: those are sent again by hand, as a merchant would.
    for (const { seq, state } of await office.listRows()) {
      if (state === "EXHAUSTED") await office.store.outbox.resend(seq, office.now());
    }
    office.advance(15 * 3_600_000);
  }
  for (const { vaultingRequestId, state } of await office.listRows())
    if (state === "ACKNOWLEDGED") taken.add(vaultingRequestId);
  expect(taken.size).toBe(1000);
  expect(new Set(faulty.events.map(({ vaultingRequestId }) => vaultingRequestId)).size).toBe(1000);
  expect(faulty.rejections).toEqual([]);
  expect(office.errors).toEqual([]);
});
